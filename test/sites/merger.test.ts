import { AttributesService } from '../../src/modules/attributes/index.js';
import { areaRows, siteRows } from '../../src/demo/load/rows.js';
import { generateDemo } from '../../src/demo/province/index.js';
import { SiteCountsReader } from '../../src/modules/sites/site-counts.reader.js';
import { openRegister, type Register } from './fixtures.js';

/** The merger of July 2025: an import, and nothing else. */
let r: Register;
beforeAll(async () => {
  r = await openRegister();
});
afterAll(async () => r?.database.stop());

it('closes the 75 communes, adds the 28, and leaves figures to be asked under either', async () => {
  const demo = generateDemo(1);
  const sites = siteRows(demo).map((site) => ({ ...site, cells: [] }));
  await r.areasWriter.importAreas(areaRows(demo));
  await r.operators.importOperators(demo.operators);
  await r.writer.importSites(sites);
  expect(await r.areas.communesAt('2026-01-01')).toHaveLength(75);

  const { created, updated } = await r.areasWriter.importAreas(demo.areas);
  // 75 communes, 8 districts and the province are closed; 28 units and what they lie in are new.
  expect([created, updated]).toEqual([29, 84]);
  expect(await r.areas.communesAt('2025-06-30')).toHaveLength(75);
  expect(await r.areas.communesAt('2025-07-01')).toHaveLength(28);
  expect(await r.areasWriter.importAreas(demo.areas)).toMatchObject({ created: 0, updated: 0 });

  const counts = new SiteCountsReader(r.uow, r.areas, r.reader, new AttributesService(r.uow));
  const count = async (date: string) => {
    const rows = await counts.counts(['commune'], { date }, 90);
    return { units: rows.length, sites: rows.reduce((sum, row) => sum + row.sites, 0) };
  };
  expect(await count('2025-06-30')).toEqual({ units: 75, sites: sites.length });
  expect(await count('2025-07-01')).toEqual({ units: 28, sites: sites.length });
});
