import { unproject } from '../../geo/index.js';
import type { CoverageGrid } from '../coverage/index.js';
import type { ReachCells, ReachCluster, ReachResult } from './domain/index.js';

/** What a run keeps of each cell, beside what is heard there. In the order of the H3 indexes. */
export interface ReachData extends ReachCells {
  clusters: ReachCluster[];
  h3: BigUint64Array;
  /** Centres; the nearest 32-bit numbers, which is within a metre. */
  lon: Float32Array;
  lat: Float32Array;
  landCover: Uint8Array;
  population: Float32Array;
  households: Float32Array;
}

/** All of a result that is told cell by cell, with the part of the grid that it needs. */
export function reachData(grid: CoverageGrid, { cells, clusters }: ReachResult): ReachData {
  const lon = new Float32Array(grid.cellCount);
  const lat = new Float32Array(grid.cellCount);
  for (let i = 0; i < grid.cellCount; i++)
    [lon[i], lat[i]] = unproject(grid.projection, grid.x[i] as number, grid.y[i] as number);
  return {
    ...cells,
    clusters,
    h3: grid.h3,
    lon,
    lat,
    landCover: grid.landCover,
    population: Float32Array.from(grid.population),
    households: Float32Array.from(grid.households),
  };
}
