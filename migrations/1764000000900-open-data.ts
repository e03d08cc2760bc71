import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which collections of open data anyone may read. A collection without a row is not public. */
export class OpenData1764000000900 implements MigrationInterface {
  name = 'OpenData1764000000900';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table open_data_collections (
        id text primary key,
        public boolean not null,
        updated_at timestamptz not null default now()
      )`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table open_data_collections`);
  }
}
