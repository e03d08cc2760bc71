import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

interface OldRow {
  commune: [string, string];
  hamlet: null;
  parents: [string, string][];
  operator: string;
  figures: (number | null)[];
  source: string | null;
}

/** Fibre per hamlet and speed tier, and quarters that are kept for good once they are closed. */
export class FibreTiers1764000000920 implements MigrationInterface {
  name = 'FibreTiers1764000000920';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table fibre_coverage
        add column hamlet_id uuid references hamlets (id),
        add column passed_25_mbps int,
        add column passed_100_mbps int,
        add constraint fibre_coverage_tiers
          check (passed_25_mbps between 0 and passed and passed_100_mbps between 0 and coalesce(passed_25_mbps, passed)),
        drop constraint fibre_coverage_natural_key,
        add constraint fibre_coverage_natural_key
          unique nulls not distinct (area_id, hamlet_id, operator_code, quarter)`);
    await q.query(
      `create index fibre_coverage_hamlet on fibre_coverage (hamlet_id) where hamlet_id is not null`,
    );
    await q.query(`
      create table fibre_snapshots (
        id uuid primary key default gen_random_uuid(),
        quarter text not null references fibre_quarters (quarter),
        version int not null check (version > 0),
        predecessor_id uuid unique references fibre_snapshots (id),
        reason text,
        units jsonb not null,
        rows int not null check (rows >= 0),
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        made_at timestamptz not null default now(),
        made_by text not null,
        constraint fibre_snapshots_natural_key unique (quarter, version),
        constraint fibre_snapshots_line
          check ((version = 1) = (predecessor_id is null) and (version = 1) = (reason is null))
      )`);
    // Units stand here as they were called then: no later import of units changes what was reported.
    await q.query(`
      create table fibre_snapshot_rows (
        snapshot_id uuid not null references fibre_snapshots (id),
        nr int not null,
        id uuid not null,
        area_id uuid not null,
        commune_code text not null,
        commune_name text not null,
        hamlet_id uuid,
        hamlet_code text,
        hamlet_name text,
        operator_code text not null,
        households int not null,
        passed int not null check (passed between 0 and households),
        connected int not null check (connected between 0 and passed),
        passed_25_mbps int,
        passed_100_mbps int,
        source text,
        version int not null,
        updated_at timestamptz not null,
        primary key (snapshot_id, nr)
      )`);
    await q.query(`
      create function refuse_fibre_snapshot_change() returns trigger language plpgsql as $$
      begin
        raise exception 'closed quarters and their snapshots do not change' using errcode = 'integrity_constraint_violation';
      end $$`);
    for (const table of ['fibre_quarters', 'fibre_snapshots', 'fibre_snapshot_rows'])
      await q.query(`
        create trigger ${table}_kept before update or delete or truncate on ${table}
          for each statement execute function refuse_fibre_snapshot_change()`);
    // Nor is anything added to one that is whole.
    await q.query(`
      create function refuse_fibre_snapshot_growth() returns trigger language plpgsql as $$
      begin
        if exists (select 1 from fibre_snapshots s
                    where s.id in (select snapshot_id from added)
                      and s.rows < (select count(*) from fibre_snapshot_rows r where r.snapshot_id = s.id)) then
          raise exception 'closed quarters and their snapshots do not change' using errcode = 'integrity_constraint_violation';
        end if;
        return null;
      end $$`);
    await q.query(`
      create trigger fibre_snapshot_rows_whole after insert on fibre_snapshot_rows
        referencing new table as added for each statement execute function refuse_fibre_snapshot_growth()`);
    await this.snapshotClosedQuarters(q);
    // What is said of fibre: open quarters as they stand, closed ones as their last snapshot has them.
    await q.query(`
      create view fibre_figures as
      select f.id, f.area_id, a.code as commune_code, a.full_name as commune_name,
             f.hamlet_id, h.code as hamlet_code, h.name as hamlet_name, f.operator_code, f.quarter,
             f.households, f.passed, f.connected, f.passed_25_mbps, f.passed_100_mbps, f.source, f.version, f.updated_at
        from fibre_coverage f join areas a on a.id = f.area_id left join hamlets h on h.id = f.hamlet_id
       where not exists (select 1 from fibre_quarters q where q.quarter = f.quarter)
      union all
      select r.id, r.area_id, r.commune_code, r.commune_name, r.hamlet_id, r.hamlet_code, r.hamlet_name,
             r.operator_code, s.quarter, r.households, r.passed, r.connected, r.passed_25_mbps, r.passed_100_mbps,
             r.source, r.version, r.updated_at
        from fibre_snapshots s join fibre_snapshot_rows r on r.snapshot_id = s.id
       where not exists (select 1 from fibre_snapshots later where later.predecessor_id = s.id)`);
  }

  /** Quarters that were closed before there were snapshots: as version 1, by whom they were closed. */
  private async snapshotClosedQuarters(q: QueryRunner): Promise<void> {
    const quarters = (await q.query(`select quarter, closed_at, closed_by from fibre_quarters`)) as {
      quarter: string;
      closed_at: Date;
      closed_by: string;
    }[];
    for (const { quarter, closed_at: at, closed_by: by } of quarters) {
      const rows = (await q.query(
        `select jsonb_build_array(a.code, a.full_name) as commune, null as hamlet,
                (select jsonb_agg(jsonb_build_array(u.code, u.full_name) order by u.step) from (
                   select p.code, p.full_name, 1 as step from areas p where p.id = a.parent_id
                   union all select g.code, g.full_name, 2 from areas p join areas g on g.id = p.parent_id
                              where p.id = a.parent_id) as u) as parents,
                f.operator_code as operator,
                jsonb_build_array(f.households, f.passed, f.connected, null, null) as figures, f.source
           from fibre_coverage f join areas a on a.id = f.area_id
          where f.quarter = $1 order by a.code collate "C", f.operator_code collate "C"`,
        [quarter],
      )) as OldRow[];
      const lines = rows.map((row) =>
        JSON.stringify([
          quarter,
          ...row.commune,
          row.hamlet,
          row.hamlet,
          row.parents,
          row.operator,
          ...row.figures,
          row.source,
        ]),
      );
      const sha256 = createHash('sha256').update(lines.join('\n')).digest('hex');
      const lastDay = new Date(Date.UTC(Number(quarter.slice(0, 4)), Number(quarter.slice(5)) * 3, 0))
        .toISOString()
        .slice(0, 10);
      await q.query(
        `with units as (
           select a.id, a.code, a.full_name as name,
                  jsonb_build_array(jsonb_build_object('id', a.id, 'code', a.code, 'kind', a.kind, 'name', a.full_name))
                  || coalesce((select jsonb_agg(jsonb_build_object('id', u.id, 'code', u.code, 'kind', u.kind,
                                                                   'name', u.full_name) order by u.step) from (
                       select p.*, 1 as step from areas p where p.id = a.parent_id
                       union all select g.*, 2 from areas p join areas g on g.id = p.parent_id where p.id = a.parent_id
                     ) as u), '[]') as chain
             from areas a
            where a.kind = 'commune' and (a.id in (select area_id from fibre_coverage where quarter = $1)
               or a.valid_from <= $6::date and (a.valid_to is null or a.valid_to > $6::date))),
         made as (
           insert into fibre_snapshots (quarter, version, units, rows, sha256, made_at, made_by)
           select $1::text, 1, (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'code', code, 'name', name,
                                  'chain', chain, 'hamlets', '[]'::jsonb) order by code collate "C"), '[]') from units),
                  $2::int, $3::text, $4::timestamptz, $5::text returning id)
         insert into fibre_snapshot_rows
           (snapshot_id, nr, id, area_id, commune_code, commune_name, operator_code, households, passed, connected,
            source, version, updated_at)
         select made.id, row_number() over (order by a.code collate "C", f.operator_code collate "C"), f.id, f.area_id,
                a.code, a.full_name, f.operator_code, f.households, f.passed, f.connected, f.source, f.version, f.updated_at
           from made, fibre_coverage f join areas a on a.id = f.area_id where f.quarter = $1`,
        [quarter, rows.length, sha256, at, by, lastDay],
      );
    }
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop view fibre_figures`);
    await q.query(`drop trigger fibre_quarters_kept on fibre_quarters`);
    await q.query(`drop table fibre_snapshot_rows`);
    await q.query(`drop table fibre_snapshots`);
    await q.query(`drop function refuse_fibre_snapshot_change()`);
    await q.query(`drop function refuse_fibre_snapshot_growth()`);
    // Rows of hamlets have no place in what was before.
    await q.query(`alter table fibre_coverage disable trigger fibre_coverage_closed`);
    await q.query(`delete from fibre_coverage where hamlet_id is not null`);
    await q.query(`alter table fibre_coverage enable trigger fibre_coverage_closed`);
    await q.query(`
      alter table fibre_coverage
        drop constraint fibre_coverage_natural_key,
        drop constraint fibre_coverage_tiers,
        drop column hamlet_id,
        drop column passed_25_mbps,
        drop column passed_100_mbps,
        add constraint fibre_coverage_natural_key unique (area_id, operator_code, quarter)`);
  }
}
