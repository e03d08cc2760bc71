import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Emergencies in two steps, their audio, and messages that go before all others. */
export class Emergencies1764000001030 implements MigrationInterface {
  name = 'Emergencies1764000001030';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table outbox add column urgent boolean not null default false`);
    await q.query(`create index outbox_urgent on outbox (id) where done_at is null and urgent`);
    // Held ready by every cluster, whatever its plan.
    await q.query(`
      create table standing_media (
        sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
        bytes bigint not null,
        duration_s double precision not null,
        codec text not null
      )`);
    await q.query(`
      create table emergency_templates (
        hazard text not null,
        level int not null check (level between 1 and 5),
        use text not null check (use in ('ALERT', 'DRILL', 'ALL_CLEAR')),
        sha256 text not null references media_assets (sha256),
        updated_at timestamptz not null default now(),
        updated_by text not null,
        primary key (hazard, level, use)
      )`);
    await q.query(`
      create table emergencies (
        id uuid primary key,
        kind text not null check (kind in ('ALERT', 'ALL_CLEAR')),
        hazard text,
        level int check (level between 1 and 5),
        title text not null check (btrim(title) <> ''),
        drill boolean not null,
        sha256 text not null references media_assets (sha256),
        target jsonb not null,
        cluster_ids text[] not null,
        summary jsonb not null,
        repeat int not null check (repeat between 1 and 100),
        gap_s double precision not null check (gap_s between 0 and 600),
        volume_percent int check (volume_percent between 0 and 100),
        valid_s int not null check (valid_s between 60 and 3600),
        reason text not null check (btrim(reason) <> ''),
        about_id uuid references emergencies (id),
        code_hash text not null,
        wrong_codes int not null default 0,
        prepared_at timestamptz not null,
        prepared_by text not null,
        expires_at timestamptz not null,
        confirmed_at timestamptz,
        confirmed_by text,
        broadcast_id uuid unique,
        command_ids uuid[] not null default '{}',
        rung int not null default 0,
        rung_due_at timestamptz,
        check ((confirmed_at is null) = (broadcast_id is null))
      )`);
    await q.query(`create index emergencies_newest on emergencies (prepared_at desc, id desc)`);
    await q.query(
      `create index emergencies_rungs on emergencies (rung_due_at) where rung_due_at is not null`,
    );
    // The areas to which a broadcast was said as a whole; null: to each cluster.
    await q.query(`alter table broadcasts add column gap_s double precision not null default 0`);
    await q.query(`alter table broadcasts add column area_codes text[]`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table broadcasts drop column area_codes, drop column gap_s`);
    for (const table of ['emergencies', 'emergency_templates', 'standing_media'])
      await q.query(`drop table ${table}`);
    await q.query(`alter table outbox drop column urgent`);
  }
}
