/**
 * The topics of the cluster protocol v1: one type, built and parsed side by side.
 * Nothing else in the project writes or takes apart a topic string.
 */

export const TOPIC_ROOT = 'phusong/v1';

/** A cluster's code; it is the MQTT username and client id as well. */
export const CLUSTER_ID_PATTERN = '^[a-z0-9-]{3,40}$';
/** Code of an administrative unit (commune, district or province). */
export const AREA_CODE_PATTERN = '^[A-Za-z0-9-]{1,32}$';
export const ALARM_CODE_PATTERN = '^[a-z0-9-]{2,40}$';

const CLUSTER_ID = new RegExp(CLUSTER_ID_PATTERN);
const AREA_CODE = new RegExp(AREA_CODE_PATTERN);
const ALARM_CODE = new RegExp(ALARM_CODE_PATTERN);

/** Kinds of topic that live directly under `c/{id}/`, with nothing after the kind. */
const CLUSTER_LEAVES = ['state', 'birth', 'desired', 'reported', 'command', 'ack', 'log'] as const;
type ClusterLeaf = (typeof CLUSTER_LEAVES)[number];

export type Topic =
  | { kind: ClusterLeaf; clusterId: string }
  | { kind: 'alarm'; clusterId: string; code: string }
  | { kind: 'areaCommand'; areaCode: string }
  | { kind: 'serverState' };

export type TopicKind = Topic['kind'];
/** The topic variant of one kind. */
export type TopicOf<K extends TopicKind> = K extends ClusterLeaf
  ? { kind: K; clusterId: string }
  : Extract<Topic, { kind: K }>;

export function isClusterId(text: string): boolean {
  return CLUSTER_ID.test(text);
}

export function isAreaCode(text: string): boolean {
  return AREA_CODE.test(text);
}

/** The topic string. Throws a RangeError when a part does not fit its pattern: such a topic must never reach a broker. */
export function buildTopic(topic: Topic): string {
  switch (topic.kind) {
    case 'serverState':
      return `${TOPIC_ROOT}/server/state`;
    case 'areaCommand':
      return `${TOPIC_ROOT}/a/${part(AREA_CODE, topic.areaCode, 'area code')}/command`;
    case 'alarm':
      return `${clusterPrefix(topic.clusterId)}/alarm/${part(ALARM_CODE, topic.code, 'alarm code')}`;
    default:
      return `${clusterPrefix(topic.clusterId)}/${topic.kind}`;
  }
}

/** The topic that a string names, or undefined when it is not one of ours. Filters (`+`, `#`, `$share`) are not topics. */
export function parseTopic(text: string): Topic | undefined {
  if (!text.startsWith(`${TOPIC_ROOT}/`)) return undefined;
  const [scope, id, leaf, code, ...rest] = text.slice(TOPIC_ROOT.length + 1).split('/');
  if (scope === undefined || id === undefined || rest.length > 0) return undefined;
  if (scope === 'server') return id === 'state' && leaf === undefined ? { kind: 'serverState' } : undefined;
  if (leaf === undefined) return undefined;
  if (scope === 'a') {
    const fits = leaf === 'command' && code === undefined && AREA_CODE.test(id);
    return fits ? { kind: 'areaCommand', areaCode: id } : undefined;
  }
  if (scope !== 'c' || !CLUSTER_ID.test(id)) return undefined;
  if (leaf === 'alarm') {
    return code !== undefined && ALARM_CODE.test(code) ? { kind: 'alarm', clusterId: id, code } : undefined;
  }
  const kind = CLUSTER_LEAVES.find((known) => known === leaf);
  return kind !== undefined && code === undefined ? { kind, clusterId: id } : undefined;
}

/** `phusong/v1/c/{id}`: everything a cluster owns lies under it. Throws a RangeError for a code that is none. */
export function clusterPrefix(clusterId: string): string {
  return `${TOPIC_ROOT}/c/${part(CLUSTER_ID, clusterId, 'cluster id')}`;
}

/**
 * What the server subscribes to: all that clusters say, nothing that it says itself.
 * With `shareGroup` the filters are shared subscriptions, so that several workers divide the messages
 * (MQTT 5, or a 3.1.1 broker that knows `$share`).
 */
export function serverFilters(shareGroup?: string): string[] {
  if (shareGroup !== undefined && !/^[A-Za-z0-9_-]{1,64}$/.test(shareGroup)) {
    throw new RangeError(`not a share group: ${shareGroup}`);
  }
  const prefix = shareGroup === undefined ? '' : `$share/${shareGroup}/`;
  return ['state', 'birth', 'reported', 'ack', 'log', 'alarm/+'].map(
    (leaf) => `${prefix}${TOPIC_ROOT}/c/+/${leaf}`,
  );
}

/** What a cluster subscribes to: its own orders, those of the areas it lies in, and the server's state. */
export function clusterFilters(clusterId: string, areaChain: readonly string[]): string[] {
  return [
    buildTopic({ kind: 'desired', clusterId }),
    buildTopic({ kind: 'command', clusterId }),
    ...areaChain.map((areaCode) => buildTopic({ kind: 'areaCommand', areaCode })),
    buildTopic({ kind: 'serverState' }),
  ];
}

function part(pattern: RegExp, text: string, what: string): string {
  if (!pattern.test(text)) throw new RangeError(`not a ${what}: ${JSON.stringify(text)}`);
  return text;
}
