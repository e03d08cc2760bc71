import type { Amounts } from '../aggregate.js';
import type { CoverageGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import type { Technology } from '../technology.js';

/** Which networks are looked at together; null: all of them. */
export interface NetworkView {
  technology: Technology | null;
  operatorCode: string | null;
}

/** By what places are weighed. */
export const WEIGHTS = ['people', 'households', 'area'] as const;
export type Weight = (typeof WEIGHTS)[number];

/** What lies in each cell of the grid, all areas together. */
export interface CellAmounts {
  areaM2: Float64Array;
  population: Float64Array;
  households: Float64Array;
}

/** Of a cell that reaches beyond all areas only the part inside counts. */
export function cellAmounts(grid: CoverageGrid): CellAmounts {
  const areaM2 = new Float64Array(grid.cellCount);
  for (let i = 0; i < grid.cellCount; i++) {
    let inside = 0;
    for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++)
      inside += grid.shareFraction[s] as number;
    areaM2[i] = inside * (grid.areaM2[i] as number);
  }
  return { areaM2, population: grid.population, households: grid.households };
}

/** The amounts that a weight speaks of. */
export function weighed(amounts: CellAmounts, weight: Weight): Float64Array {
  if (weight === 'area') return amounts.areaM2;
  return weight === 'people' ? amounts.population : amounts.households;
}

export function weightOf(amounts: Amounts, weight: Weight): number {
  if (weight === 'area') return amounts.areaM2;
  return weight === 'people' ? amounts.population : amounts.households;
}

export function isInView(
  { technology, operatorCode }: NetworkView,
  layer: { technology: Technology; operatorCode: string },
): boolean {
  return (
    (technology === null || layer.technology === technology) &&
    (operatorCode === null || layer.operatorCode === operatorCode)
  );
}

/** 1 where any layer of the view serves. */
export function coveredCells(
  layers: readonly LayerLevels[],
  view: NetworkView,
  cellCount: number,
): Uint8Array {
  const covered = new Uint8Array(cellCount);
  for (const layer of layers) {
    if (!isInView(view, layer)) continue;
    const { servingCells } = layer;
    for (let i = 0; i < cellCount; i++) if ((servingCells[i] as number) > 0) covered[i] = 1;
  }
  return covered;
}

/** Three numbers for each area, in the grid's order of areas: m², people, households. */
export type AreaSums = Float64Array;

/** What two states of coverage have and what lies between them. */
export interface CoverageDifference {
  before: AreaSums;
  after: AreaSums;
  /** Cells of the grid, in its order. */
  gained: Uint32Array;
  lost: Uint32Array;
  gainedAmounts: Amounts;
  lostAmounts: Amounts;
}

const NOTHING: Amounts = { areaM2: 0, population: 0, households: 0 };

export function difference(
  grid: CoverageGrid,
  amounts: CellAmounts,
  before: Uint8Array,
  after: Uint8Array,
): CoverageDifference {
  const gained: number[] = [];
  const lost: number[] = [];
  const sums = { before: new Float64Array(3 * grid.areaCodes.length), after: new Float64Array(0) };
  // What is the same before and after is the same number: both are added up in the same order.
  sums.after = new Float64Array(sums.before.length);
  const gainedAmounts = { ...NOTHING };
  const lostAmounts = { ...NOTHING };
  for (let i = 0; i < grid.cellCount; i++) {
    const was = before[i] === 1;
    const is = after[i] === 1;
    if (!was && !is) continue;
    if (was) addShares(grid, i, sums.before);
    if (is) addShares(grid, i, sums.after);
    if (was === is) continue;
    (is ? gained : lost).push(i);
    addCell(amounts, i, is ? gainedAmounts : lostAmounts);
  }
  return {
    ...sums,
    gained: Uint32Array.from(gained),
    lost: Uint32Array.from(lost),
    gainedAmounts,
    lostAmounts,
  };
}

function addCell(amounts: CellAmounts, i: number, to: Amounts): void {
  to.areaM2 += amounts.areaM2[i] as number;
  to.population += amounts.population[i] as number;
  to.households += amounts.households[i] as number;
}

function addShares(grid: CoverageGrid, i: number, sums: AreaSums): void {
  const cellM2 = grid.areaM2[i] as number;
  for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++) {
    const at = 3 * (grid.shareArea[s] as number);
    sums[at] = (sums[at] as number) + (grid.shareFraction[s] as number) * cellM2;
    sums[at + 1] = (sums[at + 1] as number) + (grid.sharePopulation[s] as number);
    sums[at + 2] = (sums[at + 2] as number) + (grid.shareHouseholds[s] as number);
  }
}

/** The sum over some areas, by their places in the grid's list. */
export function sumOf(sums: AreaSums, areas: readonly number[]): Amounts {
  const total = { ...NOTHING };
  for (const area of areas) {
    total.areaM2 += sums[3 * area] as number;
    total.population += sums[3 * area + 1] as number;
    total.households += sums[3 * area + 2] as number;
  }
  return total;
}
