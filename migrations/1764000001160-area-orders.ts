import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An order to an area, until the broker has it: what is known of it at each cluster (`commands`) is written when there is something to know, not between the
 * order and its going out. Deliveries are written with their occurrence, from clusters that are locked, and neither is ever deleted: no look at them row by row.
 */
export class AreaOrders1764000001160 implements MigrationInterface {
  name = 'AreaOrders1764000001160';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table area_orders (
        id uuid primary key,
        payload jsonb not null,
        cluster_ids text[] not null,
        created_at timestamptz not null default now()
      )`);
    await q.query(`alter table deliveries drop constraint deliveries_occurrence_id_fkey`);
    await q.query(`alter table deliveries drop constraint deliveries_cluster_id_fkey`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table deliveries add foreign key (cluster_id) references clusters (id)`);
    await q.query(`alter table deliveries add foreign key (occurrence_id) references occurrences (id)`);
    await q.query(`
      insert into commands (id, cluster_id, type, payload, not_after, created_at, correlation_id)
      select o.id, cluster_id, payload ->> 'type', payload, (payload ->> 'notAfter')::timestamptz, created_at,
             payload ->> 'correlationId'
        from area_orders o cross join unnest(cluster_ids) as given(cluster_id) on conflict do nothing`);
    await q.query(`drop table area_orders`);
  }
}
