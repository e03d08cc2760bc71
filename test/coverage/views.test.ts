import type { JobRunner } from '../../src/common/jobs/job-runner.js';
import type { CoverageRun } from '../../src/modules/coverage/index.js';
import { DATE, fillRegister, openCoverage, type CoverageParts } from './fixtures.js';

/** What is shown of a run: cells, why a place has its levels, the map. */
let c: CoverageParts;
let worker: JobRunner;
let run: CoverageRun;

beforeAll(async () => {
  c = await openCoverage();
  await fillRegister(c);
  worker = c.worker();
  await worker.start();
  const { id } = await c.coverage.start('system', {
    boundaryDate: DATE,
    networkDate: DATE,
    resolution: 8,
    environments: ['outdoor', 'indoor'],
    probabilities: [0.5, 0.9],
  });
  run = await c.coverage.waitFor(id);
});
afterAll(async () => {
  await worker?.stop();
  await c?.stop();
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
    const [province] = await c.coverage.figures(run.id, { ...view, by: 'province', operator: 'any' });
    // Cells have about the same size: their share is the covered area's, but for what boundaries cut off.
    expect((100 * served.length) / all.numberMatched).toBeCloseTo(province?.areaPercent ?? 0, -1);
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
