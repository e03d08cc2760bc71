import type { EntityManager } from 'typeorm';
import type { Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import type { StoredCluster } from './cluster.store.js';
import { CLUSTERS_CHANGED } from './speakers.events.js';

/**
 * Which of these clusters are more than an entry in the register: they have a credential, have been heard, were told more
 * than their first document, were given an order, or belong to a group. Such a cluster is taken out of service, not removed.
 */
export async function clustersInUse(manager: EntityManager, ids: readonly string[]): Promise<Set<string>> {
  const rows = await manager.query<{ id: string }[]>(
    `select t.cluster_id as id from cluster_twins t
      where t.cluster_id = any($1::text[])
        and (t.last_seen_at is not null or t.online is not null or t.desired_version > 1
             or exists (select 1 from device_credentials d where d.device_id = t.cluster_id)
             or exists (select 1 from commands m where m.cluster_id = t.cluster_id)
             or exists (select 1 from area_orders o where t.cluster_id = any(o.cluster_ids))
             or exists (select 1 from cluster_group_members g where g.cluster_id = t.cluster_id))`,
    [ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Takes clusters out as if they had never been: what an import brought by mistake. None may be in use. */
export async function removeClusters(tx: Tx, clusters: readonly StoredCluster[]): Promise<void> {
  if (clusters.length === 0) return;
  const clusterIds = clusters.map(({ id }) => id);
  await tx.manager.query(`delete from clusters where id = any($1::text[])`, [clusterIds]);
  for (const before of clusters)
    tx.emit(RESOURCE_CHANGED, { resource: 'cluster', id: before.id, action: 'delete', before, after: null });
  tx.emit(CLUSTERS_CHANGED, { clusterIds, rightsOf: clusterIds });
}
