import writeExcelFile from 'write-excel-file/node';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { loadHamlets } from '../../src/modules/hamlets/index.js';
import { AREAS } from '../areas/fixtures.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { csv, ImportClient } from './import-client.js';

let app: TestApp;
let imports: ImportClient;
beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas(AREAS);
  imports = new ImportClient(app, 'hamlets');
});
afterAll(async () => app?.stop());

const stored = async (...codes: string[]) => loadHamlets(app.app.get(UnitOfWork).reader, codes);

const ROWS = [
  {
    'Mã ấp': 'A1',
    'Tên ấp': 'Ấp 1',
    'Vĩ độ': '9,75',
    'Kinh độ': '105,42',
    Xã: 'Xã Vị Tân',
    'Số hộ': '1.120',
    'Tình trạng sóng': 'Lõm sóng',
    'Ngày báo cáo': '14/03/2025',
  },
  {
    'Mã ấp': 'A2',
    'Tên ấp': 'Khu vực 2',
    'Vĩ độ': '9.76',
    'Kinh độ': '105.65',
    'Tình trạng sóng': 'trắng sóng',
  },
  { 'Mã ấp': 'A3', 'Tên ấp': 'Ấp 3', 'Vĩ độ': '9.77', 'Kinh độ': '105.55', 'Số hộ': 'không rõ' },
];

it('reads a sheet as communes write it, shows what it would do, writes it and takes it back', async () => {
  const dry = await imports.send(csv(ROWS));
  expect(dry).toMatchObject({ state: 'checked', counts: { rows: 3, badRows: 0, created: 3 } });
  expect((await stored('A1')).size).toBe(0);
  const run = await imports.send(csv(ROWS), { mode: 'apply' });
  expect(run).toMatchObject({ state: 'applied', counts: { created: 3 } });
  const found = await stored('A1', 'A2', 'A3');
  expect(found.get('A1')).toMatchObject({
    name: 'Ấp 1',
    kind: 'ap',
    lat: 9.75,
    households: 1120,
    signal: 'weak',
    signalReportedOn: '2025-03-14',
  });
  expect(found.get('A2')).toMatchObject({ kind: 'khu_vuc', signal: 'none', households: null });
  expect(found.get('A3')).toMatchObject({ signal: null, households: null });

  const edits = [
    { 'Mã ấp': 'A1', 'Tên ấp': 'Ấp 1', 'Vĩ độ': '9,75', 'Kinh độ': '105,42', 'Tình trạng sóng': 'có sóng' },
    { 'Mã ấp': 'A2', 'Tên ấp': 'Khu vực 2', 'Vĩ độ': '9.76', 'Kinh độ': '105.65', 'Tình trạng sóng': '' },
    { 'Mã ấp': 'A3', 'Tên ấp': 'Ấp 3', 'Vĩ độ': '9.77', 'Kinh độ': '105.55', 'Tình trạng sóng': '' },
  ];
  const second = await imports.send(csv(edits), { mode: 'apply' });
  expect(second).toMatchObject({ state: 'applied', counts: { updated: 2, unchanged: 1 } });
  expect((await imports.changes(second.id)).map(({ key, fields }) => [key, fields])).toEqual([
    ['A1', [{ field: 'signal', before: 'weak', after: 'served' }]],
    ['A2', [{ field: 'signal', before: 'none', after: null }]],
  ]);

  expect(await imports.undo(run.id)).toMatchObject({ status: 409, body: { code: 'CHANGED_SINCE' } });
  expect((await imports.undo(second.id)).status).toBe(200);
  expect((await stored('A1')).get('A1')).toMatchObject({ signal: 'weak', signalReportedOn: '2025-03-14' });
});

it('is the same in XLSX and GeoJSON', async () => {
  const features = [
    [105.42, 9.75, 'A1'],
    [105.65, 9.76, 'A2'],
  ].map(([lon, lat, code], i) => ({
    type: 'Feature',
    properties: { code, name: ['Ấp 1', 'Khu vực 2'][i] },
    geometry: { type: 'Point', coordinates: [lon, lat] },
  }));
  const names = Object.keys(ROWS[0]!);
  const sheet = [
    names,
    ...ROWS.slice(0, 2).map((row) => names.map((n) => (row as Record<string, string>)[n] ?? '')),
  ];
  const xlsx = await writeExcelFile(
    sheet.map((line) => line.map((value) => ({ value, type: String }))),
  ).toBuffer();
  for (const file of [JSON.stringify({ type: 'FeatureCollection', features }), xlsx]) {
    const run = await imports.send(file);
    expect(await imports.findings(run.id)).toEqual([]);
    expect(run).toMatchObject({ state: 'checked', counts: { rows: 2, unchanged: 2 } });
  }
});

it('tells every fault of every row, and gives back the rows to mend', async () => {
  const right = { code: 'B0', name: 'Ấp 9', lat: 9.72, lon: 105.43 };
  const rows = [
    right,
    { ...right, code: 'B1', lat: 105.44, lon: 9.72 },
    { ...right, code: 'B2', lat: 9.2 },
    { ...right, code: 'B3', lat: 9.73, commune: 'Phường Ngã Bảy' },
    { ...right, code: 'B4', lat: 9.74, households: -5, signal: 'rất tốt' },
    { ...right, code: 'B0', lat: 9.78 },
    { ...right, code: 'B6', name: 'Xóm Chài', lat: 9.79 },
    { ...right, code: 'B7', lat: 9.71, signalReportedOn: '2025-01-01' },
    { ...right, code: 'B8', name: '', lat: '' },
    { ...right, code: 'B9', lon: 105.43005 },
    { ...right, code: 'B10', lat: 9.7501, lon: 105.42 },
  ];
  const run = await imports.send(csv(rows), { mode: 'apply' });
  expect(run).toMatchObject({ state: 'refused', counts: { rows: 11, badRows: 8 } });
  expect(await imports.codes(run.id)).toEqual([
    '3 SWAPPED',
    '4 OUTSIDE',
    '5 COMMUNE_MISMATCH',
    '6 CHOICE',
    '6 COUNT',
    '7 DUPLICATE_IN_FILE',
    '8 REQUIRED',
    '9 SIGNAL',
    '10 REQUIRED',
    '10 REQUIRED',
    '10 REQUIRED',
  ]);
  expect((await imports.findings(run.id))[0]).toMatchObject({
    column: 'lat',
    message: expect.stringContaining('the hamlet lies in Phường Vị Thanh') as string,
  });
  expect(await imports.codes(run.id, 'warning')).toEqual(['11 NEAR_DUPLICATE', '12 NEAR_DUPLICATE']);
  expect((await stored('B0')).size).toBe(0);
  expect(await imports.corrections(run.id)).toHaveLength(9);
});
