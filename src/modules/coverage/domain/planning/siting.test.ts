import fc from 'fast-check';
import { defaultParameters } from '../defaults.js';
import { cellOf, smallAreas, smallSites } from '../fixtures/small-province.js';
import { buildGrid, cellLonLat } from '../grid.js';
import { CoverageCancelledError } from '../progress.js';
import { WarningCollector } from '../run-warning.js';
import type { SnapshotCell, SnapshotSite } from '../snapshot.js';
import { prepareTransmitters } from '../transmitters.js';
import { typescriptEngine } from '../typescript-engine.js';
import { cellAmounts, coveredCells, weighed } from './amounts.js';
import { candidateCovers } from './candidate-covers.js';
import type { CoverProblem } from './cover-problem.js';
import { bestSites, uncoveredDemand } from './siting.js';

function problemOf(weights: readonly number[], covers: readonly (readonly number[])[]): CoverProblem {
  const start = [0];
  for (const places of covers) start.push((start.at(-1) as number) + places.length);
  return {
    weight: Float64Array.from(weights),
    start: Uint32Array.from(start),
    list: Uint32Array.from(covers.flat()),
  };
}

/** The best total of all choices of k, tried one by one. */
function bestOfAll(weights: readonly number[], covers: readonly (readonly number[])[], k: number): number {
  const value = (picks: readonly number[]): number =>
    [...new Set(picks.flatMap((c) => covers[c] ?? []))].reduce((sum, p) => sum + (weights[p] ?? 0), 0);
  const tryFrom = (first: number, picks: readonly number[]): number => {
    let best = value(picks);
    if (picks.length === k) return best;
    for (let c = first; c < covers.length; c++) best = Math.max(best, tryFrom(c + 1, [...picks, c]));
    return best;
  };
  return tryFrom(0, []);
}

const PLACES = 12;
const problems = fc.record({
  weights: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: PLACES, maxLength: PLACES }),
  covers: fc.array(fc.uniqueArray(fc.nat({ max: PLACES - 1 }), { maxLength: 6 }), {
    minLength: 1,
    maxLength: 10,
  }),
  k: fc.integer({ min: 1, max: 4 }),
});

describe('the best k sites', () => {
  it.each([
    ['without a proof', null],
    ['with the relaxation', (): boolean => true],
  ])('are never above the optimum, nor their bound below it: %s', (_how, prove) => {
    let proven = 0;
    fc.assert(
      fc.property(problems, ({ weights, covers, k }) => {
        const found = bestSites(problemOf(weights, covers), k, () => true, prove);
        const optimum = bestOfAll(weights, covers, k);
        expect(found.total).toBeLessThanOrEqual(optimum);
        expect(found.upperBound).toBeGreaterThanOrEqual(optimum);
        expect(found.total).toBeGreaterThanOrEqual((1 - 1 / Math.E) * optimum);
        if (found.optimal) expect(found.total).toBe(optimum);
        proven += Number(found.optimal);
        expect(found.picks.reduce((sum, { gain }) => sum + gain, 0)).toBe(found.total);
        for (const [i, { gain }] of found.picks.entries())
          if (i > 0) expect(gain).toBeLessThanOrEqual(found.picks[i - 1]?.gain ?? 0);
        expect(found.picks.length).toBeLessThanOrEqual(k);
        expect(new Set(found.picks.map(({ candidate }) => candidate)).size).toBe(found.picks.length);
      }),
    );
    expect(proven).toBeGreaterThan(10);
  });

  it('finds by an exchange what greed misses, and the relaxation proves it', () => {
    // The greatest first pick overlaps both halves of the best pair.
    const weights = [4, 4, 4, 4, 5, 5];
    const covers = [
      [1, 2, 4],
      [0, 1, 4],
      [2, 3, 5],
    ];
    const found = bestSites(problemOf(weights, covers), 2, undefined, () => true);
    expect(found).toMatchObject({ total: 26, upperBound: 26, optimal: true, coverable: 26 });
    expect(found.picks).toEqual([
      { candidate: 1, gain: 13 },
      { candidate: 2, gain: 13 },
    ]);
  });

  it('takes no more than there is, and stops when time is up', () => {
    expect(bestSites(problemOf([3], [[0], [0], []]), 3)).toMatchObject({
      picks: [{ candidate: 0, gain: 3 }],
      optimal: true,
    });
    expect(bestSites(problemOf([], [[]]), 1)).toMatchObject({ picks: [], total: 0, optimal: true });
    const stopped = bestSites(problemOf([3, 4], [[0], [1]]), 2, () => false);
    expect(stopped).toMatchObject({ picks: [], total: 0, upperBound: 7, optimal: false });
  });
});

const parameters = defaultParameters({ resolution: 9, place: 'indoor', probability: 0.9 });
const grid = buildGrid(smallAreas(), parameters);
const amounts = cellAmounts(grid);
const network = smallSites(3, 7);
const prepare = (sites: readonly SnapshotSite[]) =>
  prepareTransmitters(sites, parameters, grid.projection, new WarningCollector());

function template(cells: SnapshotCell[], lon = 105.55, lat = 9.75): SnapshotSite {
  return { code: 'new', lon, lat, structureHeightM: null, cells };
}
const sectors = (azimuths: readonly number[], changes: Partial<SnapshotCell> = {}): SnapshotCell[] =>
  azimuths.map((azimuthDeg, n) => cellOf({ code: `L${n}`, operatorCode: 'op1', azimuthDeg, ...changes }));

describe('what candidates would serve', () => {
  it.each<[string, SnapshotCell[]]>([
    [
      'an omnidirectional antenna',
      [cellOf({ code: 'L', azimuthDeg: null, horizontalBeamwidthDeg: null, gainDbi: 10 })],
    ],
    ['three sectors', sectors([0, 120, 240])],
    [
      'two unlike sectors',
      [...sectors([20]), cellOf({ code: 'X', azimuthDeg: 200, txPowerDbm: 38, tiltDeg: 8 })],
    ],
    ['a narrow beam', sectors([0, 120, 240], { verticalBeamwidthDeg: 2, tiltDeg: 6 })],
    ['a beam of 10°', sectors([0, 120, 240], { horizontalBeamwidthDeg: 10 })],
    [
      'two frequencies',
      [...sectors([0, 120, 240]), cellOf({ code: 'L9', frequencyMhz: 930, azimuthDeg: null })],
    ],
  ])('is what the engine reckons of a site there: %s', (_what, cells) => {
    const view = { technology: '4G' as const, operatorCode: 'op1' };
    const before = coveredCells(
      typescriptEngine.computeLevels(grid, prepare(network), parameters),
      view,
      grid.cellCount,
    );
    const demand = uncoveredDemand(grid, before, weighed(amounts, 'area'), 1);
    expect(demand.cells.length).toBeGreaterThan(100);
    const at = [0, 333, 777, grid.cellCount - 1];
    const problem = candidateCovers(
      grid,
      parameters,
      prepare([template(cells)]),
      {
        x: Float64Array.from(at, (i) => grid.x[i] as number),
        y: Float64Array.from(at, (i) => grid.y[i] as number),
      },
      demand,
    );
    let served = 0;
    let apart = 0;
    at.forEach((cell, c) => {
      const [lon, lat] = cellLonLat(grid, cell);
      const alone = typescriptEngine.computeLevels(grid, prepare([template(cells, lon, lat)]), parameters);
      const covered = coveredCells(alone, view, grid.cellCount);
      const expected = [...demand.cells.keys()].filter((p) => covered[demand.cells[p] as number] === 1);
      const found = new Set(problem.list.subarray(problem.start[c], problem.start[c + 1]));
      served += expected.length;
      apart += expected.filter((p) => !found.has(p)).length;
      apart += [...found].filter((p) => !expected.includes(p)).length;
    });
    expect(served).toBeGreaterThan(20);
    // Degrees make the round trip through a projection: a level may lie within rounding of the threshold.
    expect(apart).toBeLessThanOrEqual(1);
  });

  it('stops when it is not wanted any more', () => {
    const demand = uncoveredDemand(grid, new Uint8Array(grid.cellCount), weighed(amounts, 'people'), 1000);
    const places = { x: new Float64Array(1), y: new Float64Array(1) };
    expect(() =>
      candidateCovers(grid, parameters, prepare([template(sectors([0]))]), places, demand, {
        isCancelled: () => true,
      }),
    ).toThrow(CoverageCancelledError);
  });
});
