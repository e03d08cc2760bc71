import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many operators and how many sites serve a unit, kept with each run as its figures are. */
export class CoverageAnswers1764000000960 implements MigrationInterface {
  name = 'CoverageAnswers1764000000960';

  async up(q: QueryRunner): Promise<void> {
    // Element n + 1 of each list is what exactly n serve; of sites the eleventh is ten and more. The unit is one that the
    // run's figures name, and they hold on to it.
    await q.query(`
      create table coverage_histograms (
        id bigint generated always as identity primary key,
        run_id uuid not null references coverage_runs (id) on delete cascade,
        area_id uuid not null,
        area_code text not null,
        area_kind text not null,
        counted text not null check (counted in ('operators', 'sites')),
        technology text,
        operator text,
        environment text not null,
        probability double precision not null,
        area_km2 double precision[] not null,
        population double precision[],
        households double precision[],
        constraint coverage_histograms_lengths check (
          coalesce(cardinality(population), cardinality(area_km2)) = cardinality(area_km2) and
          coalesce(cardinality(households), cardinality(area_km2)) = cardinality(area_km2)),
        constraint coverage_histograms_one unique nulls not distinct
          (run_id, environment, probability, counted, technology, operator, area_id)
      )`);
    await q.query(
      `create index coverage_histograms_list on coverage_histograms (run_id, counted, area_kind, id)`,
    );
    for (const [event, side] of [
      ['insert', 'new'],
      ['update', 'old'],
      ['delete', 'old'],
    ])
      await q.query(`
        create trigger coverage_histograms_keep_on_${event} after ${event} on coverage_histograms
          referencing ${side} table as changed
          for each statement execute function refuse_change_of_done_coverage_figures()`);
    await q.query(`
      create trigger coverage_histograms_keep_on_truncate before truncate on coverage_histograms
        for each statement execute function refuse_truncate_of_coverage()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table coverage_histograms`);
  }
}
