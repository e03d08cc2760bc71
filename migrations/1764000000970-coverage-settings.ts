import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What coverage runs take by default, in versions: each change makes a new one, and says who says so. */
export class CoverageSettings1764000000970 implements MigrationInterface {
  name = 'CoverageSettings1764000000970';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table coverage_settings (
        version int primary key check (version > 0),
        settings jsonb not null,
        sources jsonb not null,
        changed text[] not null check (cardinality(changed) > 0),
        source text not null check (btrim(source) <> ''),
        created_by text not null,
        created_at timestamptz not null default now()
      )`);
    // Finished runs name the version that they were reckoned with.
    await q.query(`
      create function refuse_change_of_coverage_settings() returns trigger language plpgsql as $$
      begin
        raise exception 'a version of the coverage settings is never changed: % refused', tg_op
          using errcode = 'object_not_in_prerequisite_state';
      end $$`);
    await q.query(`
      create trigger coverage_settings_immutable before update or delete or truncate on coverage_settings
        for each statement execute function refuse_change_of_coverage_settings()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table coverage_settings`);
    await q.query(`drop function refuse_change_of_coverage_settings`);
  }
}
