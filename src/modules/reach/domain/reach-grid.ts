import { cellToChildren, cellToLatLng, gridDisk } from 'h3-js';
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

/** Centres of cells about the middle of the grid, metres east and north of the one in the middle. */
function about(
  grid: ReachGrid,
  cellsOf: (middle: string) => string[],
): { east: Float64Array; north: Float64Array } {
  const middle = nearestTo(grid, 0, 0);
  const places = cellsOf(h3Of(grid, middle)).map((id) => {
    const [lat, lon] = cellToLatLng(id);
    return [
      projectX(grid.projection, lon) - (grid.x[middle] as number),
      projectY(grid.projection, lat) - (grid.y[middle] as number),
    ] as const;
  });
  places.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));
  return {
    east: Float64Array.from(places, ([east]) => east),
    north: Float64Array.from(places, ([, north]) => north),
  };
}

/**
 * Where the sub-points of any cell lie from its centre, metres, the centre first. H3's cells are turned and shaped alike within a
 * province (they are cut from one face of its icosahedron), so those of a cell in the middle stand for all.
 */
export function subPointOffsets(grid: ReachGrid): { east: Float64Array; north: Float64Array } {
  const offsets = about(grid, (middle) => cellToChildren(middle, grid.resolution + 1));
  offsets.east[0] = 0;
  offsets.north[0] = 0;
  return offsets;
}

/** Neighbours are at most a seventh further away than those of a cell in the middle; cells beyond neighbours, half as far again. */
const NEIGHBOUR_SLACK = 1.15;

/**
 * The cells that touch a cell. Found by where their centres lie, which is forty times faster than asking H3 for each; away from H3's
 * twelve pentagons (none is on land near here) it is the same.
 */
export function neighbourFinder(grid: ReachGrid): (cell: number) => number[] {
  const disk = about(grid, (middle) => gridDisk(middle, 1));
  const far =
    NEIGHBOUR_SLACK * Math.max(...disk.east.map((east, k) => Math.hypot(east, disk.north[k] as number)));
  const bins = new Map<number, number[]>();
  const columnOf = (metres: number) => Math.floor(metres / far);
  const binOf = (column: number, row: number) => column * 1_000_003 + row;
  for (let i = 0; i < grid.cellCount; i++) {
    const bin = binOf(columnOf(grid.x[i] as number), columnOf(grid.y[i] as number));
    const members = bins.get(bin);
    if (members) members.push(i);
    else bins.set(bin, [i]);
  }
  return (cell) => {
    const x = grid.x[cell] as number;
    const y = grid.y[cell] as number;
    const found: number[] = [];
    for (let column = columnOf(x) - 1; column <= columnOf(x) + 1; column++)
      for (let row = columnOf(y) - 1; row <= columnOf(y) + 1; row++)
        for (const i of bins.get(binOf(column, row)) ?? []) {
          const squared = ((grid.x[i] as number) - x) ** 2 + ((grid.y[i] as number) - y) ** 2;
          if (i !== cell && squared <= far * far) found.push(i);
        }
    return found;
  };
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
