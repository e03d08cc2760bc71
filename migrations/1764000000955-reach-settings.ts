import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What runs of loudspeakers' reach take by default, in versions: each change makes a new one, and says who says so. */
export class ReachSettings1764000000955 implements MigrationInterface {
  name = 'ReachSettings1764000000955';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table reach_settings (
        version int primary key check (version > 0),
        settings jsonb not null,
        source text not null check (btrim(source) <> ''),
        created_by text not null,
        created_at timestamptz not null default now()
      )`);
    // Finished runs name the version that they were reckoned with.
    await q.query(`
      create function refuse_change_of_reach_settings() returns trigger language plpgsql as $$
      begin
        raise exception 'a version of the reach settings is never changed: % refused', tg_op
          using errcode = 'object_not_in_prerequisite_state';
      end $$`);
    await q.query(`
      create trigger reach_settings_immutable before update or delete or truncate on reach_settings
        for each statement execute function refuse_change_of_reach_settings()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table reach_settings`);
    await q.query(`drop function refuse_change_of_reach_settings`);
  }
}
