import { partOf } from './aggregate.js';
import { coveredSubPoints, type EdgeCells } from './edge-cells.js';
import type { CoverageGrid } from './grid.js';
import type { StoredLevels } from './layer-levels.js';

export type ComparedGrid = Pick<
  CoverageGrid,
  | 'cellCount'
  | 'areaM2'
  | 'population'
  | 'areaCodes'
  | 'shareStart'
  | 'shareArea'
  | 'shareFraction'
  | 'sharePopulation'
  | 'shareHouseholds'
  | 'shareSubPoints'
>;

/** One view of a run: its layers, and where each one's edge cuts cells. Without edges cells count whole. */
export interface ComparedView {
  layers: readonly StoredLevels[];
  edges: readonly EdgeCells[];
}

/**
 * What came or went: of ground and people the part of a cell whose sub-points did. Cells are told at their centres, and each for the commune
 * that most of its ground lies in.
 */
export interface Change {
  cells: number;
  areaM2: number;
  population: number;
  households: number;
}

/** Borders of classes of change in dB, ascending: the first class is below the first border, the last from the last one up. */
export const LEVEL_CHANGE_BORDERS_DB = [-20, -10, -6, -3, -1, 1, 3, 6, 10, 20] as const;

export interface LevelChangeClass {
  /** From, and below; null: without end. A class without both is for cells that receive something in one run alone. */
  fromDb: number | null;
  belowDb: number | null;
  /** `both`: something is received in both runs. */
  received: 'both' | 'only-before' | 'only-after';
  cells: number;
  areaM2: number;
  population: number;
}

export interface LevelComparison {
  /** For each cell 1 where its centre is covered now and was not, −1 the other way round. */
  change: Int8Array;
  /** Levels of the best server, dBm; −Infinity where nothing is received. */
  beforeDbm: Float32Array;
  afterDbm: Float32Array;
  /** By commune, in the order of the grid's codes. */
  gained: Change[];
  lost: Change[];
  levels: LevelChangeClass[];
}

/**
 * One view of two runs on one grid, cell by cell. Covered is what each run says is covered, by its own threshold. No layers: nobody
 * serves anything.
 */
export function compareLevels(
  grid: ComparedGrid,
  before: ComparedView,
  after: ComparedView,
): LevelComparison {
  const [was, is] = [bestLevels(grid, before), bestLevels(grid, after)];
  const none = (): Change => ({ cells: 0, areaM2: 0, population: 0, households: 0 });
  const gained = grid.areaCodes.map(none);
  const lost = grid.areaCodes.map(none);
  const change = new Int8Array(grid.cellCount);
  const levels = levelClasses();
  for (let i = 0; i < grid.cellCount; i++) {
    const level = levels[classOf(was.levelDbm[i] as number, is.levelDbm[i] as number)];
    const step = (is.covered[i] as number) - (was.covered[i] as number);
    change[i] = step;
    const came = (is.subPoints[i] as number) & ~(was.subPoints[i] as number);
    const went = (was.subPoints[i] as number) & ~(is.subPoints[i] as number);
    let [main, most] = [-1, 0];
    for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++) {
      const fraction = grid.shareFraction[s] as number;
      const m2 = fraction * (grid.areaM2[i] as number);
      if (level) level.areaM2 += m2;
      if (fraction > most) [main, most] = [grid.shareArea[s] as number, fraction];
      addPart(gained[grid.shareArea[s] as number], grid, s, m2, came);
      addPart(lost[grid.shareArea[s] as number], grid, s, m2, went);
    }
    const counted = (step > 0 ? gained : lost)[main];
    if (step !== 0 && counted) counted.cells += 1;
    if (!level) continue;
    level.cells += 1;
    level.population += grid.population[i] as number;
  }
  return { change, beforeDbm: was.levelDbm, afterDbm: is.levelDbm, gained, lost, levels };
}

/** `subPoints`: those of the share's cell that came, or went. */
function addPart(
  sum: Change | undefined,
  grid: ComparedGrid,
  share: number,
  areaM2: number,
  subPoints: number,
): void {
  const part = partOf(grid, share, subPoints);
  if (!sum || part === 0) return;
  sum.areaM2 += part * areaM2;
  sum.population += part * (grid.sharePopulation[share] as number);
  sum.households += part * (grid.shareHouseholds[share] as number);
}

function bestLevels(
  { cellCount }: ComparedGrid,
  { layers, edges }: ComparedView,
): { levelDbm: Float32Array; covered: Uint8Array; subPoints: Uint32Array } {
  const levelDbm = new Float32Array(cellCount).fill(-Infinity);
  const covered = new Uint8Array(cellCount);
  const subPoints = new Uint32Array(cellCount);
  layers.forEach((layer, l) => {
    const own = coveredSubPoints(layer, edges[l]);
    for (let i = 0; i < cellCount; i++) {
      subPoints[i] = (subPoints[i] as number) | (own[i] as number);
      if ((layer.levelDbm[i] as number) > (levelDbm[i] as number)) levelDbm[i] = layer.levelDbm[i] as number;
      if ((layer.servingCells[i] as number) > 0) covered[i] = 1;
    }
  });
  return { levelDbm, covered, subPoints };
}

/** The classes of change in dB, then what is received in one run alone. */
function levelClasses(): LevelChangeClass[] {
  const nothing = { cells: 0, areaM2: 0, population: 0 };
  const borders = [null, ...LEVEL_CHANGE_BORDERS_DB, null];
  return [
    ...borders.slice(0, -1).map((fromDb, n) => ({
      ...nothing,
      fromDb,
      belowDb: borders[n + 1] ?? null,
      received: 'both' as const,
    })),
    { ...nothing, fromDb: null, belowDb: null, received: 'only-before' },
    { ...nothing, fromDb: null, belowDb: null, received: 'only-after' },
  ];
}

const CLASSES = LEVEL_CHANGE_BORDERS_DB.length + 1;

/** Place in `levelClasses`; −1 where nothing is received in either run. */
function classOf(beforeDbm: number, afterDbm: number): number {
  const [was, is] = [beforeDbm > -Infinity, afterDbm > -Infinity];
  if (!was && !is) return -1;
  if (!is) return CLASSES;
  if (!was) return CLASSES + 1;
  const change = afterDbm - beforeDbm;
  const border = LEVEL_CHANGE_BORDERS_DB.findIndex((db) => change < db);
  return border < 0 ? CLASSES - 1 : border;
}
