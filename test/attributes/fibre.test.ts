import type { ImportDto } from '../../src/modules/exchange/imports.dto.js';
import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';
import { importFile } from './import-file.js';

interface Told {
  errors: { field: string; code: string }[];
  attributes: Record<string, unknown>;
  items: { operatorCode: string; attributes: Record<string, unknown> }[];
  sha256: string;
  intact: boolean;
}

let api: RegisterApi;
let olts: string;
beforeAll(async () => {
  api = await openRegisterApi([]);
  const define = (more: object) =>
    api.call<{ id: string }>('POST', 'attributes', { resource: 'fibre', ...more });
  const made = await define({
    name: 'olts',
    type: 'integer',
    min: 0,
    title: { en: 'OLTs', vi: 'Số OLT' },
  });
  expect(made.status).toBe(201);
  olts = made.body.id;
  await define({
    name: 'laying',
    type: 'choices',
    choices: ['ngầm', 'treo'],
    title: { en: 'Laying', vi: 'Cách đi cáp' },
  });
});
afterAll(() => api?.app.stop());

const FIGURES = { households: 280, passed: 200, connected: 100 };
const refusals = ({ body }: { body: Told }) => body.errors.map(({ field, code }) => `${field} ${code}`);
const put = (operator: string, quarter: string, attributes?: object) =>
  api.call<Told>('PUT', `fibre/c1/${operator}/${quarter}`, { ...FIGURES, attributes });
const found = async (query: string) => {
  const { body } = await api.get<Told>(`fibre?${query}`);
  return body.errors?.map(({ code }) => code) ?? body.items.map(({ operatorCode }) => operatorCode);
};

test('figures take attributes, merge them by name, and are found by them', async () => {
  expect(refusals(await put('vnpt', '2025Q1', { olts: -1, x: 1 }))).toEqual([
    'attributes.olts RANGE',
    'attributes.x UNKNOWN_FIELD',
  ]);
  expect((await put('vnpt', '2025Q1', { olts: 3, laying: ['treo'] })).body.attributes).toEqual({
    olts: 3,
    laying: ['treo'],
  });
  expect((await put('vnpt', '2025Q1', { laying: null })).body.attributes).toEqual({ olts: 3 });
  const same = await put('vnpt', '2025Q1');
  expect(same.body).toMatchObject({ attributes: { olts: 3 }, version: 2 });
  await put('viettel', '2025Q1', { laying: ['treo', 'ngầm'] });
  expect(await found('quarter=2025Q1&attr.olts.min=2')).toEqual(['vnpt']);
  expect(await found(`quarter=2025Q1&attr.laying=${encodeURIComponent('ngầm')}`)).toEqual(['viettel']);
  expect(await found('attr.colour=red')).toEqual(['UNKNOWN_FIELD']);
});

test('totals are of the figures that have them', async () => {
  interface Totals {
    items: { passedAtMost: number }[];
    basis: { communeRows: number };
    errors?: { code: string }[];
  }
  const totals = async (query: string) => {
    const { body } = await api.get<Totals>(`fibre/totals?quarter=2025Q1&by=commune&unit=c1&${query}`);
    return body.errors?.map(({ code }) => code) ?? [body.basis.communeRows, body.items[0]?.passedAtMost];
  };
  expect(await totals('')).toEqual([2, 280]);
  expect(await totals('attr.olts.min=2')).toEqual([1, 200]);
  expect(await totals('attr.olts.min=4')).toEqual([0, 0]);
  expect(await totals('attr.colour=red')).toEqual(['UNKNOWN_FIELD']);
});

test('a file changes them, an export has them, and undo puts them back', async () => {
  const csv =
    'communeCode,operatorCode,quarter,households,passed,connected,Số OLT,Cách đi cáp\n' +
    'c1,vnpt,2025Q1,280,200,100,,NGAM\n';
  const { id } = await importFile(api, 'fibre', csv);
  const [vnpt] = (await api.get<Told>('fibre?operator=vnpt&quarter=2025Q1')).body.items;
  expect(vnpt?.attributes).toEqual({ laying: ['ngầm'] });
  const exported = await fetch(`${api.app.url}/api/v1/exports/fibre?quarter=2025Q1`, {
    headers: { authorization: `Bearer ${api.app.adminToken}` },
  });
  const [heading, ...lines] = (await exported.text()).replace('\ufeff', '').trim().split('\r\n');
  expect(heading).toMatch(/,attr\.laying,attr\.olts$/);
  expect(lines.map((line) => line.split(',').slice(-2))).toEqual([
    ['"treo;ngầm"', ''],
    ['ngầm', ''],
  ]);
  expect((await api.call<ImportDto>('POST', `imports/${id}/undo`)).status).toBeLessThan(300);
  const [back] = (await api.get<Told>('fibre?operator=vnpt&quarter=2025Q1')).body.items;
  expect(back?.attributes).toEqual({ olts: 3 });
});

test('a closed quarter keeps them, in its sum too, and they are corrected as figures are', async () => {
  await put('vnpt', '2024Q4', { olts: 7 });
  const closed = await api.call<Told>('POST', 'fibre/quarters/2024Q4/close');
  expect(closed.status).toBe(200);
  const correct = (predecessor: number, attributes: object) =>
    api.call<Told>('POST', 'fibre/quarters/2024Q4/corrections', {
      predecessor,
      reason: 'đếm lại',
      rows: [{ ...FIGURES, communeCode: 'c1', operatorCode: 'vnpt', attributes }],
    });
  expect(refusals(await correct(1, { olts: -7 }))).toEqual(['rows.0.attributes.olts RANGE']);
  expect(refusals(await correct(1, { olts: 7 }))).toEqual(['rows NO_CHANGE']);
  const corrected = await correct(1, { olts: 8 });
  expect(corrected.status).toBe(200);
  expect(corrected.body.sha256).not.toBe(closed.body.sha256);
  for (const [version, olts] of [
    [1, 7],
    [2, 8],
  ]) {
    const path = `fibre/quarters/2024Q4/snapshots/${version}`;
    expect((await api.get<Told>(path)).body.intact).toBe(true);
    expect((await api.get<Told>(`${path}/rows`)).body.items[0]?.attributes).toEqual({ olts });
  }
  expect(await found('quarter=2024Q4&attr.olts=8')).toEqual(['vnpt']);
  expect((await put('vnpt', '2024Q4', { olts: 9 })).status).toBe(409);
});

test('a stricter definition looks at open quarters: closed ones do not change any more', async () => {
  const refused = await api.call('PATCH', `attributes/${olts}`, { max: 2 });
  expect(refused).toMatchObject({ status: 409, body: { code: 'VALUES_CONTRADICT' } });
  expect((await api.call('PATCH', `attributes/${olts}`, { max: 5 })).status).toBe(200);
});
