import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Programmes, who wrote and who approved them, and what became of each of their occurrences. */
export class Programmes1764000001010 implements MigrationInterface {
  name = 'Programmes1764000001010';

  async up(q: QueryRunner): Promise<void> {
    // area_id: the unit whose programme it is; nothing outside of it is addressed. target, schedule null: not said yet.
    // content_hash: of everything that is played, as submitted; approved_hash: the one that was approved.
    // authors: everybody who wrote any of it, as [{kind, id, name}]; none of them may approve it.
    await q.query(`
      create table programmes (
        id uuid primary key,
        title text not null check (title <> ''),
        class text not null check (class in ('NORMAL', 'PRIORITY')),
        state text not null check (state in ('DRAFT', 'SUBMITTED', 'APPROVED', 'REJECTED', 'SCHEDULED', 'ON_AIR',
          'DONE', 'CANCELLED')),
        is_template boolean not null default false,
        area_id uuid not null references areas (id),
        target jsonb,
        items jsonb not null,
        volume_percent int check (volume_percent between 0 and 100),
        on_interrupt text not null check (on_interrupt in ('RESUME', 'RESTART', 'DROP')),
        on_overrun text not null check (on_overrun in ('CUT', 'FINISH', 'SHIFT')),
        schedule jsonb,
        rendition_sha256 text references media_assets (sha256),
        duration_s double precision check (duration_s > 0),
        content_hash text,
        approved_hash text,
        version int not null default 1,
        copied_from uuid references programmes (id),
        authors jsonb not null,
        created_by text not null,
        created_at timestamptz not null,
        updated_by text not null,
        updated_at timestamptz not null,
        submitted_by text,
        submitted_at timestamptz,
        decided_by text,
        decided_at timestamptz,
        reason text,
        check (not is_template or state in ('DRAFT', 'CANCELLED')),
        check (state not in ('APPROVED', 'SCHEDULED', 'ON_AIR') or approved_hash is not null)
      )`);
    await q.query(`create index programmes_newest on programmes (created_at desc, id desc)`);
    await q.query(`create index programmes_area on programmes (area_id)`);
    await q.query(
      `create index programmes_live on programmes (id) where state in ('SUBMITTED', 'APPROVED', 'SCHEDULED', 'ON_AIR')`,
    );
    // recurrence_id: the local date and time of the occurrence as its rule gives it, not moved.
    // PLANNED: it is a broadcast. REFUSED: a rule forbids it (code, and why). WITHDRAWN: taken back before it began.
    // MISSED: its time passed without anybody making a broadcast of it.
    await q.query(`
      create table programme_occurrences (
        programme_id uuid not null references programmes (id),
        recurrence_id text not null,
        starts_at timestamptz not null,
        broadcast_id uuid references broadcasts (id),
        state text not null check (state in ('PLANNED', 'REFUSED', 'WITHDRAWN', 'MISSED')),
        content_hash text not null,
        code text,
        reason_en text,
        reason_vi text,
        changed_at timestamptz not null,
        primary key (programme_id, recurrence_id),
        check (state <> 'PLANNED' or broadcast_id is not null)
      )`);
    await q.query(`create index programme_occurrences_time on programme_occurrences (starts_at)`);
    await q.query(
      `create unique index programme_occurrences_broadcast on programme_occurrences (broadcast_id)
        where broadcast_id is not null`,
    );
    // Null for what nobody had to approve: an announcement by hand stands by when it was made.
    await q.query(`alter table broadcasts add column approved_at timestamptz, add column approved_by text`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table broadcasts drop column approved_at, drop column approved_by`);
    for (const table of ['programme_occurrences', 'programmes']) await q.query(`drop table ${table}`);
  }
}
