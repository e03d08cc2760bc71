import fs from 'node:fs';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { OperatorsService, SitesService } from '../../src/modules/sites/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { demo, demoAreas } from './faults.js';
import { ImportClient } from './import-client.js';

let app: TestApp;
let imports: ImportClient;
beforeAll(async () => {
  app = await createTestApp();
  imports = new ImportClient(app, 'sites');
  await app.app.get(UnitOfWork).run(async (tx) => {
    await app.app.get(AreasWriter).importAreas(demoAreas, tx);
    await app.app.get(OperatorsService).importOperators(demo.operators, tx);
  });
});
afterAll(() => app?.stop());

const fixture = (name: string) => fs.readFileSync(new URL(`fixtures/${name}`, import.meta.url));

/** What stands in all of them: two rows that are enough to tell encodings, commas, dates and formulas. */
const SECOND = {
  name: 'Trạm Hỏa Lựu',
  lat: 9.779322,
  lon: 105.47246,
  ownerCode: 'vnpt',
  structureHeightM: 36,
};
const FOURTH = { name: 'Trạm Phụng Hiệp', lat: 9.754287, lon: 105.432412, structureHeightM: 45 };

describe('files as other programs write them', () => {
  it.each<[string, string, string, object, object]>([
    // A title over merged cells, codes and heights by formula, coordinates as numbers and as text with commas, days as days.
    [
      'LibreOffice 7.4, as XLSX',
      'libreoffice-sites.xlsx',
      'LO',
      { ...SECOND, certificateExpiresOn: '2025-12-03', backupHours: 4 },
      { ...FOURTH, certificateExpiresOn: '2026-01-31', backupHours: 8 },
    ],
    [
      'a table converted to Windows-1258 with iconv',
      'windows-1258-sites.csv',
      'W58',
      { ...SECOND, certificateExpiresOn: '2025-12-03' },
      { ...FOURTH, certificateExpiresOn: '2026-01-31' },
    ],
    [
      // The form of Excel's "Unicode text"; no Excel wrote it.
      'a table converted to UTF-16 with iconv, with tabs',
      'utf-16-sites.csv',
      'U16',
      { ...SECOND, certificateExpiresOn: '2025-12-03' },
      FOURTH,
    ],
    ['ogr2ogr, as GeoJSON', 'ogr-sites.geojson', 'OGR', SECOND, FOURTH],
  ])('are imported from %s', async (_program, name, code, second, fourth) => {
    const run = await imports.send(fixture(name), { mode: 'apply' });
    expect(await imports.codes(run.id)).toEqual([]);
    expect(run).toMatchObject({ state: 'applied', counts: { rows: 6, created: 6, badRows: 0 } });
    const sites = app.app.get(SitesService);
    expect(await sites.read(`${code}-002`)).toMatchObject(second);
    expect(await sites.read(`${code}-004`)).toMatchObject(fourth);
  });
});
