import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An emergency writes a delivery for each of thousands of clusters before it is said: what is looked up for every row there costs before anybody hears it.
 * A delivery's broadcast is its occurrence's, and its unit its cluster's at that time: neither needs a look of its own. Open ones are found by occurrence.
 */
export class LeanDeliveries1764000001150 implements MigrationInterface {
  name = 'LeanDeliveries1764000001150';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table deliveries drop constraint deliveries_broadcast_id_fkey`);
    await q.query(`alter table deliveries drop constraint deliveries_area_id_fkey`);
    await q.query(`drop index deliveries_open`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`create index deliveries_open on deliveries (broadcast_id) where not settled`);
    await q.query(`alter table deliveries add foreign key (area_id) references areas (id)`);
    await q.query(`alter table deliveries add foreign key (broadcast_id) references broadcasts (id)`);
  }
}
