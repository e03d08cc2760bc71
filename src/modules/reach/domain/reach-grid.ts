import { cellToChildren, cellToLatLng } from 'h3-js';
import { projectX, projectY, type LocalProjection } from '../../../geo/index.js';

/** What is needed of the grid of coverage runs; its own doc comment says what each member is. */
export interface ReachGrid {
  resolution: number;
  projection: LocalProjection;
  cellCount: number;
  h3: BigUint64Array;
  x: Float64Array;
  y: Float64Array;
  areaM2: Float64Array;
  landCover: Uint8Array;
  population: Float64Array;
  households: Float64Array;
  areaCodes: string[];
  shareStart: Uint32Array;
  shareArea: Uint16Array;
  shareFraction: Float64Array;
  sharePopulation: Float64Array;
  shareHouseholds: Float64Array;
  tileStart: Uint32Array;
  tileX: Float64Array;
  tileY: Float64Array;
  tileRadiusM: Float64Array;
}

/** Points in which a cell is reckoned: its centre, and those of the six cells of the next resolution about it. */
export const SUB_POINTS = 7;

/** The H3 index of cell i as H3 writes it. */
export function h3Of(grid: Pick<ReachGrid, 'h3'>, i: number): string {
  return (grid.h3[i] as bigint).toString(16);
}

/**
 * Where the sub-points of any cell lie from its centre, metres east and north, the centre first. H3's cells are turned and shaped alike
 * within a province (they are cut from one face of its icosahedron), so those of a cell in the middle stand for all.
 */
export function subPointOffsets(grid: ReachGrid): { east: Float64Array; north: Float64Array } {
  const east = new Float64Array(SUB_POINTS);
  const north = new Float64Array(SUB_POINTS);
  const middle = nearestTo(grid, 0, 0);
  const children = cellToChildren(h3Of(grid, middle), grid.resolution + 1);
  children.forEach((child, k) => {
    const [lat, lon] = cellToLatLng(child);
    east[k] = projectX(grid.projection, lon) - (grid.x[middle] as number);
    north[k] = projectY(grid.projection, lat) - (grid.y[middle] as number);
  });
  east[0] = 0;
  north[0] = 0;
  return { east, north };
}

function nearestTo(grid: ReachGrid, x: number, y: number): number {
  let best = 0;
  let least = Infinity;
  for (let i = 0; i < grid.cellCount; i++) {
    const d = Math.hypot((grid.x[i] as number) - x, (grid.y[i] as number) - y);
    if (d < least) [best, least] = [i, d];
  }
  return best;
}
