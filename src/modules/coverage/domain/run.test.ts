import fc from 'fast-check';
import { aggregate, MOST_SITES_COUNTED, type CoverageRow } from './aggregate.js';
import { defaultParameters } from './defaults.js';
import { cellOf, smallProvince } from './fixtures/small-province.js';
import { CoverageInputError } from './parameters.js';
import { CoverageCancelledError, RUN_STAGES } from './progress.js';
import { computeRun } from './run.js';
import type { CoverageSnapshot } from './snapshot.js';

const parameters = defaultParameters({ resolution: 8, place: 'indoor', probability: 0.9 });
const snapshot = smallProvince(12, 5);
const result = computeRun(snapshot, parameters);
const { aggregates, grid, cells, manifest } = result;
/** As if no edge cut a cell. */
const plain = aggregate(grid, snapshot.areas, snapshot.parents, cells.layers, cells.operators, []);

describe('aggregates', () => {
  it('add up from communes to districts to the province', () => {
    const unit = (code: string) => aggregates.units.find(({ unitCode }) => unitCode === code);
    expect(unit('p')).toMatchObject({ kind: 'province', communes: 6, populationUnknown: 0 });
    expect(unit('p')?.population).toBeCloseTo(6 * 4000 + 7000 * 15, 5);
    expect(unit('d0')?.population).toBeCloseTo(3 * 4000 + 7000 * 3, 5);
    expect((unit('d0')?.areaM2 ?? 0) + (unit('d1')?.areaM2 ?? 0)).toBeCloseTo(unit('p')?.areaM2 ?? 0, 2);
    for (const row of aggregates.coverage.filter(({ unitCode }) => unitCode === 'p')) {
      const districts = aggregates.coverage.filter(
        (other) =>
          other.technology === row.technology &&
          other.operatorCode === row.operatorCode &&
          /^d/.test(other.unitCode),
      );
      expect(districts.reduce((sum, { covered }) => sum + covered.population, 0)).toBeCloseTo(
        row.covered.population,
        5,
      );
    }
  });

  it('are, but for what edges cut, what a plain sum over cells gives', () => {
    for (const layer of cells.layers) {
      let m2 = 0;
      let people = 0;
      for (let i = 0; i < grid.cellCount; i++) {
        if ((layer.servingCells[i] as number) === 0) continue;
        people += grid.population[i] as number;
        for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++) {
          m2 += (grid.shareFraction[s] as number) * (grid.areaM2[i] as number);
        }
      }
      const ofLayer = ({ unitCode, technology, operatorCode }: CoverageRow) =>
        unitCode === 'p' && technology === layer.technology && operatorCode === layer.operatorCode;
      const row = plain.coverage.find(ofLayer);
      const exact = aggregates.coverage.find(ofLayer)?.covered.areaM2 ?? NaN;
      // Large as the cells are, edges go one way as often as the other.
      expect(Math.abs(exact - m2) / grid.areaTotalM2.reduce((a, b) => a + b, 0)).toBeLessThan(0.03);
      expect(row?.covered.areaM2).toBeCloseTo(m2, 2);
      expect(row?.covered.population).toBeCloseTo(people, 5);
      expect(row?.populationPercent).toBeCloseTo((100 * people) / 129_000, 6);
    }
  });

  it('of any operator lie between the best operator and the sum of all', () => {
    for (const any of aggregates.coverage.filter(
      (row) => row.operatorCode === null && row.technology !== null,
    )) {
      const single = aggregates.coverage.filter(
        (row) =>
          row.unitCode === any.unitCode && row.technology === any.technology && row.operatorCode !== null,
      );
      const parts = single.map(({ covered }) => covered.areaM2);
      expect(any.covered.areaM2).toBeGreaterThanOrEqual(Math.max(...parts) - 1e-6);
      expect(any.covered.areaM2).toBeLessThanOrEqual(parts.reduce((a, b) => a + b, 0) + 1e-6);
    }
  });

  it('count sites: each histogram adds up to the unit, and is what a plain count over cells gives', () => {
    const rows = plain.siteHistogram.filter(({ unitCode }) => unitCode === 'p');
    for (const technology of new Set(cells.layers.map((layer) => layer.technology))) {
      const layers = cells.layers.filter((layer) => layer.technology === technology);
      for (const operatorCode of [null, ...layers.map((layer) => layer.operatorCode)]) {
        const chosen = layers.filter((layer) => operatorCode === null || layer.operatorCode === operatorCode);
        const people: number[] = [];
        for (let i = 0; i < grid.cellCount; i++) {
          const sites = chosen.reduce((sum, { servingSites }) => sum + (servingSites[i] as number), 0);
          const n = Math.min(MOST_SITES_COUNTED, sites);
          people[n] = (people[n] ?? 0) + (grid.population[i] as number);
        }
        const own = rows.filter((row) => row.technology === technology && row.operatorCode === operatorCode);
        expect(own.map(({ sites }) => sites)).toEqual([...own.keys()]);
        own.forEach(({ sites, amounts }) => expect(amounts.population).toBeCloseTo(people[sites] ?? 0, 5));
        expect(own.reduce((sum, { amounts }) => sum + amounts.population, 0)).toBeCloseTo(129_000, 5);
      }
    }
    expect(rows.some(({ sites, amounts }) => sites > 1 && amounts.areaM2 > 0)).toBe(true);
  });

  it('count operators: the histogram adds up to the unit, and what is not 0 is covered', () => {
    for (const unit of aggregates.units) {
      const rows = aggregates.operatorHistogram.filter(
        (row) => row.unitCode === unit.unitCode && row.technology === '4G',
      );
      expect(rows.map(({ operators }) => operators)).toEqual([...rows.keys()]);
      expect(rows.reduce((sum, { amounts }) => sum + amounts.households, 0)).toBeCloseTo(unit.households, 5);
      const covered = aggregates.coverage.find(
        (row) => row.unitCode === unit.unitCode && row.technology === '4G' && row.operatorCode === null,
      );
      const some = rows.filter(({ operators }) => operators > 0);
      expect(some.reduce((sum, { amounts }) => sum + amounts.areaM2, 0)).toBeCloseTo(
        covered?.covered.areaM2 ?? -1,
        2,
      );
    }
  });

  it('say unknown where people are unknown, and end at a circle of parents', () => {
    const [first, second, ...rest] = snapshot.areas;
    if (!first || !second) throw new Error('no areas');
    const odd: CoverageSnapshot = {
      ...snapshot,
      areas: [{ ...first, population: null }, { ...second, population: 0, parentCode: 'nowhere' }, ...rest],
      parents: [
        { code: 'd0', kind: 'district', parentCode: 'd1' },
        { code: 'd1', kind: 'district', parentCode: 'd0' },
      ],
    };
    const run = computeRun(odd, parameters);
    const row = (code: string) => run.aggregates.coverage.find(({ unitCode }) => unitCode === code);
    expect(row('c0')).toMatchObject({ populationPercent: null, areaPercent: expect.any(Number) });
    expect(row('c1')?.populationPercent).toBeNull();
    const district = run.aggregates.units.find(({ unitCode }) => unitCode === 'd0');
    expect(district).toMatchObject({ communes: 5, populationUnknown: 1 });
    expect(run.manifest.warnings).toMatchObject([{ code: 'area.population', subjects: ['c0'] }]);
  });
});

describe('the manifest', () => {
  it('says how the run came about and is JSON', () => {
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
    expect(manifest).toMatchObject({
      manifestVersion: 1,
      dataVersion: 'fixture-1',
      boundaryDate: '2025-01-01',
      grid: { resolution: 8, areas: 6, cells: grid.cellCount },
      transmitters: { sites: 12, cellsUsed: cells.transmitters.length, cellsSkipped: 0 },
      parameters,
      warnings: [],
    });
    expect(manifest.marginDb).toBeCloseTo(1.2816 * 8, 3);
    expect(manifest.models.map(({ id }) => id)).toEqual(['extended-hata', '3gpp-38901-rma']);
  });

  it('says what share lies outside of the range of a model: plain Hata nearer than 1 km', () => {
    const everywhere = { urban: 'okumura-hata', suburban: 'okumura-hata', open: 'okumura-hata' } as const;
    const { models } = defaultParameters();
    const run = computeRun(
      smallProvince(60, 5),
      defaultParameters({ resolution: 8, models: { ...models, '2G': everywhere } }),
    );
    const report = run.manifest.ranges.find(({ technology }) => technology === '2G');
    const byDistance = report?.reasons.find(({ warning }) => warning === 'distance');
    expect(report?.levels).toBe(3 * run.grid.cellCount);
    const nearer = run.cells.layers
      .filter(({ technology }) => technology === '2G')
      .flatMap(({ bestCell }) =>
        Array.from(bestCell, (best, i) => {
          const t = run.cells.transmitters[best];
          return t ? Math.hypot((run.grid.x[i] ?? 0) - t.x, (run.grid.y[i] ?? 0) - t.y) : Infinity;
        }),
      )
      .filter((distanceM) => distanceM < 1000).length;
    expect(nearer).toBeGreaterThan(50);
    expect(byDistance?.levels).toBe(nearer);
    expect(report?.outsideShare).toBeCloseTo((report?.outside ?? 0) / (report?.levels ?? 1), 12);
    expect(report?.outside).toBeGreaterThanOrEqual(byDistance?.levels ?? Infinity);
    expect(report?.reasons.map(({ warning }) => warning)).toContain('base-height');
  });
});

describe('computeRun', () => {
  it('is the same again, and with a grid kept from before', () => {
    expect(computeRun(snapshot, parameters)).toEqual(result);
    const kept = computeRun(snapshot, parameters, {}, grid);
    expect(kept.grid).toBe(grid);
    expect(kept).toEqual(result);
  });

  it('makes a new grid when the kept one is of other areas', () => {
    const fewer = { ...snapshot, areas: snapshot.areas.slice(1) };
    const run = computeRun(fewer, parameters, {}, grid);
    expect(run.grid.areaCodes).toEqual(['c1', 'c2', 'c3', 'c4', 'c5']);
  });

  it('reports its stages in order, each to its end', () => {
    const seen: { stage: string; done: number; total: number }[] = [];
    computeRun(snapshot, parameters, { onProgress: (progress) => seen.push(progress) });
    expect([...new Set(seen.map(({ stage }) => stage))]).toEqual([...RUN_STAGES]);
    for (const stage of RUN_STAGES) {
      const last = seen.filter((progress) => progress.stage === stage).at(-1);
      expect(last?.done).toBe(last?.total);
    }
  });

  it('stops when told to, at whatever moment', () => {
    let asked = 0;
    computeRun(snapshot, parameters, { isCancelled: () => ++asked < 0 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: asked }), (moment) => {
        let now = 0;
        expect(() => computeRun(snapshot, parameters, { isCancelled: () => ++now >= moment })).toThrow(
          CoverageCancelledError,
        );
      }),
      { numRuns: 5 },
    );
  });

  it('runs without sites: everything is uncovered and nothing breaks', () => {
    const run = computeRun({ ...snapshot, sites: [] }, parameters);
    expect(run.cells.layers).toEqual([]);
    expect(run.aggregates.coverage.find(({ unitCode }) => unitCode === 'p')).toMatchObject({
      technology: null,
      operatorCode: null,
      areaPercent: 0,
    });
  });

  it('refuses bad parameters and areas without boundary, but no bad site', () => {
    expect(() => computeRun(snapshot, { ...parameters, resolution: 99 })).toThrow(CoverageInputError);
    expect(() => computeRun({ ...snapshot, areas: [] }, parameters)).toThrow(CoverageInputError);
    const bad = {
      code: 'zzz',
      lon: 105.55,
      lat: 9.75,
      structureHeightM: null,
      cells: [cellOf({ code: 'x', antennaHeightM: -1 })],
    };
    const run = computeRun({ ...snapshot, sites: [...snapshot.sites, bad] }, parameters);
    expect(run.cells).toEqual(cells);
    expect(run.manifest.warnings).toMatchObject([{ code: 'cell.value', subjects: ['zzz/x'] }]);
  });

  it('never throws for whatever numbers a cell holds', () => {
    const number = fc.oneof(fc.constant(null), fc.double(), fc.integer({ min: -50, max: 4000 }));
    const cell = fc.record({
      frequencyMhz: number,
      bandwidthMhz: number,
      azimuthDeg: number,
      horizontalBeamwidthDeg: number,
      verticalBeamwidthDeg: number,
      tiltDeg: number,
      antennaHeightM: number,
      txPowerDbm: number,
      gainDbi: number,
      feederLossDb: number,
      referenceEirpDbm: number,
    });
    fc.assert(
      fc.property(cell, (changes) => {
        const site = {
          code: 's',
          lon: 105.55,
          lat: 9.75,
          structureHeightM: 30,
          cells: [cellOf({ code: 'x', ...changes })],
        };
        const run = computeRun({ ...snapshot, sites: [site] }, parameters, {}, grid);
        expect(run.manifest.transmitters.cellsUsed + run.manifest.transmitters.cellsSkipped).toBe(1);
        for (const layer of run.cells.layers) expect(layer.levelDbm.some(Number.isNaN)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});
