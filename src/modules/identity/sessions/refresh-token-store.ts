import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** What begins with a sign-in: a chain of refresh tokens, called a family, of which the last is unused. */
export interface Session {
  family: string;
  userId: string;
}

/** The tokens are 32 random bytes, so that a plain hash is as good as a slow one. */
const sha256 = (token: string) => createHash('sha256').update(token).digest();

export async function storeRefreshToken(
  manager: EntityManager,
  token: Session & { token: string; lifetimeS: number },
): Promise<Date> {
  const rows = await manager.query<{ expiresAt: Date }[]>(
    `insert into refresh_tokens (token_sha256, family, user_id, expires_at)
     values ($1, $2, $3, now() + make_interval(secs => $4)) returning expires_at as "expiresAt"`,
    [sha256(token.token), token.family, token.userId, token.lifetimeS],
  );
  return rows[0]!.expiresAt;
}

/**
 * One revoked token ends its whole family, also a token that was being handed out while the family was revoked and
 * that the revoking statement could not see.
 */
const FAMILY_HOLDS = `not exists (
  select 1 from refresh_tokens other where other.family = token.family and other.revoked_at is not null)`;

/** The session that a token belongs to, whether used or not; undefined when it has ended, or never was. */
export async function sessionOfRefreshToken(
  manager: EntityManager,
  token: string,
): Promise<Session | undefined> {
  const rows = await manager.query<Session[]>(
    `select token.family, token.user_id as "userId" from refresh_tokens token
      where token.token_sha256 = $1 and token.expires_at > now() and ${FAMILY_HOLDS}`,
    [sha256(token)],
  );
  return rows[0];
}

/** Marks a token as used. False when it was used before: of several who show it at the same time, one gets true. */
export async function useRefreshToken(manager: EntityManager, token: string): Promise<boolean> {
  const [used] = await manager.query<[unknown[], number]>(
    `update refresh_tokens token set used_at = now()
      where token.token_sha256 = $1 and token.used_at is null and ${FAMILY_HOLDS} returning token.family`,
    [sha256(token)],
  );
  return used.length > 0;
}

/** Ends a session, every token of it. */
export async function revokeFamily(manager: EntityManager, family: string): Promise<void> {
  await manager.query(
    `update refresh_tokens set revoked_at = now() where family = $1 and revoked_at is null`,
    [family],
  );
}

/** Ends all sessions of a user. */
export async function revokeTokensOfUser(manager: EntityManager, userId: string): Promise<void> {
  await manager.query(
    `update refresh_tokens set revoked_at = now() where user_id = $1 and revoked_at is null`,
    [userId],
  );
}

/** Past its expiry a token is refused as unknown anyway. */
export async function pruneRefreshTokens(manager: EntityManager): Promise<void> {
  await manager.query(`delete from refresh_tokens where expires_at < now() - interval '1 day'`);
}
