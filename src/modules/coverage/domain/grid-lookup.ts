import type { CoverageGrid } from './grid.js';

/** The place of a cell by its H3 index, in the order of which a grid is; undefined outside of it. */
export function indexOfCell(grid: Pick<CoverageGrid, 'h3'>, h3: bigint): number | undefined {
  let [low, high] = [0, grid.h3.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((grid.h3[middle] as bigint) < h3) low = middle + 1;
    else high = middle;
  }
  return grid.h3[low] === h3 ? low : undefined;
}
