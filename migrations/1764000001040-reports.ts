import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Reports of plays ask for what began in a period. */
export class Reports1764000001040 implements MigrationInterface {
  name = 'Reports1764000001040';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`create index occurrences_time on occurrences (starts_at, id)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop index occurrences_time`);
  }
}
