import { generateDemo } from '../../src/demo/province/index.js';
import { openRegister, type Register } from './fixtures.js';

/** The whole province at once: sizes that the small fixtures do not reach. */
let r: Register;
beforeAll(async () => {
  r = await openRegister();
});
afterAll(async () => r?.database.stop());

it('takes in a province with all its sites and cells, and finds it unchanged the second time', async () => {
  const demo = generateDemo(1);
  const cells = demo.sites.reduce((sum, site) => sum + site.cells.length, 0);
  await r.areasWriter.importAreas(demo.areas);
  await r.operators.importOperators(demo.operators);
  expect(await r.writer.importSites(demo.sites)).toEqual({
    created: demo.sites.length,
    updated: 0,
    unchanged: 0,
  });
  expect(await r.sites.count()).toEqual({ sites: demo.sites.length, cells });
  expect(await r.writer.importSites(demo.sites)).toEqual({
    created: 0,
    updated: 0,
    unchanged: demo.sites.length,
  });
  const before = await r.sites.snapshotCells('2025-06-30');
  expect(before).toHaveLength(cells);
  expect(await r.areas.snapshotAt('2025-06-30')).toHaveLength(75);
  expect(await r.areas.snapshotAt('2025-07-01')).toHaveLength(28);

  // Each site lies on the ground of exactly one of the eight districts.
  let inDistricts = 0;
  for (const { code } of demo.areas.filter(({ kind }) => kind === 'district')) {
    let cursor: string | undefined;
    do {
      const page = await r.reader.list({ limit: 1000, unit: code, cursor, date: '2025-06-30' });
      inDistricts += page.items.length;
      cursor = page.nextCursor ?? undefined;
      const wrong = page.items.filter(
        (site) => site.commune?.code !== demo.sites.find((s) => s.code === site.code)?.communeCode,
      );
      expect(wrong).toEqual([]);
    } while (cursor);
  }
  expect(inDistricts).toBe(demo.sites.length);
});
