import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who wants to be told of changes, and what is to be sent to them. */
export class Webhooks1764000000830 implements MigrationInterface {
  name = 'Webhooks1764000000830';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table webhooks (
        id uuid primary key default gen_random_uuid(),
        nr bigint generated always as identity unique,
        name text not null,
        url text not null,
        resources text[] not null check (cardinality(resources) > 0),
        secret text not null,
        active boolean not null default true,
        note text,
        failures int not null default 0,
        retry_at timestamptz,
        created_at timestamptz not null default now()
      )`);
    // What was changed is in the audit trail, which never changes: a delivery only names the entry.
    await q.query(`
      create table webhook_deliveries (
        id bigint generated always as identity primary key,
        webhook_id uuid not null references webhooks on delete cascade,
        entry_id bigint not null,
        state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
        attempts int not null default 0,
        status int,
        error text,
        created_at timestamptz not null default now(),
        attempted_at timestamptz
      )`);
    await q.query(
      `create index webhook_deliveries_waiting on webhook_deliveries (webhook_id, id) where state = 'waiting'`,
    );
    await q.query(`create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id desc)`);
    await q.query(
      `create index webhook_deliveries_done on webhook_deliveries (created_at) where state <> 'waiting'`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table webhook_deliveries`);
    await q.query(`drop table webhooks`);
  }
}
