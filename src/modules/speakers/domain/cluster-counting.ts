/** What clusters can be counted by. */
export const CLUSTER_DIMENSIONS = [
  'commune',
  'district',
  'province',
  'connection',
  'service',
  'uplink',
  'uplinkOperator',
  'firmware',
  'hardware',
  'document',
  'alarm',
  'horns',
] as const;
export type ClusterDimension = (typeof CLUSTER_DIMENSIONS)[number];

/** The dimensions that are read from the unit: loudspeakers that no network reaches have those as well. */
export const CLUSTER_UNIT_DIMENSIONS: readonly ClusterDimension[] = ['commune', 'district', 'province'];
