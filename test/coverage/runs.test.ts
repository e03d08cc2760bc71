import type { JobRunner } from '../../src/common/jobs/job-runner.js';
import type { CoverageFigure, CoverageRun } from '../../src/modules/coverage/index.js';
import { DATE, fillRegister, HAMLETS, openCoverage, type CoverageParts } from './fixtures.js';
import type { HamletInput } from '../../src/modules/hamlets/index.js';

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
        people: { communes: 4, communesWithCentres: 1, centres: 2, communesSpreadEvenly: 3 },
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

describe('people', () => {
  it('live about the hamlets of their commune, where there are any', async () => {
    const near = async (lon: number, lat: number) => (await c.cells.explain(run.id, lon, lat, {})).population;
    const [large, small, between] = [
      await near(105.42, 9.72),
      await near(105.48, 9.78),
      await near(105.45, 9.75),
    ];
    expect(large).toBeGreaterThan(2 * small);
    expect(small).toBeGreaterThan(1.5 * between);
    const elsewhere = [await near(105.53, 9.72), await near(105.57, 9.78)];
    expect((elsewhere[0] ?? 0) / (elsewhere[1] ?? 0)).toBeCloseTo(1, 1);
  });

  it('that move to another hamlet make another state of the register', async () => {
    const before = run.dataVersion;
    await c.hamletsWriter.importHamlets([{ ...(HAMLETS[1] as HamletInput), population: 9000 }], {
      date: DATE,
    });
    const { id } = await c.coverage.start('system', {
      boundaryDate: DATE,
      networkDate: DATE,
      resolution: 8,
      environments: ['outdoor'],
      probabilities: [0.5],
    });
    const moved = await c.coverage.waitFor(id);
    expect(moved.state).toBe('done');
    expect(moved.dataVersion).not.toBe(before);
    expect(moved.manifest?.grid.key).not.toBe(run.manifest?.grid.key);
    const at = await c.cells.explain(id, 105.48, 9.78, {});
    expect(at.population).toBeGreaterThan((await c.cells.explain(run.id, 105.48, 9.78, {})).population);
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
    ['coverage_histograms', `update coverage_histograms set area_code = 'x' where run_id = $1`],
    ['coverage_histograms', `delete from coverage_histograms where run_id = $1`],
    [
      'coverage_histograms',
      `insert into coverage_histograms (run_id, area_id, area_code, area_kind, counted, environment, probability, area_km2)
       select $1, area_id, area_code, area_kind, 'sites', 'space', 0.5, '{1}' from coverage_histograms limit 1`,
    ],
    ['coverage_layers', `update coverage_layers set data = '' where run_id = $1`],
    ['coverage_layers', `delete from coverage_layers where run_id = $1`],
    ['coverage_transmitters', `delete from coverage_transmitters where run_id = $1`],
  ])('is not changed in %s: %s', async (_table, sql) => {
    await expect(c.database.dataSource.query(sql, [run.id])).rejects.toThrow(/never changed/);
  });

  it.each([
    'coverage_figures',
    'coverage_histograms',
    'coverage_layers',
    'coverage_transmitters',
    'coverage_runs cascade',
  ])('is not emptied: %s', async (table) => {
    await expect(c.database.dataSource.query(`truncate ${table}`)).rejects.toThrow(/never changed/);
  });

  it('keeps its grid', async () => {
    await expect(c.database.dataSource.query(`delete from coverage_grids`)).rejects.toThrow(/foreign key/);
  });
});
