import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the ground is made of and where it is water, in versions that are never changed; which form population sources came in. */
export class GridSources1764000000980 implements MigrationInterface {
  name = 'GridSources1764000000980';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table land_cover_sources (
        id uuid primary key default gen_random_uuid(),
        version int not null unique generated always as identity,
        kind text not null check (kind in ('land-cover', 'water')),
        format text not null check (format in ('geotiff', 'geojson')),
        title text not null check (btrim(title) <> ''),
        source text not null check (btrim(source) <> ''),
        active boolean not null default true,
        mapping jsonb,
        classes jsonb not null,
        data bytea not null,
        created_by text not null,
        created_at timestamptz not null default now()
      )`);
    // Gzipped already.
    await q.query(`alter table land_cover_sources alter column data set storage external`);
    await q.query(
      `alter table population_sources
         add column format text not null default 'csv' check (format in ('csv', 'geotiff'))`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table population_sources drop column format`);
    await q.query(`drop table land_cover_sources`);
  }
}
