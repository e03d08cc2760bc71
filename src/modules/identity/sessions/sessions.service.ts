import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { setActor } from '../../../common/context/request-context.js';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../../common/events/event-bus.js';
import { Problem } from '../../../common/http/problem.js';
import type { Logger } from '../../../common/logging/logger.js';
import { LOGGER } from '../../../common/tokens.js';
import { ACCESS_CHANGED } from '../access-changed.js';
import type { Actor } from '../actor.js';
import { hashPassword, passwordMatches } from '../users/password-hash.js';
import { normalizePassword, passwordFault } from '../users/password-rules.js';
import { UserEntity } from '../users/user.entity.js';
import { userView } from '../users/users.service.js';
import { ACCESS_TOKEN_S, type AccessClaims, AccessTokens } from './access-tokens.js';
import {
  revokeFamily,
  revokeTokensOfUser,
  type Session,
  sessionOfRefreshToken,
  storeRefreshToken,
  useRefreshToken,
} from './refresh-token-store.js';
import { SignInLimiter } from './sign-in-limiter.js';

export interface SessionTokens {
  accessToken: string;
  expiresInS: number;
  refreshToken: string;
  refreshExpiresAt: Date;
}

type Granted = Pick<SessionTokens, 'refreshToken' | 'refreshExpiresAt'> & { claims: AccessClaims };

const REFRESH_LIFETIME_S = 30 * 24 * 3600;

/** Signing in, staying signed in, signing out. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly accessTokens: AccessTokens,
    private readonly limiter: SignInLimiter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A wrong name, a wrong password and a deactivated user are told apart in the log only. */
  async signIn(username: string, password: string, address: string): Promise<SessionTokens> {
    await this.limiter.count(username, address);
    const user = await this.uow.reader
      .createQueryBuilder(UserEntity, 'u')
      .where('lower(u.username) = lower(:username)', { username })
      .getOne();
    const fits = await passwordMatches(password, user?.passwordHash);
    if (!user || !fits || !user.active) {
      // An unknown name is not logged: people type passwords into the wrong field.
      this.logger.warn(
        { username: user?.username ?? null, address, active: user?.active },
        'a sign-in failed',
      );
      throw wrongCredentials();
    }
    await this.limiter.succeeded(username, address);
    setActor({ kind: 'user', id: user.id, name: user.username });
    const family = randomUUID();
    const granted = await this.uow.run(async (tx) => {
      // Read again under a lock: a deactivation or new password since then must not leave this session behind.
      const present = await lockUser(tx, user.id);
      if (!present?.active || present.tokenVersion !== user.tokenVersion) throw wrongCredentials();
      tx.emit(RESOURCE_CHANGED, {
        resource: 'session',
        id: family,
        action: 'create',
        before: null,
        after: { userId: user.id, username: user.username, address },
      });
      return grant(tx, present, family);
    });
    return this.withAccessToken(granted);
  }

  /**
   * A new pair of tokens for a refresh token, which is used up by it. One shown a second time was copied: whoever has
   * the other copy is signed out too (RFC 9700, 4.14.2).
   */
  async refresh(refreshToken: string): Promise<SessionTokens> {
    // Nothing is thrown inside: that would undo the end of a session whose token was reused.
    const granted = await this.uow.run(async (tx) => {
      const session = await sessionOfRefreshToken(tx.manager, refreshToken);
      if (!session) return undefined;
      // The user before the token, as whoever deactivates a user locks them.
      const user = await lockUser(tx, session.userId);
      if (!user?.active) return undefined;
      if (await useRefreshToken(tx.manager, refreshToken)) return grant(tx, user, session.family);
      this.logger.warn({ userId: session.userId, session: session.family }, 'a refresh token was used twice');
      await endSession(tx, session, 'a refresh token was used twice');
      return undefined;
    });
    if (!granted) throw sessionEnded();
    return this.withAccessToken(granted);
  }

  /** Ends the session; of one that has ended, or was none, nothing is said. */
  async signOut(refreshToken: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const session = await sessionOfRefreshToken(tx.manager, refreshToken);
      if (session) await endSession(tx, session, 'signed out');
    });
  }

  /**
   * A person's own new password. Ends all their sessions, since somebody else may hold one of them, and begins a new one.
   * Attempts count as sign-ins do. @throws Problem 400 (`current`: WRONG; `new`), 401, 403 (not a person), 429
   */
  async changePassword(
    actor: Actor,
    passwords: { current: string; new: string },
    address: string,
  ): Promise<SessionTokens> {
    if (actor.kind !== 'user') throw notAPerson();
    await this.limiter.count(actor.name, address);
    const user = await this.uow.reader.findOneBy(UserEntity, { id: actor.id });
    if (!user || !(await passwordMatches(passwords.current, user.passwordHash))) {
      this.logger.warn({ userId: actor.id, address }, 'a change of password with a wrong one');
      throw Problem.invalidField('current', 'WRONG', {
        en: 'this is not your present password',
        vi: 'đây không phải mật khẩu hiện tại của bạn',
      });
    }
    await this.limiter.succeeded(actor.name, address);
    assertNewPassword(passwords, user.username);
    const passwordHash = await hashPassword(passwords.new);
    const family = randomUUID();
    const granted = await this.uow.run(async (tx) => {
      const present = await lockUser(tx, user.id, 'pessimistic_write');
      // Changed or deactivated meanwhile: that password, and this session, hold no more.
      if (!present?.active || present.tokenVersion !== user.tokenVersion) throw sessionEnded();
      present.passwordHash = passwordHash;
      present.tokenVersion += 1;
      present.updatedAt = new Date();
      await tx.manager.save(present);
      await revokeTokensOfUser(tx.manager, present.id);
      tx.emit(ACCESS_CHANGED, { kind: 'user', id: present.id });
      tx.emit(RESOURCE_CHANGED, {
        resource: 'user',
        id: present.id,
        action: 'update',
        before: userView(user),
        after: { ...userView(present), passwordChanged: true },
      });
      return grant(tx, present, family);
    });
    return this.withAccessToken(granted);
  }

  /** Outside the transaction: the signing key may have to be read, and one connection is all there may be. */
  private async withAccessToken({ claims, ...refresh }: Granted): Promise<SessionTokens> {
    return { accessToken: await this.accessTokens.sign(claims), expiresInS: ACCESS_TOKEN_S, ...refresh };
  }
}

async function grant(tx: Tx, user: UserEntity, family: string): Promise<Granted> {
  const refreshToken = randomBytes(32).toString('base64url');
  const refreshExpiresAt = await storeRefreshToken(tx.manager, {
    token: refreshToken,
    family,
    userId: user.id,
    lifetimeS: REFRESH_LIFETIME_S,
  });
  const claims = { userId: user.id, sessionId: family, tokenVersion: user.tokenVersion };
  return { claims, refreshToken, refreshExpiresAt };
}

async function lockUser(
  tx: Tx,
  id: string,
  mode: 'pessimistic_read' | 'pessimistic_write' = 'pessimistic_read',
): Promise<UserEntity | null> {
  return tx.manager.findOne(UserEntity, { where: { id }, lock: { mode } });
}

async function endSession(tx: Tx, session: Session, reason: string): Promise<void> {
  await revokeFamily(tx.manager, session.family);
  tx.emit(ACCESS_CHANGED, { kind: 'user', id: session.userId });
  tx.emit(RESOURCE_CHANGED, {
    resource: 'session',
    id: session.family,
    action: 'delete',
    before: { userId: session.userId },
    after: null,
    reason,
  });
}

const wrongCredentials = () =>
  Problem.unauthorized(
    { en: 'Wrong username or password.', vi: 'Sai tên đăng nhập hoặc mật khẩu.' },
    'CREDENTIALS_WRONG',
  );
const sessionEnded = () =>
  Problem.unauthorized(
    {
      en: 'The session has ended. Please sign in again.',
      vi: 'Phiên đã kết thúc. Vui lòng đăng nhập lại.',
    },
    'SESSION_ENDED',
  );
const notAPerson = () =>
  Problem.forbidden({
    en: 'Only a person who is signed in has a password to change.',
    vi: 'Chỉ người dùng đã đăng nhập mới có mật khẩu để đổi.',
  });

function assertNewPassword(passwords: { current: string; new: string }, username: string): void {
  const fault = passwordFault(passwords.new, username);
  if (fault) throw Problem.invalidField('new', fault.code, fault.message);
  if (normalizePassword(passwords.new) === normalizePassword(passwords.current))
    throw Problem.invalidField('new', 'SAME', {
      en: 'the new password must not be the present one',
      vi: 'mật khẩu mới không được trùng mật khẩu hiện tại',
    });
}
