import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { Problem } from '../../../common/http/problem.js';
import { addressKey } from './client-address.js';

/** Failed sign-ins for one name from one address; an office of many people shares one address. */
export const ATTEMPTS_PER_USER_AND_ADDRESS = 10;
export const ATTEMPTS_PER_ADDRESS = 100;
export const ATTEMPTS_WINDOW_S = 900;

export class TooManySignIns extends Problem {
  constructor(readonly retryAfterS: number) {
    super(429, 'TOO_MANY_SIGN_INS', {
      en: `Too many attempts to sign in. Please wait ${retryAfterS} s.`,
      vi: `Đăng nhập quá nhiều lần. Vui lòng chờ ${retryAfterS} giây.`,
    });
  }
}

/**
 * Slows the guessing of passwords. The counts are in the database, so that all processes share them; an attempt counts
 * before its password is looked at, so that many at once cannot slip through, and one that succeeds is taken back.
 */
@Injectable()
export class SignInLimiter {
  private readonly byAddress: RateLimiterPostgres;
  private readonly byUserAndAddress: RateLimiterPostgres;

  constructor(private readonly uow: UnitOfWork) {
    const store = {
      // The store takes the pool from TypeORM's data source at each call. The table comes from our migration.
      storeClient: uow.reader.dataSource,
      storeType: 'typeorm',
      tableName: 'sign_in_attempts',
      tableCreated: true,
      clearExpiredByTimeout: false,
      duration: ATTEMPTS_WINDOW_S,
    };
    this.byAddress = new RateLimiterPostgres({
      ...store,
      keyPrefix: 'address',
      points: ATTEMPTS_PER_ADDRESS,
    });
    this.byUserAndAddress = new RateLimiterPostgres({
      ...store,
      keyPrefix: 'user',
      points: ATTEMPTS_PER_USER_AND_ADDRESS,
    });
  }

  /** Counts one attempt; throws `TooManySignIns` when there were too many. */
  async count(username: string, address: string): Promise<void> {
    try {
      await this.byAddress.consume(addressKey(address));
      await this.byUserAndAddress.consume(userKey(username, address));
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes)
        throw new TooManySignIns(Math.ceil(refusal.msBeforeNext / 1000) || 1);
      throw refusal;
    }
  }

  async succeeded(username: string, address: string): Promise<void> {
    await this.byAddress.reward(addressKey(address));
    await this.byUserAndAddress.delete(userKey(username, address));
  }

  /** Windows that have ended count nothing any more. */
  async prune(): Promise<void> {
    await this.uow.reader.query(`delete from sign_in_attempts where expire < $1`, [Date.now()]);
  }
}

/** Of one length, whatever somebody types as a name. */
function userKey(username: string, address: string): string {
  return createHash('sha256')
    .update(`${username.toLowerCase()}\n${addressKey(address)}`)
    .digest('base64url');
}
