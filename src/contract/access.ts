import { buildTopic, isClusterId, parseTopic, clusterPrefix, isAreaCode, type TopicKind } from './topics.js';

/** What a cluster says; `desired` and `command` under its own prefix are the server's to write. */
const SPOKEN_BY_CLUSTERS: ReadonlySet<TopicKind> = new Set([
  'state',
  'birth',
  'reported',
  'ack',
  'log',
  'alarm',
]);

/** Rule 12: a cluster publishes only what is its own to say, under its own `c/{id}/`. */
export function clusterMayPublish(clusterId: string, topic: string): boolean {
  const parsed = parseTopic(topic);
  if (parsed === undefined || !('clusterId' in parsed)) return false;
  return parsed.clusterId === clusterId && SPOKEN_BY_CLUSTERS.has(parsed.kind);
}

/**
 * Rule 12: a cluster subscribes to its own topics (wildcards after its own prefix included), the commands of the
 * areas it lies in, and the server's state. Shared subscriptions are refused: they would take messages from others.
 */
export function clusterMaySubscribe(
  clusterId: string,
  areaChain: readonly string[],
  filter: string,
): boolean {
  if (!isClusterId(clusterId)) return false;
  if (filter.startsWith(`${clusterPrefix(clusterId)}/`)) return true;
  if (filter === buildTopic({ kind: 'serverState' })) return true;
  return areaChain.some(
    (areaCode) => isAreaCode(areaCode) && filter === buildTopic({ kind: 'areaCommand', areaCode }),
  );
}
