import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { EventBus } from '../../../common/events/event-bus.js';
import { Problem } from '../../../common/http/problem.js';
import { ACCESS_BELIEVED_MS, ACCESS_CHANGED, ACCESS_MAX_REMEMBERED } from '../access-changed.js';
import type { Actor } from '../actor.js';
import { ExpiringCache } from '../expiring-cache.js';
import { permissionsOf, type UserRole } from '../permissions.js';
import { AccessTokens } from './access-tokens.js';

interface Present {
  actor: Actor;
  tokenVersion: number;
}

/** From an access token to the user as they are now (at most `ACCESS_BELIEVED_MS` ago). */
@Injectable()
export class SignedInUsers {
  private readonly present = new ExpiringCache<Present>(ACCESS_MAX_REMEMBERED, ACCESS_BELIEVED_MS);

  constructor(
    private readonly uow: UnitOfWork,
    private readonly accessTokens: AccessTokens,
    events: EventBus,
  ) {
    events.afterCommit(ACCESS_CHANGED, (changes) => {
      if (changes.some(({ kind }) => kind === 'user')) this.present.clear();
    });
  }

  async authenticate(accessToken: string): Promise<Actor> {
    const { userId, sessionId, tokenVersion } = await this.accessTokens.verify(accessToken);
    const present = await this.present.get(`${userId} ${sessionId}`, () => this.load(userId, sessionId));
    if (!present || present.tokenVersion !== tokenVersion)
      throw Problem.unauthorized(
        {
          en: 'The session has ended. Please sign in again.',
          vi: 'Phiên đã kết thúc. Vui lòng đăng nhập lại.',
        },
        'SESSION_ENDED',
      );
    return present.actor;
  }

  private async load(userId: string, sessionId: string): Promise<Present | undefined> {
    const [user] = await this.uow.reader.query<
      { username: string; roles: UserRole[]; jurisdictionAreaId: string | null; tokenVersion: number }[]
    >(
      `select username, roles, jurisdiction_area_id as "jurisdictionAreaId", token_version as "tokenVersion"
         from users
        where id = $1 and active
          and not exists (select 1 from refresh_tokens where family = $2 and revoked_at is not null)`,
      [userId, sessionId],
    );
    if (!user) return undefined;
    return {
      tokenVersion: user.tokenVersion,
      actor: {
        kind: 'user',
        id: userId,
        name: user.username,
        permissions: permissionsOf(user.roles),
        jurisdictionAreaId: user.jurisdictionAreaId,
      },
    };
  }
}
