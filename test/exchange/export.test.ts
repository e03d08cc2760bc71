import fs from 'node:fs';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { ExportsService } from '../../src/modules/exchange/export/exports.service.js';
import { textOf } from '../../src/modules/exchange/readers/limits.js';
import { OperatorsService, type SiteInput, SitesWriter } from '../../src/modules/sites/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { demo, demoAreas, demoSites } from './faults.js';
import { readAll, removeTemporary } from './files.js';
import { ImportClient } from './import-client.js';

const FORMATS = ['csv', 'xlsx', 'geojson'] as const;
const HOSTILE: Partial<SiteInput>[] = [
  { name: '=HYPERLINK("http://example.com")', address: '+84 293 3 878 878', source: '@SUM(A1)' },
  { name: '-', address: 'không có', source: 'NULL', certificateNumber: '00123' },
  { name: "'=1+1", address: "'Quán 'Ba\tLúa", source: ' có khoảng trắng ' },
  { name: 'Phường I'.normalize('NFD'), address: 'a"b;c,d|e\r\nf\rg', source: '🛰️ ភូមិ' },
  { name: '2024-01-02', address: '\t=1', source: '＝1', backupHours: 4.123456789012345 },
  { name: 'NA', address: '_x000D_', source: 'x'.repeat(500), structureHeightM: 0.1 + 42.2 },
];
/** At the places of the demo's first sites, which are known to lie within the province. */
const hostileSites = HOSTILE.map((texts, i): SiteInput => {
  const { lon, lat, ownerCode, tenantCodes, cells } = demoSites[i * 10]!;
  return {
    code: ['NA', '-', '-1', 'NULL', '00123', '1e5'][i]!,
    name: '',
    lon: lon + 0.001 / 3,
    lat: lat + 0.001 / 7,
    ownerCode: ownerCode === 'viettel' ? 'vnpt' : 'viettel',
    tenantCodes,
    cells: cells!.map((cell) => ({ ...cell, gainDbi: -1.1, electricalTiltDeg: -2.5 })),
    ...texts,
  };
});

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(UnitOfWork).run(async (tx) => {
    await app.app.get(AreasWriter).importAreas(demoAreas, tx);
    await app.app.get(OperatorsService).importOperators(demo.operators, tx);
    await app.app.get(SitesWriter).importSites([...demoSites.slice(0, 80), ...hostileSites], { tx });
  });
});
afterAll(async () => {
  removeTemporary();
  await app?.stop();
});

const get = (path: string) =>
  fetch(`${app.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${app.adminToken}` } });
async function exported(path: string): Promise<Buffer> {
  const answer = await get(`exports/${path}`);
  expect([path, answer.status]).toEqual([path, 200]);
  return Buffer.from(await answer.arrayBuffer());
}

describe('what is exported', () => {
  const cells = [...demoSites.slice(0, 80), ...hostileSites].flatMap((site) => site.cells ?? []).length;

  it.each([
    ...FORMATS.map((format) => ['sites', 86, format, 'keys'] as const),
    ...FORMATS.map((format) => ['cells', cells, format, 'keys'] as const),
    ['sites', 86, 'csv', 'vi'] as const,
    ['cells', cells, 'xlsx', 'vi'] as const,
  ])(
    'changes nothing when it is imported: %s, %i rows, %s with %s',
    async (resource, count, format, headings) => {
      const file = await exported(`${resource}?format=${format}&headings=${headings}`);
      const client = new ImportClient(app, resource);
      const run = await client.send(file);
      expect([...(await client.codes(run.id)), ...(await client.codes(run.id, 'warning'))]).toEqual([]);
      expect(run).toMatchObject({
        state: 'checked',
        counts: { rows: count, unchanged: count, badRows: 0, created: 0, updated: 0 },
      });
    },
    60_000,
  );

  it('is the same as what OGC API – Features tells', async () => {
    const url = 'ogc/collections/sites/items?limit=1000';
    const items = (await (await get(url)).json()) as { features: Feature[] };
    const file = JSON.parse((await exported('sites?format=geojson')).toString()) as { features: Feature[] };
    const shared = ['code', 'address', 'structureHeightM', 'ownerCode', 'lifecycle', 'certificateExpiresOn'];
    const seen = ({ geometry, properties }: Feature) => ({
      at: geometry.coordinates.map((degrees) => Number(degrees.toFixed(7))),
      ...Object.fromEntries(shared.map((name) => [name, properties[name]])),
    });
    const inOrder = (features: Feature[]) =>
      features.map(seen).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    // Texts that an import would take for nothing are marked in the file alone.
    const known = new Set(demoSites.map(({ code }) => code));
    const plain = (features: Feature[]) =>
      inOrder(features.filter(({ properties }) => known.has(String(properties.code))));
    expect(plain(file.features)).toEqual(plain(items.features));
    expect([file.features.length, items.features.length, plain(file.features).length]).toEqual([86, 86, 80]);
  });

  interface Feature {
    geometry: { coordinates: number[] };
    properties: Record<string, unknown>;
  }

  it.each(['sites', 'cells'])('looks as it did: %s', async (resource) => {
    const codes = demoSites.slice(0, 2).map(({ code }) => code);
    const q = `q=${codes[0]}`;
    for (const format of ['csv', 'geojson']) {
      const golden = new URL(`golden/${resource}.${format}`, import.meta.url);
      const file = (await exported(`${resource}?format=${format}&${q}`)).toString();
      if (process.env.UPDATE_GOLDEN) fs.writeFileSync(golden, file);
      expect(file).toBe(fs.readFileSync(golden, 'utf8'));
    }
    const csv = await readAll(await exported(`${resource}?format=csv&headings=vi&${q}`));
    const xlsx = await readAll(await exported(`${resource}?format=xlsx&headings=vi&${q}`));
    const texts = (values: unknown[]) => values.map(textOf);
    const width = csv.columns.length;
    expect(xlsx.columns).toEqual(csv.columns);
    expect(xlsx.rows.map(({ values }) => texts([...values, ...Array<null>(width)].slice(0, width)))).toEqual(
      csv.rows.map(({ values }) => texts(values)),
    );
  });
});

describe('a request for an export', () => {
  it('is narrowed as the list is, and says what the file is', async () => {
    const { features } = JSON.parse(
      (await exported('cells?format=geojson&operator=viettel&technology=4G')).toString(),
    ) as { features: { properties: Record<string, unknown>; geometry: { type: string } }[] };
    expect(features.length).toBeGreaterThan(0);
    for (const { properties, geometry } of features)
      expect([properties.operatorCode, properties.technology, geometry.type]).toEqual([
        'viettel',
        '4G',
        'Point',
      ]);
    const answer = await get('exports/sites?format=xlsx&unit=930&status=active');
    expect(answer.headers.get('content-type')).toContain('spreadsheetml');
    expect(answer.headers.get('content-disposition')).toMatch(/filename="sites-\d{4}-\d\d-\d\d\.xlsx"/);
    await answer.arrayBuffer();
    const nothing = await exported('sites?q=nowhere');
    expect(nothing.toString()).toMatch(/^\uFEFFcode,name,[^\n]+\r\n$/);
    expect(JSON.parse((await exported('sites?q=nowhere&format=geojson')).toString())).toEqual({
      type: 'FeatureCollection',
      features: [],
    });
  });

  it('is refused in words', async () => {
    const statuses = async (...paths: string[]) =>
      Promise.all(paths.map(async (path) => (await get(`exports/${path}`)).status));
    expect(
      await statuses('sites?format=pdf', 'sites?colour=red', 'sites?unit=none', 'sites?bbox=1', 'towers'),
    ).toEqual([400, 400, 404, 400, 404]);
    expect((await fetch(`${app.url}/api/v1/exports/sites`)).status).toBe(401);
  });

  it('ends with its client, and is refused while three others run', async () => {
    let open = 0;
    async function* endless(): AsyncGenerator<object[]> {
      open += 1;
      try {
        for (;;) yield [{ code: 'a' }];
      } finally {
        open -= 1;
      }
    }
    const exports = app.app.get(ExportsService);
    const send = () => exports.send('sites', endless, { format: 'xlsx', headings: 'keys' });
    const files = [await send(), await send(), await send()];
    expect(open).toBe(3);
    await expect(send()).rejects.toMatchObject({ status: 429 });
    expect((await get('exports/sites')).status).toBe(429);
    for (const file of files) file.getStream().destroy();
    await until(() => open === 0, { what: 'reading stops' });
    expect((await exported('sites?q=HGI')).length).toBeGreaterThan(0);
  });
});
