import { createHash, randomBytes } from 'node:crypto';
import { type ApiKeyRole, type Permission, permissionsOf } from '../permissions.js';

/** `psk_` marks it for whoever finds it in a file; 12 hex digits to look it up by; 32 random bytes. */
const FORM = /^psk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

export function newApiKey(): { key: string; prefix: string; keySha256: Buffer } {
  const prefix = randomBytes(6).toString('hex');
  const key = `psk_${prefix}_${randomBytes(32).toString('base64url')}`;
  return { key, prefix, keySha256: apiKeySha256(key) };
}

/** Undefined for what is not a key of ours. */
export function prefixOf(key: string): string | undefined {
  return FORM.exec(key)?.[1];
}

/** 32 random bytes cannot be guessed, so a plain hash serves as well as a slow one. */
export function apiKeySha256(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** What a key may do: of what its roles allow today, only what it was made for. */
export function apiKeyPermissions(
  roles: readonly ApiKeyRole[],
  only: readonly Permission[] | null,
): ReadonlySet<Permission> {
  const allowed = permissionsOf(roles);
  return only === null ? allowed : new Set(only.filter((permission) => allowed.has(permission)));
}
