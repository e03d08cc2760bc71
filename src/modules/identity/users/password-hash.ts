import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { normalizePassword } from './password-rules.js';

/** argon2id with 19 MiB and 2 passes (OWASP Password Storage Cheat Sheet); the salt and the costs are in the hash. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(normalizePassword(password), COST);
}

/**
 * Whether the password fits. Without a hash (nobody has that name) it takes as long and is false, so that the time of
 * an answer does not tell which names exist.
 */
export async function passwordMatches(password: string, passwordHash: string | undefined): Promise<boolean> {
  nobodys ??= hashPassword(randomBytes(32).toString('base64url'));
  const fits = await verify(passwordHash ?? (await nobodys), normalizePassword(password));
  return fits && passwordHash !== undefined;
}
let nobodys: Promise<string> | undefined;
