import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Administrative units by period, with their boundaries. */
export class Areas1764000000100 implements MigrationInterface {
  name = 'Areas1764000000100';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table areas (
        id uuid primary key default gen_random_uuid(),
        code text not null check (code ~ '^[a-z0-9-]{1,32}$'),
        kind text not null check (kind in ('province', 'district', 'commune')),
        type text not null,
        name text not null,
        full_name text not null,
        parent_id uuid references areas (id),
        valid_from date not null,
        valid_to date,
        boundary geography(MultiPolygon, 4326),
        area_km2 double precision,
        population int check (population >= 0),
        population_basis text not null default 'unknown',
        households int check (households >= 0),
        households_basis text not null default 'unknown',
        source text,
        version int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint areas_natural_key unique (code, valid_from),
        constraint areas_period check (valid_to > valid_from),
        constraint areas_root check ((kind = 'province') = (parent_id is null)),
        constraint areas_one_per_code_and_day exclude using gist (code with =, daterange(valid_from, valid_to) with &&)
      )`);
    await q.query(`create index areas_parent on areas (parent_id)`);
    await q.query(`create index areas_boundary on areas using gist (boundary)`);
    // GeoJSON's edges are straight in degrees (RFC 7946): points are looked up in the plane, with an index of its own.
    await q.query(`create index areas_boundary_plane on areas using gist ((boundary::geometry))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table areas`);
  }
}
