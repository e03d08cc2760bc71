import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Coverage runs with what came of them. What a finished run says is never changed. */
export class Coverage1764000000450 implements MigrationInterface {
  name = 'Coverage1764000000450';

  async up(q: QueryRunner): Promise<void> {
    // A packed grid is costly to make and the same for every run of one set of boundaries.
    await q.query(`
      create table coverage_grids (
        key text primary key,
        resolution int not null,
        cells int not null,
        data bytea not null,
        created_at timestamptz not null default now()
      )`);
    await q.query(`
      create table coverage_runs (
        id uuid primary key default gen_random_uuid(),
        title text not null check (length(title) between 1 and 200),
        job_id uuid,
        state text not null default 'queued'
          check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
        parameters jsonb not null,
        manifest jsonb,
        warnings jsonb not null default '[]' check (jsonb_typeof(warnings) = 'array'),
        error jsonb,
        boundary_date date not null,
        resolution int not null check (resolution between 6 and 11),
        data_version text,
        grid_key text references coverage_grids (key),
        created_by text not null,
        created_at timestamptz not null default now(),
        finished_at timestamptz,
        constraint coverage_runs_done check (state <> 'done' or
          (manifest is not null and grid_key is not null and data_version is not null)),
        constraint coverage_runs_finished check ((finished_at is null) = (state in ('queued', 'running')))
      )`);
    await q.query(`create index coverage_runs_newest on coverage_runs (created_at desc, id desc)`);
    await q.query(
      `create index coverage_runs_open on coverage_runs (job_id) where state in ('queued', 'running')`,
    );
    await q.query(`create index coverage_runs_grid on coverage_runs (grid_key)`);
    await q.query(`
      create table coverage_figures (
        id bigint generated always as identity primary key,
        run_id uuid not null references coverage_runs (id) on delete cascade,
        area_id uuid not null references areas (id),
        area_code text not null,
        area_kind text not null,
        technology text,
        operator text,
        environment text not null,
        probability double precision not null,
        area_km2 double precision not null,
        area_covered_km2 double precision not null,
        population double precision,
        population_covered double precision,
        households double precision,
        households_covered double precision,
        communes int not null,
        communes_without_population int not null,
        communes_without_households int not null,
        constraint coverage_figures_one unique nulls not distinct
          (run_id, environment, probability, technology, operator, area_id)
      )`);
    await q.query(`create index coverage_figures_list on coverage_figures (run_id, area_kind, id)`);
    await q.query(`
      create table coverage_layers (
        run_id uuid not null references coverage_runs (id) on delete cascade,
        environment text not null,
        probability double precision not null,
        technology text not null,
        operator text not null,
        data bytea not null,
        primary key (run_id, environment, probability, technology, operator)
      )`);
    await q.query(`
      create table coverage_transmitters (
        run_id uuid primary key references coverage_runs (id) on delete cascade,
        transmitters int not null,
        data bytea not null
      )`);
    // What is gzipped already is not worth another try to make it smaller.
    for (const table of ['coverage_grids', 'coverage_layers', 'coverage_transmitters'])
      await q.query(`alter table ${table} alter column data set storage external`);
    await this.keepWhatIsDone(q);
  }

  /** The program's own account cannot change a finished run by mistake. Statement triggers, for runs have ten thousand rows. */
  private async keepWhatIsDone(q: QueryRunner): Promise<void> {
    await q.query(`
      create function refuse_change_of_done_coverage_run() returns trigger language plpgsql as $$
      begin
        if old.state = 'done' then
          raise exception 'a finished coverage run is never changed: % refused', tg_op
            using errcode = 'object_not_in_prerequisite_state';
        end if;
        return case tg_op when 'DELETE' then old else new end;
      end $$`);
    await q.query(`
      create trigger coverage_runs_immutable before update or delete on coverage_runs
        for each row execute function refuse_change_of_done_coverage_run()`);
    await q.query(`
      create function refuse_change_of_done_coverage_figures() returns trigger language plpgsql as $$
      begin
        if exists (select 1 from coverage_runs r
                    where r.state = 'done' and r.id in (select run_id from changed)) then
          raise exception 'a finished coverage run is never changed: % of % refused', tg_op, tg_table_name
            using errcode = 'object_not_in_prerequisite_state';
        end if;
        return null;
      end $$`);
    for (const table of ['coverage_figures', 'coverage_layers', 'coverage_transmitters']) {
      for (const [event, side] of [
        ['insert', 'new'],
        ['update', 'old'],
        ['delete', 'old'],
      ])
        await q.query(`
          create trigger ${table}_keep_on_${event} after ${event} on ${table}
            referencing ${side} table as changed
            for each statement execute function refuse_change_of_done_coverage_figures()`);
    }
    await q.query(`
      create function refuse_truncate_of_coverage() returns trigger language plpgsql as $$
      begin
        raise exception 'a finished coverage run is never changed: % of % refused', tg_op, tg_table_name
          using errcode = 'object_not_in_prerequisite_state';
      end $$`);
    for (const table of ['coverage_runs', 'coverage_figures', 'coverage_layers', 'coverage_transmitters'])
      await q.query(`
        create trigger ${table}_keep_on_truncate before truncate on ${table}
          for each statement execute function refuse_truncate_of_coverage()`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['transmitters', 'layers', 'figures', 'runs', 'grids'])
      await q.query(`drop table coverage_${table}`);
    await q.query(`drop function refuse_change_of_done_coverage_run()`);
    await q.query(`drop function refuse_change_of_done_coverage_figures()`);
    await q.query(`drop function refuse_truncate_of_coverage()`);
  }
}
