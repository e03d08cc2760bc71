import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { type AreaImportRow, AreasService, AreasWriter } from '../../src/modules/areas/index.js';
import { square } from '../areas/fixtures.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { demo, demoAreas } from './faults.js';
import { csv, ImportClient } from './import-client.js';

let app: TestApp;
let areas: AreasService;
let imports: ImportClient;
beforeAll(async () => {
  app = await createTestApp();
  areas = app.app.get(AreasService);
  await app.app.get(AreasWriter).importAreas(demoAreas);
  imports = new ImportClient(app, 'areas');
});
afterAll(async () => app?.stop());

type Properties = Record<string, string | number | null>;
const collection = (features: { properties: Properties; geometry: unknown }[]) =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: features.map((feature) => ({ type: 'Feature', ...feature })),
  });
const [first] = demoAreas.filter(({ kind }) => kind === 'commune');
const commune = first as AreaImportRow;
const BEFORE = { valid_from: '2020-01-01' };

describe('the merger of July 2025, dropped in as a file', () => {
  /** The old units end and keep their boundaries; the new ones bring their own. */
  const file = collection(
    demo.areas.map(({ code, fullName, kind, parentCode, validFrom, validTo, boundary, ...figures }) => ({
      properties: {
        code,
        name: fullName,
        kind,
        parent: parentCode,
        valid_from: validFrom,
        valid_until: validTo,
        population: figures.population,
        households: figures.households,
      },
      geometry: validTo === null ? boundary : null,
    })),
  );
  let id: string;

  it('is shown first, field by field, and then in force', async () => {
    const dry = await imports.send(file);
    expect(await imports.findings(dry.id)).toEqual([]);
    expect(dry).toMatchObject({ state: 'checked', counts: { rows: 113, created: 29, updated: 84 } });
    const ends = (await imports.changes(dry.id)).filter(({ action }) => action === 'update');
    expect(ends.map(({ fields }) => fields)).toEqual(
      Array(84).fill([{ field: 'validTo', before: null, after: '2025-07-01' }]),
    );
    expect(await areas.communesAt('2025-07-01')).toHaveLength(75);

    const run = await imports.send(file, { mode: 'apply' });
    expect(run).toMatchObject({ state: 'applied', counts: { created: 29, updated: 84 } });
    id = run.id;
    expect(await areas.communesAt('2025-06-30')).toHaveLength(75);
    expect(await areas.communesAt('2025-07-01')).toHaveLength(28);
    const old = await areas.getWithBoundary((await areas.findAt(commune.code, '2025-06-30'))?.id ?? '');
    expect(old.boundary).toEqual(commune.boundary);
    expect(await imports.send(file)).toMatchObject({ counts: { unchanged: 113 } });
  });

  it('is taken back when nothing stands on the new units, and says what does', async () => {
    const added: AreaImportRow = {
      code: 'them-1',
      kind: 'commune',
      type: 'Xã',
      name: 'Thêm',
      parentCode: '92',
      validFrom: '2025-08-01',
      validTo: null,
    };
    await app.app.get(AreasWriter).importAreas([added]);
    const refused = await imports.undo(id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'IN_USE' } });
    expect(refused.body.detail).toContain('administrative units in them: 1 (92)');
    expect(await areas.communesAt('2025-07-01')).toHaveLength(28);

    await app.app.get(UnitOfWork).reader.query(`delete from areas where code = 'them-1'`);
    expect((await imports.undo(id)).status).toBe(200);
    expect(await areas.communesAt('2025-07-01')).toHaveLength(75);
    expect(await areas.findAt('92', '2025-08-01')).toBeUndefined();
    const back = await areas.getWithBoundary((await areas.findAt(commune.code, '2026-01-01'))?.id ?? '');
    expect(back).toMatchObject({ validTo: null, boundary: commune.boundary, population: commune.population });
  });
});

it('changes figures from a table without boundaries, which stay', async () => {
  const rows = [
    { 'Mã đơn vị': commune.code, 'Từ ngày': '01/01/2020', 'Dân số': '12.345', 'Số hộ': '' },
    { 'Mã đơn vị': commune.parentCode, 'Từ ngày': '01/01/2020' },
  ];
  const run = await imports.send(csv(rows), { mode: 'apply' });
  expect(await imports.findings(run.id)).toEqual([]);
  expect(run).toMatchObject({ state: 'applied', counts: { updated: 2 } });
  const changes = await imports.changes(run.id);
  expect(changes[0]?.fields).toEqual([
    { field: 'population', before: commune.population, after: 12_345 },
    { field: 'populationBasis', before: commune.populationBasis, after: 'unknown' },
    { field: 'households', before: commune.households, after: null },
    { field: 'householdsBasis', before: 'estimated', after: 'unknown' },
  ]);
  const now = await areas.getWithBoundary((await areas.findAt(commune.code, '2024-01-01'))?.id ?? '');
  expect(now).toMatchObject({ population: 12_345, households: null, boundary: commune.boundary });
  expect((await imports.undo(run.id)).status).toBe(200);
});

describe('faults', () => {
  const unit = (code: string, more: Properties = {}, geometry: unknown = null) => ({
    properties: { code, name: `Xã ${code}`, parent: commune.parentCode, ...BEFORE, ...more },
    geometry,
  });
  const bowTie = {
    type: 'Polygon',
    coordinates: [
      [
        [105.5, 9.7],
        [105.6, 9.8],
        [105.6, 9.7],
        [105.5, 9.8],
        [105.5, 9.7],
      ],
    ],
  };
  const swapped = {
    type: 'Polygon',
    coordinates: [square(105.5, 9.7).coordinates[0]?.map(([lon, lat]) => [lat, lon])],
  };

  it('are told of every row, of boundaries too, and nothing is written', async () => {
    const file = collection([
      unit('n1', {}, square(105.5, 9.7)),
      unit('n2', {}, bowTie),
      unit('n3', {}, swapped),
      unit('n4', { parent: 'nobody' }),
      unit('n5', { valid_until: '2019-01-01' }),
      unit('N 6', { name: 'Nơi nào đó' }),
      unit('n1'),
      unit(commune.code, { valid_from: '2024-01-01' }),
      unit('n9', { kind: 'làng', population: -4 }),
      unit('n10', { valid_from: null }),
    ]);
    const run = await imports.send(file, { mode: 'apply' });
    expect(run).toMatchObject({ state: 'refused', counts: { rows: 10, badRows: 9, created: 1 } });
    expect(await imports.codes(run.id)).toEqual([
      '2 GEOMETRY',
      '3 GEOMETRY',
      '4 PARENT_MISSING',
      '5 ORDER',
      '6 REQUIRED',
      '6 REQUIRED',
      '6 PATTERN',
      '7 DUPLICATE_IN_FILE',
      '8 OVERLAP',
      '9 CHOICE',
      '9 COUNT',
      '10 REQUIRED',
    ]);
    expect((await imports.findings(run.id))[0]).toMatchObject({
      column: 'boundary',
      message: expect.stringContaining('Self-intersection') as string,
    });
    expect(await areas.findAt('n1', '2021-01-01')).toBeUndefined();
    expect(await imports.corrections(run.id)).toHaveLength(10);
  });

  it('take with them the rows that cannot be without theirs; the rest goes in on request', async () => {
    const district = { kind: 'district', parent: '93' };
    const file = collection([
      unit('m1', { parent: 'd9' }),
      unit('m2', {}, square(105.5, 9.7)),
      unit('d9', { ...district, name: 'Huyện Chín', population: -1 }),
      unit('m4', { parent: 'd8' }),
      unit('d8', { ...district, name: 'Huyện Tám' }),
    ]);
    const run = await imports.send(file, { mode: 'apply', onErrors: 'valid-rows' });
    expect(await imports.codes(run.id)).toEqual(['1 PARENT_MISSING', '3 COUNT']);
    expect(run).toMatchObject({ state: 'applied', counts: { created: 3, badRows: 2 } });
    expect(await areas.findAt('m4', '2021-01-01')).toMatchObject({ parentCode: 'd8', name: 'm4' });
    expect((await imports.undo(run.id)).status).toBe(200);
    expect(await areas.findAt('d8', '2021-01-01')).toBeUndefined();
  });

  it('tell of a parent that ends before its communes do', async () => {
    const ends = { code: commune.parentCode, ...BEFORE, valid_until: '2025-07-01' };
    const run = await imports.send(csv([ends]));
    expect(await imports.codes(run.id)).toEqual(expect.arrayContaining(['2 CHILDREN']));
  });
});
