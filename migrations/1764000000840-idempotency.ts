import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was answered to requests that may be sent again (`Idempotency-Key`). */
export class Idempotency1764000000840 implements MigrationInterface {
  name = 'Idempotency1764000000840';

  async up(q: QueryRunner): Promise<void> {
    // answer: null only inside of the transaction that finds it; json and not jsonb, which would not keep it as it was.
    await q.query(`
      create table idempotent_answers (
        actor text not null,
        operation text not null,
        key text not null check (length(key) between 8 and 100),
        request_sha256 bytea not null check (length(request_sha256) = 32),
        answer json,
        created_at timestamptz not null default now(),
        primary key (actor, operation, key)
      )`);
    await q.query(`create index idempotent_answers_age on idempotent_answers (created_at)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table idempotent_answers`);
  }
}
