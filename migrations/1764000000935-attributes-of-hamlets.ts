import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Custom attributes of hamlets. */
export class AttributesOfHamlets1764000000935 implements MigrationInterface {
  name = 'AttributesOfHamlets1764000000935';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table hamlets add column attributes jsonb not null default '{}'`);
    await q.query(`create index hamlets_attributes on hamlets using gin (attributes jsonb_path_ops)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table hamlets drop column attributes`);
    await q.query(`delete from attribute_definitions where resource = 'hamlets'`);
  }
}
