import type { ReachCells } from './reach-engine.js';
import { PERIODS, type Period, type ReachParameters } from './parameters.js';
import { heardWithPlain } from './plain-loudspeakers.js';
import { SUB_POINTS, type ReachGrid } from './reach-grid.js';

/** A commune that the grid is cut by, in the order of the grid's `areaCodes`; null is unknown. */
export interface ReachArea {
  code: string;
  parentCode: string | null;
  population: number | null;
  households: number | null;
  /** FM and wired loudspeakers of the commune, whose places nobody knows. */
  plainLoudspeakers: number;
}

/** A unit above the communes. */
export interface ReachParent {
  code: string;
  kind: string;
  parentCode: string | null;
}

/** Ground in m², people, households. */
export interface Amounts {
  areaM2: number;
  population: number;
  households: number;
}

/** What is heard in a unit at one time of day. Units whose people are unknown are left out of the sums of people, and counted. */
export interface ReachFigure {
  areaCode: string;
  areaKind: string;
  period: Period;
  total: Amounts;
  heard: Amounts;
  /** Where two clusters or more are heard at once. */
  echo: Amounts;
  plainLoudspeakers: number;
  /** An estimate: who hears a cluster or a plain loudspeaker. */
  withPlain: Pick<Amounts, 'population' | 'households'>;
  communes: number;
  communesWithoutPopulation: number;
  communesWithoutHouseholds: number;
}

/** Figures of the communes and of every unit above, by day and by night. Of a cell that a border cuts each commune takes its part. */
export function figuresOfUnits(
  grid: ReachGrid,
  cells: ReachCells,
  areas: readonly ReachArea[],
  parents: readonly ReachParent[],
  parameters: ReachParameters,
): ReachFigure[] {
  const units = unitsOf(areas, parents);
  const wholes = sumByArea(grid, () => 1);
  const part = (points: Uint8Array) => sumByArea(grid, (i) => (points[i] as number) / SUB_POINTS);
  const heard = { day: part(cells.heardDay), night: part(cells.heardNight) };
  const echo = { day: part(cells.echoDay), night: part(cells.echoNight) };
  const plain = areas.map(({ plainLoudspeakers }) => plainLoudspeakers);
  const withPlain = heardWithPlain(grid, cells, plain, parameters);
  return units.flatMap(({ code, kind, members }) => {
    const communes = members.map((a) => areas[a] as ReachArea);
    return PERIODS.map((period) => ({
      areaCode: code,
      areaKind: kind,
      period,
      total: amountsOf(wholes, members),
      heard: amountsOf(heard[period], members),
      echo: amountsOf(echo[period], members),
      plainLoudspeakers: communes.reduce((sum, { plainLoudspeakers }) => sum + plainLoudspeakers, 0),
      withPlain: {
        population: members.reduce((sum, a) => sum + (withPlain[period][2 * a] as number), 0),
        households: members.reduce((sum, a) => sum + (withPlain[period][2 * a + 1] as number), 0),
      },
      communes: communes.length,
      communesWithoutPopulation: communes.filter(({ population }) => !known(population)).length,
      communesWithoutHouseholds: communes.filter(({ households }) => !known(households)).length,
    }));
  });
}

function known(value: number | null): boolean {
  return value !== null && Number.isFinite(value) && value >= 0;
}

/** Three numbers for each area, one after the other; a cell counts with the weight (0–1) given for it. */
function sumByArea(grid: ReachGrid, weight: (cell: number) => number): Float64Array {
  const { shareStart, shareArea, shareFraction, sharePopulation, shareHouseholds, areaM2 } = grid;
  const sums = new Float64Array(3 * grid.areaCodes.length);
  for (let i = 0; i < grid.cellCount; i++) {
    const w = weight(i);
    if (w === 0) continue;
    for (let s = shareStart[i] as number; s < (shareStart[i + 1] as number); s++) {
      const at = 3 * (shareArea[s] as number);
      sums[at] = (sums[at] as number) + w * (shareFraction[s] as number) * (areaM2[i] as number);
      sums[at + 1] = (sums[at + 1] as number) + w * (sharePopulation[s] as number);
      sums[at + 2] = (sums[at + 2] as number) + w * (shareHouseholds[s] as number);
    }
  }
  return sums;
}

function amountsOf(sums: Float64Array, members: readonly number[]): Amounts {
  const total: Amounts = { areaM2: 0, population: 0, households: 0 };
  for (const a of members) {
    total.areaM2 += sums[3 * a] as number;
    total.population += sums[3 * a + 1] as number;
    total.households += sums[3 * a + 2] as number;
  }
  return total;
}

interface Unit {
  code: string;
  kind: string;
  /** Places in the list of areas. */
  members: number[];
}

/** The communes, then each unit above that has any. A circle of parents ends where it closes. */
function unitsOf(areas: readonly ReachArea[], parents: readonly ReachParent[]): Unit[] {
  const above = new Map(
    parents.map(({ code, kind, parentCode }) => [code, { code, kind, parentCode, members: [] as number[] }]),
  );
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
    ...areas.map(({ code }, index) => ({ code, kind: 'commune', members: [index] })),
    ...[...above.values()].filter(({ members }) => members.length > 0),
  ];
}
