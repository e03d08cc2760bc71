import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quarters whose fibre figures are closed for good, and the targets that figures are held against. */
export class FibreQuarters1764000000850 implements MigrationInterface {
  name = 'FibreQuarters1764000000850';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table fibre_quarters (
        quarter text primary key check (quarter ~ '^[12][0-9]{3}Q[1-4]$'),
        rows int not null check (rows > 0),
        closed_at timestamptz not null default now(),
        closed_by text not null
      )`);
    // The service says so first, in words; this holds whoever writes.
    await q.query(`
      create function refuse_closed_fibre_quarter() returns trigger language plpgsql as $$
      begin
        if exists (select 1 from fibre_quarters where quarter in (old.quarter, new.quarter)) then
          raise exception 'fibre figures of a closed quarter do not change' using errcode = 'integrity_constraint_violation';
        end if;
        return coalesce(new, old);
      end $$`);
    await q.query(`
      create trigger fibre_coverage_closed before insert or update or delete on fibre_coverage
        for each row execute function refuse_closed_fibre_quarter()`);
    await q.query(`
      create table fibre_targets (
        code text primary key,
        share_pct double precision not null check (share_pct > 0 and share_pct <= 100),
        by_quarter text not null check (by_quarter ~ '^[12][0-9]{3}Q[1-4]$'),
        name_en text not null,
        name_vi text not null,
        source text not null
      )`);
    await q.query(`
      insert into fibre_targets (code, share_pct, by_quarter, name_en, name_vi, source) values
        ('plan-207', 80, '2025Q4', 'Fibre for 80 % of households by 2025', 'Cáp quang đến 80 % hộ gia đình vào năm 2025',
         'Kế hoạch 207 của tỉnh Hậu Giang: 80 % hộ gia đình đến năm 2025 (plan 207)')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table fibre_targets`);
    await q.query(`drop trigger fibre_coverage_closed on fibre_coverage`);
    await q.query(`drop function refuse_closed_fibre_quarter()`);
    await q.query(`drop table fibre_quarters`);
  }
}
