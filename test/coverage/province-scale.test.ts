import { generateDemo } from '../../src/demo/province/index.js';
import type { CoverageRun } from '../../src/modules/coverage/index.js';
import { DATE, openCoverage, type CoverageParts } from './fixtures.js';

/** The whole province at once: sizes that the small fixtures do not reach. */
let c: CoverageParts;
let run: CoverageRun;
beforeAll(async () => {
  c = await openCoverage();
  const demo = generateDemo(1);
  await c.areasWriter.importAreas(demo.areas);
  await c.operators.importOperators(demo.operators);
  await c.sitesWriter.importSites(demo.sites, { date: DATE });
  const worker = c.worker();
  await worker.start();
  run = await c.coverage.waitFor(
    (await c.coverage.start('system', { boundaryDate: DATE, resolution: 9 })).id,
  );
  await worker.stop();
});
afterAll(async () => c?.stop());

it('is reckoned with all of its networks', () => {
  expect(run).toMatchObject({
    state: 'done',
    synthetic: true,
    resolution: 9,
    warnings: [],
    manifest: { grid: { areas: 75 }, transmitters: { sites: 1070, cellsSkipped: 0 } },
  });
});

it('has the area and the people of the province', async () => {
  const [province] = await c.coverage.figures(run.id, { by: 'province', technology: 'any', operator: 'any' });
  expect(Math.abs((province?.areaKm2 ?? 0) - 1621.8)).toBeLessThan(2);
  expect(province?.population).toBeCloseTo(733_017, 0);
  expect(province?.areaCoveredKm2).toBeGreaterThan(1600);
});

it('makes a table of eight districts and the province, where 5G is in two places', async () => {
  const table = await c.coverage.figuresByDistrict(run.id, { environment: 'indoor', probability: 0.9 });
  expect(table.map(({ areaKind }) => areaKind)).toEqual([...Array<string>(8).fill('district'), 'province']);
  const with5g = table.filter(
    ({ technologies }) => (technologies.find((t) => t.technology === '5G')?.areaPercent ?? 0) > 0,
  );
  expect(with5g.map(({ areaName }) => areaName)).toEqual([
    'Thành phố Vị Thanh',
    'Huyện Châu Thành',
    'Tỉnh Hậu Giang',
  ]);
  for (const { technologies } of table) {
    expect(technologies.map(({ technology }) => technology)).toEqual(['2G', '3G', '4G', '5G']);
    for (const { areaPercent } of technologies) expect(areaPercent).toBeLessThanOrEqual(100);
  }
});

it('fits on a map of less than 2 MB', async () => {
  for (const technology of ['2G', '4G'] as const) {
    const svg = await c.maps.svg(run.id, { technology, environment: 'indoor', probability: 0.9 });
    expect(svg.length).toBeLessThan(2_000_000);
    expect(svg).toContain('TP. Ngã Bảy');
  }
});
