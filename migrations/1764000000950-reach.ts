import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs of who can hear the loudspeakers, and the mobile site that a cluster is known to depend on. */
export class Reach1764000000950 implements MigrationInterface {
  name = 'Reach1764000000950';

  async up(q: QueryRunner): Promise<void> {
    // A run holds all that it says, its part of the grid included: it outlives whatever it was made from.
    await q.query(`
      create table reach_runs (
        id uuid primary key default gen_random_uuid(),
        title text not null check (length(title) between 1 and 200),
        job_id uuid,
        state text not null default 'queued'
          check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
        parameters jsonb not null,
        manifest jsonb,
        warnings jsonb not null default '[]' check (jsonb_typeof(warnings) = 'array'),
        figures jsonb,
        silent_spots jsonb,
        cells bytea,
        error jsonb,
        boundary_date date not null,
        resolution int not null check (resolution between 6 and 11),
        created_by text not null,
        created_at timestamptz not null default now(),
        finished_at timestamptz,
        constraint reach_runs_done check (state <> 'done' or
          (manifest is not null and figures is not null and silent_spots is not null and cells is not null)),
        constraint reach_runs_finished check ((finished_at is null) = (state in ('queued', 'running')))
      )`);
    await q.query(`alter table reach_runs alter column cells set storage external`);
    await q.query(`create index reach_runs_newest on reach_runs (created_at desc, id desc)`);
    await q.query(`create index reach_runs_open on reach_runs (job_id) where state in ('queued', 'running')`);
    await q.query(`
      create function refuse_change_of_done_reach_run() returns trigger language plpgsql as $$
      begin
        if tg_op = 'TRUNCATE' or old.state = 'done' then
          raise exception 'a finished reach run is never changed: % refused', tg_op
            using errcode = 'object_not_in_prerequisite_state';
        end if;
        return case tg_op when 'DELETE' then old else new end;
      end $$`);
    await q.query(`
      create trigger reach_runs_immutable before update or delete on reach_runs
        for each row execute function refuse_change_of_done_reach_run()`);
    await q.query(`
      create trigger reach_runs_keep_on_truncate before truncate on reach_runs
        for each statement execute function refuse_change_of_done_reach_run()`);
    // No reference: a site may be taken out of the register, and the cluster still depended on it.
    await q.query(`
      alter table clusters add column uplink_site_code text check (length(uplink_site_code) between 1 and 100)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table clusters drop column uplink_site_code`);
    await q.query(`drop table reach_runs`);
    await q.query(`drop function refuse_change_of_done_reach_run()`);
  }
}
