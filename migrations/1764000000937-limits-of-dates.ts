import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Custom attributes that are dates have a first and a last day, as numbers have a least and a greatest. */
export class LimitsOfDates1764000000937 implements MigrationInterface {
  name = 'LimitsOfDates1764000000937';

  async up(q: QueryRunner): Promise<void> {
    for (const limit of ['min', 'max'])
      await q.query(
        `alter table attribute_definitions alter column ${limit} type jsonb using to_jsonb(${limit})`,
      );
  }

  async down(q: QueryRunner): Promise<void> {
    for (const limit of ['min', 'max'])
      await q.query(
        `alter table attribute_definitions alter column ${limit} type double precision
           using case when jsonb_typeof(${limit}) = 'number' then ${limit}::float8 end`,
      );
  }
}
