import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Problem } from '../http/problem.js';

/** A request that its sender may send again, not knowing whether it arrived. */
export interface IdempotentRequest {
  /** Whose key it is: keys of different actors and operations have nothing to do with each other. */
  actor: string;
  operation: string;
  /** As the sender chose it; see `checkIdempotencyKey`. */
  key: string;
  /** What was asked for, as JSON. The order of members does not matter. */
  body: unknown;
}

const HELD_HOURS = 24;
const KEY = /^[\w.:~+/=-]{8,100}$/;

/** @throws Problem 400 */
export function checkIdempotencyKey(key: string): void {
  if (!KEY.test(key))
    throw Problem.invalidField('Idempotency-Key', 'KEY', {
      en: 'Idempotency-Key must have 8 to 100 letters, digits or . : ~ + / = _ - (a UUID will do), and be given once',
      vi: 'Idempotency-Key phải có từ 8 đến 100 chữ cái, chữ số hoặc . : ~ + / = _ - (ví dụ UUID), và chỉ gửi một lần',
    });
}

/**
 * Takes the key for this transaction, or gives what was answered to it within the last 24 h, parsed from JSON. Whoever
 * takes it must call `keepAnswer` before the commit. The same key in another transaction waits for the end of this one:
 * when that fails, nothing has happened, and the key is free. @throws Problem 422 for another body with the same key
 */
export async function takeKey(
  manager: EntityManager,
  request: IdempotentRequest,
): Promise<{ answer: unknown } | undefined> {
  const { actor, operation, key } = request;
  const sha256 = fingerprint(request.body);
  const taken = await manager.query<unknown[]>(
    `insert into idempotent_answers as known (actor, operation, key, request_sha256) values ($1, $2, $3, $4)
     on conflict (actor, operation, key) do update
       set request_sha256 = excluded.request_sha256, answer = null, created_at = now()
       where known.created_at < now() - make_interval(hours => $5)
     returning key`,
    [actor, operation, key, sha256, HELD_HOURS],
  );
  if (taken.length > 0) return undefined;
  const [known] = await manager.query<{ sha256: Buffer; answer: unknown }[]>(
    `select request_sha256 as sha256, answer from idempotent_answers
      where actor = $1 and operation = $2 and key = $3`,
    [actor, operation, key],
  );
  if (!known?.sha256.equals(sha256))
    throw new Problem(422, 'IDEMPOTENCY_KEY_REUSED', {
      en: 'This Idempotency-Key was used for another request. A new request needs a new key.',
      vi: 'Idempotency-Key này đã dùng cho một yêu cầu khác. Yêu cầu mới cần khóa mới.',
    });
  return { answer: known.answer };
}

/** Commits with what it is the answer to. */
export async function keepAnswer(
  manager: EntityManager,
  { actor, operation, key }: IdempotentRequest,
  answer: unknown,
): Promise<void> {
  await manager.query(
    `update idempotent_answers set answer = $4::json where actor = $1 and operation = $2 and key = $3`,
    [actor, operation, key, JSON.stringify(answer)],
  );
}

/** Answers that are not given again any more. */
export async function pruneAnswers(manager: EntityManager): Promise<void> {
  await manager.query(
    `delete from idempotent_answers where created_at < now() - make_interval(hours => $1)`,
    [HELD_HOURS],
  );
}

function fingerprint(body: unknown): Buffer {
  const text = JSON.stringify(body, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
  return createHash('sha256').update(text).digest();
}
