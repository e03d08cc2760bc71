import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What every module leans on: extensions, the outbox of messages, the table of background jobs. */
export class Foundation1764000000000 implements MigrationInterface {
  name = 'Foundation1764000000000';

  async up(q: QueryRunner): Promise<void> {
    for (const extension of ['postgis', 'pgcrypto', 'pg_trgm', 'btree_gist', 'unaccent'])
      await q.query(`create extension if not exists ${extension}`);
    await q.query(`
      create table outbox (
        id bigint generated always as identity primary key,
        topic text not null,
        payload jsonb not null,
        retain boolean not null default false,
        not_after timestamptz,
        correlation_id text,
        ref text,
        created_at timestamptz not null default now(),
        locked_until timestamptz,
        attempts int not null default 0,
        last_error text,
        done_at timestamptz,
        outcome text check (outcome in ('published', 'expired'))
      )`);
    await q.query(`create index outbox_waiting on outbox (id) where done_at is null`);
    await q.query(`create index outbox_waiting_by_topic on outbox (topic, id) where done_at is null`);
    await q.query(`create index outbox_done on outbox (done_at) where done_at is not null`);
    await q.query(`
      create table jobs (
        id uuid primary key default gen_random_uuid(),
        kind text not null,
        payload jsonb not null default '{}',
        state text not null default 'queued'
          check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
        dedupe_key text,
        run_at timestamptz not null default now(),
        locked_until timestamptz,
        lock_token uuid,
        attempts int not null default 0,
        max_attempts int not null default 3,
        progress real not null default 0,
        progress_note text,
        cancel_requested boolean not null default false,
        result jsonb,
        error text,
        correlation_id text,
        created_at timestamptz not null default now(),
        started_at timestamptz,
        finished_at timestamptz
      )`);
    await q.query(`create index jobs_due on jobs (run_at) where state in ('queued', 'running')`);
    await q.query(
      `create unique index jobs_dedupe on jobs (kind, dedupe_key) where state in ('queued', 'running')`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table jobs`);
    await q.query(`drop table outbox`);
  }
}
