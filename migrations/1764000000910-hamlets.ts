import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Hamlets (ấp, khu vực): where white spots are reported. Their commune is told by their position. */
export class Hamlets1764000000910 implements MigrationInterface {
  name = 'Hamlets1764000000910';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table hamlets (
        id uuid primary key default gen_random_uuid(),
        code text not null unique,
        name text not null,
        kind text not null check (kind in ('ap', 'khu_vuc')),
        position geography(Point, 4326) not null,
        households int check (households >= 0),
        population int check (population >= 0),
        signal text check (signal in ('served', 'weak', 'none')),
        signal_reported_on date,
        signal_source text,
        source text,
        version int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        search_text text not null generated always as (fold_text(code || ' ' || name)) stored,
        constraint hamlets_signal_report
          check (signal is not null or (signal_reported_on is null and signal_source is null))
      )`);
    await q.query(`create index hamlets_position on hamlets using gist (position)`);
    // Boxes on the map and boundaries are looked up in the plane, as those of areas are.
    await q.query(`create index hamlets_position_plane on hamlets using gist ((position::geometry))`);
    await q.query(`create index hamlets_search on hamlets using gin (search_text gin_trgm_ops)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table hamlets`);
  }
}
