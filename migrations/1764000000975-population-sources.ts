import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where people live, as somebody has found out: points with people, in versions that are never changed. */
export class PopulationSources1764000000975 implements MigrationInterface {
  name = 'PopulationSources1764000000975';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table population_sources (
        id uuid primary key default gen_random_uuid(),
        version int not null unique generated always as identity,
        title text not null check (btrim(title) <> ''),
        source text not null check (btrim(source) <> ''),
        active boolean not null default true,
        points int not null check (points > 0),
        people double precision not null check (people > 0),
        households double precision,
        data bytea not null,
        created_by text not null,
        created_at timestamptz not null default now()
      )`);
    // Gzipped already.
    await q.query(`alter table population_sources alter column data set storage external`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table population_sources`);
  }
}
