import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Loudspeaker clusters, their groups, plain loudspeakers, and what clusters are told and say. */
export class Speakers1764000000500 implements MigrationInterface {
  name = 'Speakers1764000000500';

  async up(q: QueryRunner): Promise<void> {
    await this.register(q);
    await this.conversation(q);
  }

  private async register(q: QueryRunner): Promise<void> {
    await q.query(`
      create table clusters (
        id text primary key check (id ~ '^[a-z0-9-]{3,40}$'),
        name text not null check (length(name) between 1 and 200),
        position geography(Point, 4326) not null,
        area_id uuid not null references areas (id),
        horns jsonb not null default '[]' check (jsonb_typeof(horns) = 'array'),
        horn_height_m real check (horn_height_m between 0 and 200),
        uplink text check (uplink in ('fibre', '4G')),
        uplink_operator text,
        volume_percent int not null default 70 check (volume_percent between 0 and 100),
        volume_cap_percent int not null default 100 check (volume_cap_percent between 0 and 100),
        quiet_hours jsonb not null default '[{"from": "21:00", "to": "05:00"}]'
          check (jsonb_typeof(quiet_hours) = 'array'),
        active boolean not null default true,
        source text not null default '',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await q.query(`create index clusters_position on clusters using gist (position)`);
    await q.query(`create index clusters_area on clusters (area_id)`);
    await q.query(`
      create table cluster_groups (
        id text primary key check (id ~ '^[a-z0-9-]{2,60}$'),
        name text not null check (length(name) between 1 and 200),
        source text not null default '',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await q.query(`
      create table cluster_group_members (
        group_id text not null references cluster_groups (id) on delete cascade,
        cluster_id text not null references clusters (id) on delete cascade,
        primary key (group_id, cluster_id)
      )`);
    await q.query(`create index cluster_group_members_cluster on cluster_group_members (cluster_id)`);
    await q.query(`
      create table plain_loudspeakers (
        area_id uuid not null references areas (id),
        kind text not null check (kind in ('fm', 'wired')),
        count int not null check (count >= 0),
        source text not null default '',
        updated_at timestamptz not null default now(),
        primary key (area_id, kind)
      )`);
  }

  private async conversation(q: QueryRunner): Promise<void> {
    // online null: never heard. state_at is by the cluster's clock, last_seen_at by the server's.
    await q.query(`
      create table cluster_twins (
        cluster_id text primary key references clusters (id) on delete cascade,
        online boolean,
        session uuid,
        dead_session uuid,
        state_at timestamptz,
        last_seen_at timestamptz,
        birth jsonb,
        birth_at timestamptz,
        reported jsonb,
        reported_at timestamptz,
        reported_version bigint,
        desired_version bigint not null default 0,
        desired jsonb
      ) with (fillfactor = 80)`);
    // One area command is one message with one id, and has a life at each cluster: hence the key of two.
    await q.query(`
      create table commands (
        id uuid not null,
        cluster_id text not null references clusters (id) on delete cascade,
        type text not null,
        payload jsonb not null,
        state text not null default 'PENDING' check (state in
          ('PENDING', 'SENT', 'ACCEPTED', 'STARTED', 'FINISHED', 'REJECTED', 'EXPIRED', 'FAILED')),
        created_at timestamptz not null default now(),
        not_after timestamptz not null,
        sent_at timestamptz,
        accepted_at timestamptz,
        started_at timestamptz,
        ended_at timestamptz,
        code text,
        reason text,
        result jsonb,
        correlation_id text,
        primary key (id, cluster_id)
      ) with (fillfactor = 80)`);
    await q.query(`create index commands_cluster on commands (cluster_id, created_at desc)`);
    await q.query(
      `create index commands_open on commands (cluster_id) where state in ('SENT', 'ACCEPTED', 'STARTED')`,
    );
    await q.query(`
      create table play_log (
        cluster_id text not null references clusters (id) on delete cascade,
        journal uuid not null,
        seq bigint not null check (seq > 0),
        kind text not null,
        play_id uuid not null,
        at timestamptz not null,
        record jsonb not null,
        received_at timestamptz not null default now(),
        primary key (cluster_id, journal, seq)
      )`);
    await q.query(`create index play_log_play on play_log (play_id)`);
    // Every record of the journal up to seq is stored. ack_due: the cluster has yet to be told so.
    await q.query(`
      create table play_log_watermarks (
        cluster_id text not null references clusters (id) on delete cascade,
        journal uuid not null,
        seq bigint not null default 0,
        ack_due boolean not null default false,
        updated_at timestamptz not null default now(),
        primary key (cluster_id, journal)
      ) with (fillfactor = 80)`);
    await q.query(`create index play_log_ack_due on play_log_watermarks (cluster_id) where ack_due`);
    await q.query(`
      create table alarms (
        id bigint generated always as identity primary key,
        cluster_id text not null references clusters (id) on delete cascade,
        code text not null,
        severity text not null check (severity in ('INFO', 'WARNING', 'CRITICAL')),
        detail text not null,
        raised_at timestamptz not null,
        resolved_at timestamptz,
        updated_at timestamptz not null default now()
      )`);
    await q.query(`create unique index alarms_open on alarms (cluster_id, code) where resolved_at is null`);
    await q.query(`create index alarms_cluster on alarms (cluster_id, raised_at desc)`);
    await q.query(`
      create table dead_letters (
        id bigint generated always as identity primary key,
        cluster_id text references clusters (id) on delete cascade,
        topic text not null,
        payload bytea not null,
        payload_bytes int not null,
        code text not null,
        reason text not null,
        at timestamptz not null default now()
      )`);
    await q.query(`create index dead_letters_cluster on dead_letters (cluster_id, id desc)`);
    // The letters are bounded; their number is not forgotten. '' stands for no known cluster.
    await q.query(`
      create table dead_letter_counts (
        cluster_id text not null,
        code text not null,
        count bigint not null default 0,
        last_at timestamptz not null default now(),
        primary key (cluster_id, code)
      )`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of [
      'dead_letter_counts',
      'dead_letters',
      'alarms',
      'play_log_watermarks',
      'play_log',
      'commands',
      'cluster_twins',
      'plain_loudspeakers',
      'cluster_group_members',
      'cluster_groups',
      'clusters',
    ])
      await q.query(`drop table ${table}`);
  }
}
