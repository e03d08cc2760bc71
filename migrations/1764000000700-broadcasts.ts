import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Broadcasts, when they occur, and what became of each at each cluster. */
export class Broadcasts1764000000700 implements MigrationInterface {
  name = 'Broadcasts1764000000700';

  async up(q: QueryRunner): Promise<void> {
    // start_at null: at once. settled_at: nothing more is expected of any cluster.
    await q.query(`
      create table broadcasts (
        id uuid primary key,
        title text not null check (title <> ''),
        class text not null check (class in ('NORMAL', 'PRIORITY', 'EMERGENCY')),
        rank int not null default 0 check (rank between 0 and 1000),
        sha256 text not null references media_assets (sha256),
        volume_percent int check (volume_percent between 0 and 100),
        repeat int not null check (repeat between 1 and 100),
        on_interrupt text not null check (on_interrupt in ('RESUME', 'RESTART', 'DROP')),
        start_at timestamptz,
        target jsonb not null,
        reason text,
        state text not null check (state in ('PLANNED', 'RUNNING', 'DONE', 'STOPPED')),
        created_at timestamptz not null,
        created_by text not null,
        stopped_at timestamptz,
        stopped_by text,
        settled_at timestamptz,
        correlation_id text
      )`);
    await q.query(`create index broadcasts_newest on broadcasts (created_at desc, id desc)`);
    await q.query(`create index broadcasts_open on broadcasts (id) where settled_at is null`);
    // planned_at: when its plays were first put into the clusters' plans; null for one at once and one that is far off.
    await q.query(`
      create table occurrences (
        id uuid primary key,
        broadcast_id uuid not null references broadcasts (id),
        starts_at timestamptz not null,
        over_by timestamptz not null,
        planned_at timestamptz
      )`);
    await q.query(`create index occurrences_broadcast on occurrences (broadcast_id)`);
    await q.query(`create index occurrences_to_plan on occurrences (starts_at) where planned_at is null`);
    // volume_ordered null: the cluster's own. evidence: everything heard, from which the state and the times beside it are found. sent_at, last_word_at by the
    // server's clock; accepted_at, started_at, finished_at, ended_at by the cluster's own.
    await q.query(`
      create table deliveries (
        play_id uuid primary key,
        broadcast_id uuid not null references broadcasts (id),
        occurrence_id uuid not null references occurrences (id),
        cluster_id text not null references clusters (id),
        area_id uuid not null references areas (id),
        not_after timestamptz not null,
        volume_ordered int check (volume_ordered between 0 and 100),
        state text not null check (state in ('PLANNED', 'SENT', 'ACCEPTED', 'STARTED', 'FINISHED', 'FAILED', 'REJECTED',
          'MISSED', 'INTERRUPTED', 'CANCELLED', 'EXPIRED', 'UNKNOWN')),
        settled boolean not null,
        planned_at timestamptz not null,
        sent_at timestamptz,
        accepted_at timestamptz,
        started_at timestamptz,
        finished_at timestamptz,
        ended_at timestamptz,
        code text,
        sha256_played text,
        volume_percent int,
        clock_synced boolean,
        clock_offset_ms int,
        last_word_at timestamptz,
        evidence jsonb not null,
        unique (occurrence_id, cluster_id)
      ) with (fillfactor = 70)`);
    await q.query(`create index deliveries_broadcast on deliveries (broadcast_id, cluster_id)`);
    await q.query(`create index deliveries_open on deliveries (broadcast_id) where not settled`);
    await q.query(
      `create index deliveries_open_by_occurrence on deliveries (occurrence_id) where not settled`,
    );
    await q.query(`create index deliveries_open_by_cluster on deliveries (cluster_id) where not settled`);
    // One row, locked by whoever changes plans: a plan is a whole document, so two at a time would lose one's change.
    await q.query(`create table plan_turn (turn boolean primary key default true check (turn))`);
    await q.query(`insert into plan_turn default values`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['plan_turn', 'deliveries', 'occurrences', 'broadcasts'])
      await q.query(`drop table ${table}`);
  }
}
