import type { JobRunner } from '../../src/common/jobs/job-runner.js';
import type { CoverageFigure, CoverageRun } from '../../src/modules/coverage/index.js';
import { DATE, fillRegister, openCoverage, type CoverageParts } from './fixtures.js';

/** One run over a small province, from the request to all that is asked of it. */
let c: CoverageParts;
let worker: JobRunner;
let run: CoverageRun;
let figures: CoverageFigure[];
const progress: string[] = [];

beforeAll(async () => {
  c = await openCoverage();
  await fillRegister(c);
  c.changes.length = 0;
  worker = c.worker();
  await worker.start();
  const { id } = await c.coverage.start('system', {
    boundaryDate: DATE,
    networkDate: DATE,
    resolution: 8,
    environments: ['indoor', 'outdoor'],
  });
  run = await c.coverage.waitFor(id, (_fraction, note) => progress.push(note));
  if (run.state === 'done') figures = await c.coverage.figures(run.id);
});
afterAll(async () => {
  await worker?.stop();
  await c?.stop();
});

const of = (area: string, technology: string | null, operator: string | null, environment = 'outdoor') =>
  figures.find(
    (f) =>
      f.areaCode === area &&
      f.technology === technology &&
      f.operator === operator &&
      f.environment === environment &&
      f.probability === 0.9,
  );

describe('a run', () => {
  it('is done, and says how it came about', () => {
    expect(run).toMatchObject({
      state: 'done',
      progress: 1,
      error: null,
      createdBy: 'system',
      boundaryDate: DATE,
      environments: ['outdoor', 'indoor'],
      probabilities: [0.5, 0.9],
      synthetic: true,
      manifest: {
        boundaryDate: DATE,
        networkDate: DATE,
        sources: ['synthetic demo'],
        grid: { resolution: 8, areas: 4 },
        transmitters: { cellsGiven: 8, cellsUsed: 7 },
        parameters: { thresholds: { '4G': { sufficientDbm: -110 } } },
      },
    });
    expect(run.dataVersion).toMatch(/^[0-9a-f]{32}$/);
    expect(
      run.manifest?.scenarios.map((s) => [s.environment, s.probability, Math.round(s.marginDb)]),
    ).toEqual([
      ['outdoor', 0.5, 0],
      ['outdoor', 0.9, 10],
      ['indoor', 0.5, 0],
      ['indoor', 0.9, 10],
    ]);
    expect(progress.length).toBeGreaterThan(1);
  });

  it('names what it had to leave out, and what it does not know', () => {
    expect(run.warnings.map(({ code, subjects }) => [code, ...subjects])).toEqual(
      expect.arrayContaining([
        ['cell.no-height', 'S3/L18-1'],
        ['area.population', 'c4'],
        ['area.households', 'c4'],
      ]),
    );
  });

  it('is told when it is asked for and when it has ended', () => {
    const told = c.changes.filter(({ resource }) => resource === 'coverage-run');
    expect(told.map(({ id, action, after }) => [id, action, (after as { state: string }).state])).toEqual([
      [run.id, 'create', 'queued'],
      [run.id, 'update', 'done'],
    ]);
  });
});

describe('figures', () => {
  it('are there for each unit, network, environment and probability', () => {
    const views = new Set(figures.map((f) => `${f.technology ?? 'any'}/${f.operator ?? 'any'}`));
    expect([...views].sort()).toEqual([
      '4G/any',
      '4G/viettel',
      '4G/vnpt',
      '5G/any',
      '5G/viettel',
      'any/any',
      'any/viettel',
      'any/vnpt',
    ]);
    expect(figures).toHaveLength(8 * 7 * 4);
  });

  it('add up from communes to districts to the province', () => {
    const sums = [
      'areaKm2',
      'areaCoveredKm2',
      'population',
      'populationCovered',
      'households',
      'householdsCovered',
    ] as const;
    const key = (f: CoverageFigure) => [f.technology, f.operator, f.environment, f.probability].join('|');
    const children: Record<string, string[]> = { d1: ['c1', 'c2'], d2: ['c3', 'c4'], p1: ['d1', 'd2'] };
    for (const figure of figures.filter(({ areaKind }) => areaKind !== 'commune'))
      for (const sum of sums) {
        const parts = figures.filter(
          (f) => children[figure.areaCode]?.includes(f.areaCode) && key(f) === key(figure),
        );
        expect(parts).toHaveLength(2);
        expect(figure[sum] ?? 0).toBeCloseTo((parts[0]?.[sum] ?? 0) + (parts[1]?.[sum] ?? 0), 2);
      }
  });

  it('have the areas of the register, and the people of the communes', async () => {
    const communes = await c.areas.snapshotAt(DATE);
    expect(communes).toHaveLength(4);
    for (const { code, areaKm2, population } of communes) {
      const figure = of(code, null, null);
      expect(Math.abs((figure?.areaKm2 ?? 0) / areaKm2 - 1)).toBeLessThan(0.005);
      if (population === null) expect(figure?.population).toBeNull();
      else expect(figure?.population).toBeCloseTo(population, 3);
    }
  });

  it('say what is unknown as unknown', () => {
    expect(of('c4', '4G', null)).toMatchObject({
      population: null,
      populationCovered: null,
      populationPercent: null,
      householdsPercent: null,
      communesWithoutPopulation: 1,
    });
    expect(of('d2', '4G', null)).toMatchObject({
      population: 500_000,
      communes: 2,
      communesWithoutPopulation: 1,
    });
  });

  it('make percentages of the numbers, less indoors than outdoors and less surely than likely', () => {
    for (const f of figures) {
      expect(f.areaPercent).toBeCloseTo((100 * f.areaCoveredKm2) / f.areaKm2, 6);
      if (f.environment !== 'outdoor' || f.probability !== 0.5) continue;
      const harder = figures.filter(
        (g) => g.areaCode === f.areaCode && g.technology === f.technology && g.operator === f.operator,
      );
      expect(harder).toHaveLength(4);
      for (const g of harder) expect(g.areaCoveredKm2).toBeLessThanOrEqual(f.areaCoveredKm2);
    }
    const outdoors = of('p1', '4G', null)?.areaPercent ?? 0;
    const indoors = of('p1', '4G', null, 'indoor')?.areaPercent ?? 0;
    expect(indoors).toBeGreaterThan(0);
    expect(indoors).toBeLessThan(outdoors);
    expect(outdoors).toBeLessThan(100);
  });

  it('come in pages that together are the whole', async () => {
    const seen: CoverageFigure[] = [];
    let cursor: string | undefined;
    do {
      const page = await c.figures.list(run.id, {}, { limit: 50, cursor });
      expect(page.items.length).toBeLessThanOrEqual(50);
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(figures);
  });

  it('are filtered by level, technology, operator, environment and probability', async () => {
    const filter = {
      by: 'district',
      technology: '4G',
      operator: 'any',
      environment: 'indoor',
      probability: 0.9,
    } as const;
    const districts = await c.coverage.figures(run.id, filter);
    expect(districts.map((f) => [f.areaCode, f.areaName, f.technology, f.operator])).toEqual([
      ['d1', 'Huyện Đông', '4G', null],
      ['d2', 'Thị xã Tây', '4G', null],
    ]);
    expect(
      await c.coverage.figures(run.id, { ...filter, by: undefined, areaCode: 'c1', operator: 'vnpt' }),
    ).toMatchObject([{ areaCode: 'c1', operator: 'vnpt' }]);
  });

  it('make the table by district, with the province below', async () => {
    const table = await c.coverage.figuresByDistrict(run.id, { environment: 'indoor', probability: 0.5 });
    expect(
      table.map(({ areaCode, technologies }) => [areaCode, technologies.map(({ technology }) => technology)]),
    ).toEqual([
      ['d1', ['4G', '5G']],
      ['d2', ['4G', '5G']],
      ['p1', ['4G', '5G']],
    ]);
    await expect(c.coverage.figuresByDistrict(run.id, { environment: 'vehicle' })).rejects.toMatchObject({
      status: 400,
      errors: [{ field: 'environment', message: expect.stringContaining('outdoor, indoor') }],
    });
  });
});

describe('cells', () => {
  const ALL = { west: 105, south: 9, east: 106, north: 11 };
  const view = { technology: '4G', environment: 'outdoor', probability: 0.9 } as const;

  it('come in pages by index, with their best server', async () => {
    const all = await c.cells.cells(run.id, ALL, view, { limit: 5000 });
    expect(all.numberMatched).toBe(run.manifest?.grid.cells);
    expect(all.features).toHaveLength(all.numberMatched);
    expect(all.nextCursor).toBeNull();
    const ids: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await c.cells.cells(run.id, ALL, view, { limit: 200, cursor });
      ids.push(...page.features.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(ids).toEqual(all.features.map(({ id }) => id));
    const served = all.features.filter(({ properties }) => properties.levelClass !== 'none');
    for (const { properties } of served) {
      expect(properties.levelDbm).toBeGreaterThanOrEqual(-110);
      expect(['S1', 'S2']).toContain(properties.site);
      expect(properties.operator).toBe(properties.site === 'S1' ? 'viettel' : 'vnpt');
      expect(properties.operatorCount).toBeGreaterThan(0);
      expect(properties.operatorCount).toBeLessThanOrEqual(properties.servingSites);
    }
    // Cells have about the same size: their share is the covered area's, but for what boundaries cut off.
    expect((100 * served.length) / all.numberMatched).toBeCloseTo(of('p1', '4G', null)?.areaPercent ?? 0, -1);
  });

  it('of one operator are its own', async () => {
    const page = await c.cells.cells(run.id, ALL, { ...view, operator: 'vnpt' }, { limit: 5000 });
    const sites = new Set(page.features.map(({ properties }) => properties.site));
    expect([...sites].sort()).toEqual(['S2', null]);
  });

  it('lie in the box', async () => {
    const page = await c.cells.cells(run.id, { west: 105.44, south: 9.74, east: 105.46, north: 9.76 }, view, {
      limit: 100,
    });
    expect(page.numberMatched).toBeGreaterThan(2);
    expect(page.numberMatched).toBeLessThan(20);
    for (const { geometry } of page.features) {
      expect(geometry.coordinates[0]?.[0]).toEqual(geometry.coordinates[0]?.at(-1));
      expect(geometry.coordinates[0]?.[0]?.[0]).toBeCloseTo(105.45, 1);
    }
    const nowhere = await c.cells.cells(run.id, { west: 0, south: 0, east: 1, north: 1 }, view, {
      limit: 100,
    });
    expect(nowhere).toMatchObject({ numberMatched: 0, features: [], nextCursor: null });
  });

  it('refuse a view or a cursor that is not there', async () => {
    const ask = (request: object, cursor?: string) =>
      c.cells.cells(run.id, ALL, request, { limit: 10, cursor });
    await expect(ask({ technology: '3G' })).rejects.toMatchObject({
      status: 400,
      errors: [{ field: 'technology', message: expect.stringContaining('4G, 5G') }],
    });
    await expect(ask({ technology: '5G', operator: 'vnpt' })).rejects.toMatchObject({
      errors: [{ field: 'operator' }],
    });
    await expect(ask({ probability: 0.7 })).rejects.toMatchObject({ errors: [{ field: 'probability' }] });
    await expect(ask({}, Buffer.from('nothing of ours').toString('base64url'))).rejects.toMatchObject({
      errors: [{ field: 'cursor' }],
    });
  });
});

describe('why a place has its levels', () => {
  it('is taken apart into a link budget that adds up', async () => {
    const why = await c.cells.explain(run.id, 105.47, 9.76, { environment: 'indoor', probability: 0.9 });
    expect(why.networks.map(({ technology, operator }) => [technology, operator])).toEqual([
      ['4G', 'viettel'],
      ['4G', 'vnpt'],
      ['5G', 'viettel'],
    ]);
    const near = why.networks[0];
    expect(near?.best).toMatchObject({
      siteCode: 'S1',
      model: 'extended-hata',
      antennaHeightM: 30,
      outsideRange: [],
    });
    for (const { best, levelDbm, marginDb, thresholdDbm } of why.networks) {
      if (!best) continue;
      const { eirpDbm, pathLossDb, entryLossDb, shadowMarginDb, antennaLossDb } = best;
      expect(
        Math.abs(eirpDbm - pathLossDb - entryLossDb - shadowMarginDb - antennaLossDb - (levelDbm ?? 0)),
      ).toBeLessThan(0.5);
      expect(marginDb).toBeCloseTo((levelDbm ?? 0) - thresholdDbm, 1);
      expect(entryLossDb).toBeGreaterThan(5);
      expect(shadowMarginDb).toBe(10.3);
    }
    // About 2.2 km east and 1.1 km north of the mast, to the middle of a cell of half a kilometre.
    expect(Math.abs((near?.best?.distanceM ?? 0) - 2450)).toBeLessThan(600);
    expect(Math.abs((near?.best?.bearingDeg ?? 0) - 63)).toBeLessThan(20);
  });

  it('is the same as the cell of the map says', async () => {
    const why = await c.cells.explain(run.id, 105.47, 9.76, { technology: '4G' });
    const box = { west: 105.46, south: 9.75, east: 105.48, north: 9.77 };
    const { features } = await c.cells.cells(run.id, box, { technology: '4G' }, { limit: 100 });
    const cell = features.find(({ id }) => id === why.cell)?.properties;
    expect(cell).toMatchObject({ landCover: why.landCover, levelDbm: why.networks[0]?.levelDbm, site: 'S1' });
  });

  it('is not known outside of the grid', async () => {
    await expect(c.cells.explain(run.id, 0, 0, {})).rejects.toMatchObject({ status: 404 });
  });
});

describe('the map', () => {
  it('says what it shows, from what, and that it is made up', async () => {
    const svg = await c.maps.svg(run.id, { technology: '4G', environment: 'indoor', probability: 0.9 });
    expect(svg.length).toBeLessThan(2_000_000);
    expect(svg).toContain('Vùng phủ sóng 4G trong nhà · Tỉnh Sông &amp; &lt;Nước&gt;');
    for (const text of [
      run.id,
      DATE,
      'synthetic demo data',
      'extended-hata',
      'RSRP',
      'dBm',
      'TX. Tây',
      '2 trạm có 4G',
    ])
      expect(svg).toContain(text);
    expect(svg).not.toMatch(/<script|<style|href="http|NaN|undefined/);
    expect(wellFormed(svg)).toBe(true);
  });

  it('is of another run where nothing is made up', async () => {
    const q = (sql: string) => c.database.dataSource.query(sql);
    await q(`update areas set source = 'Niên giám'`);
    await q(`update sites set source = null`);
    const { id } = await c.coverage.start('system', {
      boundaryDate: DATE,
      networkDate: DATE,
      resolution: 8,
      environments: ['outdoor'],
      probabilities: [0.5],
    });
    expect(await c.coverage.waitFor(id)).toMatchObject({ state: 'done', synthetic: false });
    const svg = await c.maps.svg(id, { technology: '5G', operator: 'viettel' });
    expect(svg).not.toMatch(/synthetic/i);
    expect(svg).toContain('3gpp-38901-rma');
    expect(wellFormed(svg)).toBe(true);
  });
});

describe('a second run over the same boundaries', () => {
  it('uses the grid again and comes to the same figures', async () => {
    const grids = () =>
      c.database.dataSource.query(`select key, created_at from coverage_grids where resolution = 8`);
    const before = (await grids()) as unknown[];
    const { id } = await c.coverage.start('system', {
      boundaryDate: DATE,
      networkDate: DATE,
      resolution: 8,
      environments: ['indoor', 'outdoor'],
    });
    const again = await c.coverage.waitFor(id);
    expect(again).toMatchObject({ state: 'done', dataVersion: run.dataVersion });
    expect(await c.coverage.figures(id)).toEqual(figures);
    expect(before).toHaveLength(1);
    expect(await grids()).toEqual(before);
    const { items, nextCursor } = await c.runs.list({}, { limit: 1 });
    expect(items.map((item) => item.id)).toEqual([id]);
    const older = await c.runs.list({}, { limit: 10, cursor: nextCursor ?? '' });
    expect(older.items.map((item) => item.id)).toContain(run.id);
    expect(older.items.map((item) => item.id)).not.toContain(id);
  });
});

describe('what is finished', () => {
  it.each([
    ['coverage_runs', `update coverage_runs set title = 'x' where id = $1`],
    ['coverage_runs', `delete from coverage_runs where id = $1`],
    ['coverage_figures', `update coverage_figures set population = 1 where run_id = $1`],
    ['coverage_figures', `delete from coverage_figures where run_id = $1`],
    [
      'coverage_figures',
      `insert into coverage_figures (run_id, area_id, area_code, area_kind, environment, probability, area_km2,
         area_covered_km2, communes, communes_without_population, communes_without_households)
       select $1, area_id, area_code, area_kind, 'space', 0.5, 1, 1, 1, 0, 0 from coverage_figures limit 1`,
    ],
    ['coverage_layers', `update coverage_layers set data = '' where run_id = $1`],
    ['coverage_layers', `delete from coverage_layers where run_id = $1`],
    ['coverage_transmitters', `delete from coverage_transmitters where run_id = $1`],
  ])('is not changed in %s: %s', async (_table, sql) => {
    await expect(c.database.dataSource.query(sql, [run.id])).rejects.toThrow(/never changed/);
  });

  it.each(['coverage_figures', 'coverage_layers', 'coverage_transmitters', 'coverage_runs cascade'])(
    'is not emptied: %s',
    async (table) => {
      await expect(c.database.dataSource.query(`truncate ${table}`)).rejects.toThrow(/never changed/);
    },
  );

  it('keeps its grid', async () => {
    await expect(c.database.dataSource.query(`delete from coverage_grids`)).rejects.toThrow(/foreign key/);
  });
});

/** Tags open and close in order; no DOM is at hand. */
function wellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, close, name, self] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!self) open.push(name ?? '');
  }
  return open.length === 0 && !/&(?!(amp|lt|gt|quot);)/.test(svg);
}
