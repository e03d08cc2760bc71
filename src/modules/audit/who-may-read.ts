import { Problem } from '../../common/http/problem.js';
import type { Actor, Permission } from '../identity/index.js';

/** What one must be allowed to see to see its changes. Anything else is the audit trail's: accounts, keys, sessions. */
const NEEDED: Readonly<Record<string, Permission>> = {
  attribute: 'attributes:read',
  area: 'areas:read',
  hamlet: 'hamlets:read',
  site: 'sites:read',
  operator: 'sites:read',
  fibre: 'fibre:read',
  'fibre-quarter': 'fibre:read',
  'coverage-run': 'coverage:read',
  'coverage-settings': 'coverage:read',
  'population-source': 'coverage:read',
  'land-cover-source': 'coverage:read',
  'reach-run': 'coverage:read',
  'reach-settings': 'coverage:read',
  cluster: 'speakers:read',
  'cluster-group': 'speakers:read',
  'plain-loudspeakers': 'speakers:read',
  media: 'media:read',
  broadcast: 'broadcasts:read',
  programme: 'programmes:read',
};

/** 403 when the changes of such things are not the actor's to see. */
export function assertMayRead(actor: Actor, resource: string): void {
  const needed = Object.hasOwn(NEEDED, resource) ? NEEDED[resource] : undefined;
  const permission = needed ?? 'audit:read';
  if (!actor.permissions.has(permission) && !actor.permissions.has('audit:read'))
    throw Problem.forbidden({
      en: `To see changes of "${resource}" this needs the permission ${permission}.`,
      vi: `Để xem thay đổi của "${resource}" cần quyền ${permission}.`,
    });
}

/** The kinds of things whose changes the actor may see; null: all. */
export function readableResources(actor: Actor): string[] | null {
  if (actor.permissions.has('audit:read')) return null;
  return Object.entries(NEEDED)
    .filter(([, permission]) => actor.permissions.has(permission))
    .map(([resource]) => resource);
}
