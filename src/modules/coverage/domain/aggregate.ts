import type { TechnologyOperators } from './count-operators.js';
import { coveredSubPoints, type EdgeCells } from './edge-cells.js';
import type { LayerLevels } from './layer-levels.js';
import type { CoverageGrid } from './grid.js';
import { knownCount } from './settlement.js';
import type { SnapshotArea, SnapshotParent } from './snapshot.js';
import { ALL_SUB_POINTS, countSubPoints } from './sub-points.js';
import { TECHNOLOGIES, type Technology } from './technology.js';

/** Area in m², people, households. */
export interface Amounts {
  areaM2: number;
  population: number;
  households: number;
}

/** A unit's whole. A commune's unknown figure is left out of the sums above it, and counted. */
export interface UnitTotals extends Amounts {
  unitCode: string;
  /** `commune` for what the grid is cut by; what the snapshot says above. */
  kind: string;
  parentCode: string | null;
  /** How many communes make up the unit, and of how many people or households are unknown. */
  communes: number;
  populationUnknown: number;
  householdsUnknown: number;
}

/** What is covered of a unit by one technology of one operator. */
export interface CoverageRow {
  unitCode: string;
  /** Null: by any technology. */
  technology: Technology | null;
  /** Null: by any operator. */
  operatorCode: string | null;
  covered: Amounts;
  /** 0–100; null where there is nothing to be a part of, or it is unknown. */
  areaPercent: number | null;
  populationPercent: number | null;
  householdsPercent: number | null;
}

/** How much of a unit is served by exactly so many operators. */
export interface OperatorHistogramRow {
  unitCode: string;
  /** Null: with any technology. */
  technology: Technology | null;
  operators: number;
  amounts: Amounts;
}

/** How much of a unit is served by exactly so many sites. */
export interface SiteHistogramRow {
  unitCode: string;
  technology: Technology;
  /** Null: by all operators together; a mast that several of them share counts once for each. */
  operatorCode: string | null;
  /** Number of sites; `MOST_SITES_COUNTED` stands for that many and more. */
  sites: number;
  amounts: Amounts;
}

/** Beyond this nobody asks how many there are. */
export const MOST_SITES_COUNTED = 10;

export interface CoverageAggregates {
  units: UnitTotals[];
  /** For each unit: any technology and any operator first, then each technology, each operator, each layer. */
  coverage: CoverageRow[];
  operatorHistogram: OperatorHistogramRow[];
  siteHistogram: SiteHistogramRow[];
}

export const COMMUNE_KIND = 'commune';

/** Sums over areas: three numbers for each, one after the other. */
type Sums = Float64Array;

/**
 * Coverage by commune and by every unit above. Of a cell that a boundary cuts each commune takes its own part; of a cell that the edge
 * of coverage cuts the part whose sub-points are covered. How many serve is told at the cell's centre, but for whether anybody does.
 */
export function aggregate(
  grid: CoverageGrid,
  areas: readonly SnapshotArea[],
  parents: readonly SnapshotParent[],
  levels: readonly LayerLevels[],
  operators: readonly TechnologyOperators[],
  edges: readonly EdgeCells[],
): CoverageAggregates {
  const groups = unitsOf(areas, parents);
  const wholes = sumShares(grid, () => 1);
  const served = levels.map((layer, l) => coveredSubPoints(layer, edges[l]));
  const units = groups.map((group): UnitTotals => {
    const members = group.members.map((a) => areas[a] as SnapshotArea);
    return {
      unitCode: group.code,
      kind: group.kind,
      parentCode: group.parentCode,
      ...amountsOf(wholes, group.members),
      communes: members.length,
      populationUnknown: members.filter((area) => knownCount(area.population) === null).length,
      householdsUnknown: members.filter((area) => knownCount(area.households) === null).length,
    };
  });
  const coverage: CoverageRow[] = [];
  for (const view of viewsOf(levels)) {
    const covered = union(served.filter((_, l) => view.layers.includes(levels[l] as LayerLevels)));
    const sums = sumShares(grid, (i, s) => partOf(grid, s, covered[i] as number));
    groups.forEach((group, u) => {
      const whole = units[u] as UnitTotals;
      const part = amountsOf(sums, group.members);
      coverage.push({
        unitCode: group.code,
        technology: view.technology,
        operatorCode: view.operatorCode,
        covered: part,
        areaPercent: percent(part.areaM2, whole.areaM2),
        populationPercent: percent(part.population, whole.population),
        householdsPercent: percent(part.households, whole.households),
      });
    });
  }
  const operatorHistogram: OperatorHistogramRow[] = [];
  for (const { technology, operatorCount } of operators) {
    const covered = union(
      served.filter((_, l) => technology === null || levels[l]?.technology === technology),
    );
    for (const [n, sums] of histogram(grid, operatorCount, covered)) {
      for (const { code, members } of groups) {
        operatorHistogram.push({
          unitCode: code,
          technology,
          operators: n,
          amounts: amountsOf(sums, members),
        });
      }
    }
  }
  return { units, coverage, operatorHistogram, siteHistogram: siteHistogram(grid, groups, levels, served) };
}

/** For each technology, all operators together first, then each: from no site up to the most that any cell has. */
function siteHistogram(
  grid: CoverageGrid,
  groups: readonly UnitGroup[],
  levels: readonly LayerLevels[],
  served: readonly Uint32Array[],
): SiteHistogramRow[] {
  const rows: SiteHistogramRow[] = [];
  for (const { technology, operatorCode, layers } of viewsOf(levels)) {
    if (technology === null) continue;
    const counts = new Uint8Array(grid.cellCount);
    for (let i = 0; i < counts.length; i++) {
      let sites = 0;
      for (const layer of layers) sites += layer.servingSites[i] as number;
      counts[i] = Math.min(MOST_SITES_COUNTED, sites);
    }
    const covered = union(served.filter((_, l) => layers.includes(levels[l] as LayerLevels)));
    for (const [n, sums] of histogram(grid, counts, covered)) {
      for (const { code: unitCode, members } of groups)
        rows.push({ unitCode, technology, operatorCode, sites: n, amounts: amountsOf(sums, members) });
    }
  }
  return rows;
}

function percent(part: number, whole: number): number | null {
  // Rounding of sums must not show as 100.0000001 %.
  return whole > 0 ? Math.min(100, (100 * part) / whole) : null;
}

/** The sub-points that any of the layers covers, in each cell. */
function union(layers: readonly Uint32Array[]): Uint32Array {
  const [first = new Uint32Array(), ...others] = layers;
  const all = first.slice();
  for (const layer of others)
    for (let i = 0; i < all.length; i++) all[i] = (all[i] as number) | (layer[i] as number);
  return all;
}

/** The part of a share that is covered, 0–1: of its own sub-points, or of the cell's where it is too small to have any. */
export function partOf(grid: Pick<CoverageGrid, 'shareSubPoints'>, share: number, covered: number): number {
  if (covered === 0 || covered === ALL_SUB_POINTS) return covered === 0 ? 0 : 1;
  const own = (grid.shareSubPoints[share] as number) || ALL_SUB_POINTS;
  return countSubPoints(covered & own) / countSubPoints(own);
}

/** Sums by how many serve, from none up to the most; what is covered of a cell that an edge cuts has at least one. */
function histogram(
  grid: CoverageGrid,
  counts: Uint8Array,
  covered: Uint32Array,
): [serving: number, sums: Sums][] {
  const most = counts.reduce((a, b) => Math.max(a, b), covered.some((set) => set !== 0) ? 1 : 0);
  const rows = Array.from({ length: most + 1 }, (_, n): [number, Sums] => [n, noSums(grid)]);
  const nobody = (rows[0] as [number, Sums])[1];
  for (let i = 0; i < grid.cellCount; i++) {
    const set = covered[i] as number;
    const serving = rows[set === 0 ? 0 : Math.max(1, counts[i] as number)]?.[1] ?? nobody;
    for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++) {
      const part = partOf(grid, s, set);
      if (part > 0) addShare(serving, grid, i, s, part);
      if (part < 1) addShare(nobody, grid, i, s, 1 - part);
    }
  }
  return rows;
}

function noSums(grid: CoverageGrid): Sums {
  return new Float64Array(3 * grid.areaCodes.length);
}

function addShare(sums: Sums, grid: CoverageGrid, cell: number, share: number, part: number): void {
  const at = 3 * (grid.shareArea[share] as number);
  const m2 = (grid.shareFraction[share] as number) * (grid.areaM2[cell] as number);
  sums[at] = (sums[at] as number) + part * m2;
  sums[at + 1] = (sums[at + 1] as number) + part * (grid.sharePopulation[share] as number);
  sums[at + 2] = (sums[at + 2] as number) + part * (grid.shareHouseholds[share] as number);
}

function sumShares(grid: CoverageGrid, weight: (cell: number, share: number) => number): Sums {
  const sums = noSums(grid);
  for (let i = 0; i < grid.cellCount; i++) {
    for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++) {
      const part = weight(i, s);
      if (part > 0) addShare(sums, grid, i, s, part);
    }
  }
  return sums;
}

function amountsOf(sums: Sums, members: readonly number[]): Amounts {
  const total: Amounts = { areaM2: 0, population: 0, households: 0 };
  for (const a of members) {
    total.areaM2 += sums[3 * a] as number;
    total.population += sums[3 * a + 1] as number;
    total.households += sums[3 * a + 2] as number;
  }
  return total;
}

interface UnitGroup {
  code: string;
  kind: string;
  parentCode: string | null;
  /** Places in the list of areas. */
  members: number[];
}

/** The communes, then each parent that has any, with the communes below it at any depth. A circle of parents ends where it closes. */
function unitsOf(areas: readonly SnapshotArea[], parents: readonly SnapshotParent[]): UnitGroup[] {
  const above = new Map(parents.map((parent) => [parent.code, { ...parent, members: [] as number[] }]));
  areas.forEach((area, index) => {
    const seen = new Set<string>();
    for (let code = area.parentCode; code !== null && !seen.has(code);) {
      seen.add(code);
      const parent = above.get(code);
      parent?.members.push(index);
      code = parent?.parentCode ?? null;
    }
  });
  return [
    ...areas.map(({ code, parentCode }, index): UnitGroup => ({
      code,
      kind: COMMUNE_KIND,
      parentCode,
      members: [index],
    })),
    ...[...above.values()].filter((parent) => parent.members.length > 0),
  ];
}

interface View {
  technology: Technology | null;
  operatorCode: string | null;
  layers: LayerLevels[];
}

function viewsOf(levels: readonly LayerLevels[]): View[] {
  const technologies = TECHNOLOGIES.filter((technology) =>
    levels.some((layer) => layer.technology === technology),
  );
  const operators = [...new Set(levels.map((layer) => layer.operatorCode))].sort();
  const view = (technology: Technology | null, operatorCode: string | null): View => ({
    technology,
    operatorCode,
    layers: levels.filter(
      (layer) =>
        (technology === null || layer.technology === technology) &&
        (operatorCode === null || layer.operatorCode === operatorCode),
    ),
  });
  return [
    view(null, null),
    ...technologies.map((technology) => view(technology, null)),
    ...operators.map((operatorCode) => view(null, operatorCode)),
    ...levels.map((layer) => view(layer.technology, layer.operatorCode)),
  ];
}
