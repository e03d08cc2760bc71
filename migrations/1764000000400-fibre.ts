import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fibre to households, per commune, operator and quarter. */
export class Fibre1764000000400 implements MigrationInterface {
  name = 'Fibre1764000000400';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table fibre_coverage (
        id uuid primary key default gen_random_uuid(),
        area_id uuid not null references areas (id),
        operator_code text not null references operators (code),
        quarter text not null check (quarter ~ '^[12][0-9]{3}Q[1-4]$'),
        households int not null check (households >= 0),
        passed int not null check (passed between 0 and households),
        connected int not null check (connected between 0 and passed),
        source text,
        version int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        constraint fibre_coverage_natural_key unique (area_id, operator_code, quarter)
      )`);
    await q.query(`create index fibre_coverage_quarter on fibre_coverage (quarter)`);
    await q.query(`create index fibre_coverage_operator on fibre_coverage (operator_code)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table fibre_coverage`);
  }
}
