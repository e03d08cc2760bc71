import type { Horn } from './horn.js';
import type { ReachParameters } from './parameters.js';
import { STATED_RANGES } from './parameters.js';
import type { ReachWarnings } from './reach-warnings.js';

/** A cluster as the register has it; a null is unknown. */
export interface RegisteredCluster {
  id: string;
  lon: number;
  lat: number;
  hornHeightM: number | null;
  horns: readonly {
    powerW: number;
    azimuthDeg: number;
    sensitivityDb?: number | null;
    dispersionDeg?: number | null;
  }[];
}

/** A cluster with all that is reckoned with. */
export interface ReachCluster {
  id: string;
  lon: number;
  lat: number;
  hornHeightM: number;
  horns: Horn[];
  /** Which of it the register does not know. */
  assumed: string[];
}

/**
 * Clusters by id, complete, without those that cannot sound; what is left out or assumed is counted in `warnings`. The order of
 * clusters and of their horns does not matter.
 */
export function prepareClusters(
  clusters: readonly RegisteredCluster[],
  parameters: ReachParameters,
  warnings: ReachWarnings,
): ReachCluster[] {
  const prepared: ReachCluster[] = [];
  for (const cluster of clusters.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))) {
    const { id, lon, lat } = cluster;
    const assumed = new Set<string>();
    const complete = (value: number | null | undefined, field: 'sensitivityDb' | 'dispersionDeg'): number => {
      if (value !== null && value !== undefined) return value;
      assumed.add(field);
      return parameters.horn[field];
    };
    const horns = cluster.horns
      .filter(({ powerW, azimuthDeg }) => powerW > 0 && Number.isFinite(powerW + azimuthDeg))
      .map(({ powerW, azimuthDeg, sensitivityDb, dispersionDeg }) => ({
        powerW,
        azimuthDeg,
        sensitivityDb: complete(sensitivityDb, 'sensitivityDb'),
        dispersionDeg: complete(dispersionDeg, 'dispersionDeg'),
      }))
      .sort(
        (a, b) => a.azimuthDeg - b.azimuthDeg || a.powerW - b.powerW || a.sensitivityDb - b.sensitivityDb,
      );
    if (horns.length === 0) {
      warnings.add('cluster.no-horns', id);
      continue;
    }
    if (horns.length < cluster.horns.length) warnings.add('horn.no-power', id);
    if (cluster.hornHeightM === null) assumed.add('hornHeightM');
    const hornHeightM = cluster.hornHeightM ?? parameters.horn.heightM;
    if (hornHeightM > STATED_RANGES.heightM[1]) warnings.add('range.height', id);
    for (const field of [...assumed].sort()) warnings.add('horn.assumed', id, field);
    prepared.push({ id, lon, lat, hornHeightM, horns, assumed: [...assumed].sort() });
  }
  return prepared;
}
