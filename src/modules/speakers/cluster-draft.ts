import { mergeAttributes } from '../attributes/index.js';
import { inOrder, type Cluster } from './cluster.store.js';
import {
  DEFAULT_QUIET_HOURS,
  DEFAULT_VOLUME_CAP_PERCENT,
  DEFAULT_VOLUME_PERCENT,
  type ClusterImport,
} from './speakers.types.js';

/**
 * A cluster whole: what the row leaves out stays as it was, or takes the default. Its attributes are put over those that are
 * stored, unless they are `exact`.
 */
export function clusterDraft(
  row: ClusterImport,
  before: Cluster | undefined,
  { exact = false }: { exact?: boolean } = {},
): Cluster {
  const base = before ?? {
    hornHeightM: null,
    uplink: null,
    uplinkOperator: null,
    uplinkSiteCode: null,
    volumePercent: Math.min(DEFAULT_VOLUME_PERCENT, row.volumeCapPercent ?? DEFAULT_VOLUME_CAP_PERCENT),
    volumeCapPercent: DEFAULT_VOLUME_CAP_PERCENT,
    quietHours: [...DEFAULT_QUIET_HOURS],
    active: true,
  };
  const { id, name, lon, lat, areaId, horns, hornHeightM, uplink, uplinkOperator, ...rest } = {
    ...base,
    ...defined(row),
  };
  const { uplinkSiteCode, volumePercent, volumeCapPercent, quietHours, active, source } = rest;
  return inOrder({
    id,
    name,
    lon,
    lat,
    areaId,
    horns,
    hornHeightM,
    uplink,
    uplinkOperator,
    uplinkSiteCode,
    volumePercent,
    volumeCapPercent,
    quietHours,
    active,
    source,
    attributes: mergeAttributes(exact ? {} : (before?.attributes ?? {}), row.attributes),
  });
}

export function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** Places are compared to a centimetre, heights as the database keeps them (32-bit). */
export function isSameCluster(draft: Cluster, before: Cluster | undefined): boolean {
  return before !== undefined && JSON.stringify(comparable(draft)) === JSON.stringify(comparable(before));
}

function comparable({ lon, lat, hornHeightM, ...rest }: Cluster) {
  const height = hornHeightM === null ? null : Math.fround(hornHeightM);
  return [lon.toFixed(7), lat.toFixed(7), height, Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))];
}
