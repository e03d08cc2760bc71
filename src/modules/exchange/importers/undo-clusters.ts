import type { Tx } from '../../../common/database/unit-of-work.js';
import {
  type ClusterImport,
  type ClusterService,
  clustersInUse,
  loadClusters,
  removeClusters,
} from '../../speakers/index.js';
import type { UndoRecord } from './importer.js';

/**
 * Clusters as they were before; new ones are taken out. Nothing is done when one was changed since, or when a new one has come
 * into use: it was given a credential, or was heard.
 */
export async function undoClusters(
  clusters: ClusterService,
  records: readonly UndoRecord[],
  tx: Tx,
): Promise<{ changedSince: string[] }> {
  const keys = records.map(({ key }) => key);
  const stored = await loadClusters(tx.manager, keys, 'for update');
  const made = records.filter(({ before }) => before === null);
  const used = await clustersInUse(
    tx.manager,
    made.map(({ key }) => key),
  );
  const changedSince = records
    .filter(({ key, versionAfter }) => stored.get(key)?.version !== versionAfter || used.has(key))
    .map(({ key }) => key);
  if (changedSince.length > 0) return { changedSince };
  await removeClusters(
    tx,
    made.flatMap(({ key }) => stored.get(key) ?? []),
  );
  const back = records.flatMap(({ before }) => (before === null ? [] : [before as ClusterImport]));
  if (back.length > 0) await clusters.importClusters(back, tx, 'restore');
  return { changedSince: [] };
}
