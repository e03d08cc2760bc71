import { cellNeighbours } from './cell-neighbours.js';
import type { CoverageGrid } from './grid.js';

/** What regions are made of: of a grid, that which says where cells are and what is in them. */
export type RegionGrid = Pick<
  CoverageGrid,
  | 'h3'
  | 'x'
  | 'y'
  | 'cellCount'
  | 'projection'
  | 'areaM2'
  | 'population'
  | 'households'
  | 'areaCodes'
  | 'shareStart'
  | 'shareArea'
  | 'shareFraction'
  | 'sharePopulation'
>;

/** Connected cells that have something in common. */
export interface Region {
  /** Places in the grid, ascending. */
  cells: number[];
  /** The part inside of the units. */
  areaM2: number;
  population: number;
  households: number;
  /** The cell with most people, or where nobody lives the first: where one would look. */
  densest: number;
  /** The communes that it lies in, those with most of its people first, then those with most of its ground. */
  areas: { areaCode: string; areaM2: number; population: number }[];
}

/** Regions of the chosen cells (1), those with most people first, then the largest. Cells belong together when they touch. */
export function regionsOf(grid: RegionGrid, chosen: Uint8Array): Region[] {
  const neighbours = cellNeighbours(grid);
  const left = chosen.slice();
  const regions: Region[] = [];
  for (let first = 0; first < grid.cellCount; first++) {
    if (left[first] !== 1) continue;
    left[first] = 0;
    const cells: number[] = [];
    const open = [first];
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      cells.push(i);
      for (const next of neighbours(i)) {
        if (left[next] !== 1) continue;
        left[next] = 0;
        open.push(next);
      }
    }
    regions.push(
      regionOf(
        grid,
        cells.sort((a, b) => a - b),
      ),
    );
  }
  return regions.sort(
    (a, b) =>
      b.population - a.population || b.areaM2 - a.areaM2 || (a.cells[0] as number) - (b.cells[0] as number),
  );
}

function regionOf(grid: RegionGrid, cells: number[]): Region {
  const byArea = new Map<number, { areaM2: number; population: number }>();
  let [areaM2, population, households] = [0, 0, 0];
  let densest = cells[0] as number;
  for (const i of cells) {
    population += grid.population[i] as number;
    households += grid.households[i] as number;
    if ((grid.population[i] as number) > (grid.population[densest] as number)) densest = i;
    for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++) {
      const area = grid.shareArea[s] as number;
      const sum = byArea.get(area) ?? { areaM2: 0, population: 0 };
      const m2 = (grid.shareFraction[s] as number) * (grid.areaM2[i] as number);
      sum.areaM2 += m2;
      sum.population += grid.sharePopulation[s] as number;
      areaM2 += m2;
      byArea.set(area, sum);
    }
  }
  return {
    cells,
    areaM2,
    population,
    households,
    densest,
    areas: [...byArea]
      .map(([area, sum]) => ({ areaCode: grid.areaCodes[area] as string, ...sum }))
      .sort(
        (a, b) => b.population - a.population || b.areaM2 - a.areaM2 || (a.areaCode < b.areaCode ? -1 : 1),
      ),
  };
}
