import type { EntityManager } from 'typeorm';
import type { CommandMessage } from '../../contract/index.js';

/** An order's way at one cluster. */
export interface CommandKey {
  id: string;
  clusterId: string;
}

/** Of orders to areas that have not gone out: who is meant. Nothing stands between them and the broker but this one row. */
export async function keepAreaOrder(
  manager: EntityManager,
  payload: CommandMessage,
  clusterIds: readonly string[],
): Promise<void> {
  await manager.query(`insert into area_orders (id, payload, cluster_ids) values ($1, $2::jsonb, $3)`, [
    payload.id,
    JSON.stringify(payload),
    clusterIds,
  ]);
}

export interface OpenedOrder {
  payload: CommandMessage;
  /** Whose command was written now; that of the others was before, by their own word. */
  clusterIds: string[];
}

/**
 * Writes the commands of each cluster of these orders, once: what was said of one before stands. They are PENDING, or SENT with the time
 * at which the broker took the order.
 */
export async function openAreaOrders(
  manager: EntityManager,
  ids: readonly string[],
  sentAt: Date | null,
): Promise<OpenedOrder[]> {
  const orders = await manager.query<{ id: string; payload: CommandMessage }[]>(
    `select id, payload from area_orders where id = any($1::uuid[]) order by id for update`,
    [ids],
  );
  if (orders.length === 0) return [];
  const opened = await manager.query<CommandKey[]>(
    `${INSERT} select ${VALUES}, case when $2::timestamptz is null then 'PENDING' else 'SENT' end, $2
       from area_orders o cross join unnest(o.cluster_ids) as given(cluster_id)
      where o.id = any($1::uuid[]) order by o.id, given.cluster_id
     on conflict (id, cluster_id) do nothing returning id, cluster_id as "clusterId"`,
    [orders.map(({ id }) => id), sentAt],
  );
  await manager.query(`delete from area_orders where id = any($1::uuid[])`, [orders.map(({ id }) => id)]);
  return orders.map(({ id, payload }) => ({
    payload,
    clusterIds: opened.flatMap((command) => (command.id === id ? command.clusterId : [])),
  }));
}

/** Writes the command of single clusters that have spoken of an order before it was opened. */
export async function openFor(manager: EntityManager, keys: readonly CommandKey[]): Promise<void> {
  await manager.query(
    `${INSERT} select ${VALUES}, 'PENDING', null
       from (select distinct id, cluster_id from unnest($1::uuid[], $2::text[]) as said(id, cluster_id)) as given
       join area_orders o on o.id = given.id and given.cluster_id = any(o.cluster_ids)
      order by o.id, given.cluster_id on conflict (id, cluster_id) do nothing`,
    [keys.map(({ id }) => id), keys.map(({ clusterId }) => clusterId)],
  );
}

const INSERT = `insert into commands (id, cluster_id, type, payload, not_after, created_at, correlation_id, state, sent_at)`;
const VALUES = `o.id, given.cluster_id, o.payload ->> 'type', o.payload, (o.payload ->> 'notAfter')::timestamptz, o.created_at,
            o.payload ->> 'correlationId'`;
