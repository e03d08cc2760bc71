import { Problem } from '../../common/http/problem.js';
import type { Actor } from './actor.js';
import type { Permission } from './permissions.js';

type Granter = Pick<Actor, 'permissions' | 'jurisdictionAreaId'>;

/**
 * Nobody hands out, changes or takes away more than they hold themselves: otherwise an API key made to manage users
 * could make itself an administrator. Areas come after identity in the order of modules, so a granter with a
 * jurisdiction can hand out only exactly their own, not a part of it.
 */
export function mayGrant(
  granter: Granter,
  permissions: Iterable<Permission>,
  jurisdictionAreaId: string | null,
): boolean {
  if (granter.jurisdictionAreaId !== null && granter.jurisdictionAreaId !== jurisdictionAreaId) return false;
  for (const permission of permissions) if (!granter.permissions.has(permission)) return false;
  return true;
}

export function assertMayGrant(
  granter: Granter,
  permissions: Iterable<Permission>,
  jurisdictionAreaId: string | null,
): void {
  if (mayGrant(granter, permissions, jurisdictionAreaId)) return;
  throw Problem.forbidden(
    {
      en: 'This goes beyond your own permissions or your own jurisdiction.',
      vi: 'Thao tác này vượt quá quyền hoặc địa bàn của chính bạn.',
    },
    'BEYOND_OWN_RIGHTS',
  );
}
