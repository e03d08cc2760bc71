import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { Problem } from '../../../common/http/problem.js';

/** What an access token says. Roles are not in it: they are read, so that a change of them does not wait for a new one. */
export interface AccessClaims {
  userId: string;
  /** The family of refresh tokens it belongs to. */
  sessionId: string;
  /** Must be the user's present one. */
  tokenVersion: number;
}

export const ACCESS_TOKEN_S = 600;
const ISSUER = 'phu-song';
const AUDIENCE = 'phu-song-api';
const ALGORITHM = 'HS256';
/** Processes on several machines agree on the time this well. */
const CLOCK_TOLERANCE_S = 5;

interface SigningKey {
  kid: string;
  secret: Uint8Array;
}

/** Short-lived signed tokens (RFC 7519). The key is made in the database once, so that every replica has the same. */
@Injectable()
export class AccessTokens {
  private key: Promise<SigningKey> | undefined;

  constructor(private readonly uow: UnitOfWork) {}

  async sign(claims: AccessClaims): Promise<string> {
    const { kid, secret } = await this.signingKey();
    const nowS = Math.floor(Date.now() / 1000);
    return new SignJWT({ sid: claims.sessionId, ver: claims.tokenVersion })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid })
      .setSubject(claims.userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + ACCESS_TOKEN_S)
      .sign(secret);
  }

  /** Refuses with 401 what is not a token of ours that holds now. */
  async verify(token: string): Promise<AccessClaims> {
    const { secret } = await this.signingKey();
    try {
      const { payload } = await jwtVerify(token, secret, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: new Date(Date.now()),
      });
      const { sub, sid, ver } = payload;
      if (typeof sub !== 'string' || typeof sid !== 'string' || typeof ver !== 'number') throw invalidToken();
      return { userId: sub, sessionId: sid, tokenVersion: ver };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw expiredToken();
      if (error instanceof errors.JOSEError) throw invalidToken();
      throw error;
    }
  }

  private signingKey(): Promise<SigningKey> {
    this.key ??= this.loadKey().catch((error: unknown) => {
      this.key = undefined;
      throw error;
    });
    return this.key;
  }

  private async loadKey(): Promise<SigningKey> {
    const select = `select kid, secret from signing_keys where purpose = 'access-token'`;
    const [known] = await this.uow.reader.query<SigningKey[]>(select);
    if (known) return known;
    await this.uow.reader.query(
      `insert into signing_keys (purpose, kid, secret) values ('access-token', $1, $2) on conflict (purpose) do nothing`,
      [randomUUID(), randomBytes(32)],
    );
    // Read again: of several processes that start together, one has made the key of all.
    const [made] = await this.uow.reader.query<SigningKey[]>(select);
    if (!made) throw new Error('the signing key of access tokens cannot be read');
    return made;
  }
}

const expiredToken = () =>
  Problem.unauthorized(
    {
      en: 'The access token has expired. Please refresh it.',
      vi: 'Mã truy cập đã hết hạn. Vui lòng làm mới.',
    },
    'TOKEN_EXPIRED',
  );
const invalidToken = () =>
  Problem.unauthorized(
    { en: 'This is not a valid access token.', vi: 'Mã truy cập không hợp lệ.' },
    'TOKEN_INVALID',
  );
