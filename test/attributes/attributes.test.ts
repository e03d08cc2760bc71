import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';
import { SITES } from '../sites/fixtures.js';
import { signIn } from '../support/app.js';
import type { FieldProblem } from '../../src/common/http/problem.js';

interface Told {
  id: string;
  code: string;
  detail: string;
  detailVi: string;
  errors: FieldProblem[];
  attributes: Record<string, unknown>;
  cells: { code: string; attributes: Record<string, unknown> }[];
  version: number;
}

let api: RegisterApi;
beforeAll(async () => {
  api = await openRegisterApi(SITES);
});
afterAll(() => api?.app.stop());

const title = (en: string) => ({ en, vi: `${en} (vi)` });
const ids = new Map<string, string>();
async function define(name: string, more: object): Promise<void> {
  const made = await api.call<Told>('POST', 'attributes', {
    resource: 'sites',
    name,
    title: title(name),
    ...more,
  });
  expect(made).toMatchObject({ status: 201, body: { name, retired: false } });
  ids.set(name, made.body.id);
}
const set = (site: string, attributes: object, more: object = {}) =>
  api.call<Told>('PATCH', `sites/${site}`, { attributes, ...more });
const refusals = ({ body }: { body: Told }) =>
  (body.errors ?? []).map(({ field, code }) => `${field} ${code}`);
const codes = async (query: string) => {
  const { body } = await api.get<{ items: { code: string }[]; errors?: FieldProblem[] }>(`sites?${query}`);
  return body.errors?.map(({ field, code }) => `${field} ${code}`) ?? body.items.map(({ code }) => code);
};

test('an administrator defines attributes; each wrong definition is refused by name', async () => {
  await define('roofType', { type: 'choice', choices: ['tile', 'concrete', 'tôn'] });
  await define('floors', { type: 'integer', min: 1, max: 60, unit: 'tầng' });
  await define('slope', { type: 'number' });
  await define('leased', { type: 'boolean' });
  await define('leaseEnds', { type: 'date' });
  await define('contract', { type: 'text', pattern: 'HD-\\d{4}', maxLength: 20 });
  await define('guards', { type: 'choices', choices: ['fence', 'camera', 'dog'] });
  await define('panel', { resource: 'cells', type: 'text' });
  const wrong = await api.call<Told>('POST', 'attributes', {
    resource: 'sites',
    name: 'Roof type',
    title: { en: ' ', vi: 'x' },
    type: 'text',
    min: 3,
    pattern: '(a+)+(?=b)',
    choices: ['x'],
  });
  expect(wrong.status).toBe(400);
  expect(refusals(wrong)).toEqual([
    'name PATTERN',
    'title.en TEXT',
    'min TYPE',
    'pattern PATTERN',
    'choices TYPE',
  ]);
  const twice = { resource: 'sites', name: 'rooftype', title: title('x'), type: 'text' };
  expect(await api.call('POST', 'attributes', twice)).toMatchObject({
    status: 409,
    body: { code: 'DUPLICATE' },
  });
  const listed = await api.get<{ items: { name: string }[] }>('attributes?resource=sites&limit=3');
  expect(listed.body.items.map(({ name }) => name)).toEqual(['contract', 'floors', 'guards']);
});

test('values are checked by their definitions, each failure named; nothing is stored', async () => {
  const refused = await set('HGI-1', {
    roofType: 'thatch',
    floors: 2.5,
    slope: '7',
    leased: 'yes',
    leaseEnds: '2026-02-30',
    contract: 'HD-1',
    guards: ['fence', 'fence'],
    colour: 'red',
  });
  expect(refused.status).toBe(400);
  expect(refusals(refused).sort()).toEqual([
    'attributes.colour UNKNOWN_FIELD',
    'attributes.contract PATTERN',
    'attributes.floors TYPE',
    'attributes.guards SOME_OF',
    'attributes.leaseEnds DATE',
    'attributes.leased TYPE',
    'attributes.roofType ONE_OF',
    'attributes.slope TYPE',
  ]);
  expect(refused.body.errors[0]?.messageVi).toMatch(/attributes\./);
  expect((await api.get('sites/HGI-1')).body.attributes).toEqual({});
});

test('a change merges by name, and null takes a value away', async () => {
  const first = await set('HGI-1', { roofType: 'tile', floors: 3, slope: 1.5, leased: true });
  expect(first).toMatchObject({
    status: 200,
    body: { attributes: { roofType: 'tile', floors: 3, leased: true } },
  });
  const second = await set('HGI-1', { slope: null, leaseEnds: '2027-06-30', guards: ['camera', 'fence'] });
  expect(second.body.attributes).toEqual({
    floors: 3,
    guards: ['camera', 'fence'],
    leased: true,
    leaseEnds: '2027-06-30',
    roofType: 'tile',
  });
  const same = await set('HGI-1', { floors: 3 });
  expect(same.body.version).toBe(second.body.version);
  await set('HGI-2', { roofType: 'tôn', floors: 12, leased: false, leaseEnds: '2026-01-01' });
  const listed = await api.get<{ items: Told[] }>('sites?fields=code,attributes');
  expect(listed.body.items.at(2)).toEqual({ code: 'HGI-3', attributes: {} });
});

test('cells keep theirs by their codes when all cells are given anew', async () => {
  const cell = { code: 'N78-1', operatorCode: 'vnpt', technology: '5G' };
  const given = await set('HGI-2', {}, { cells: [{ ...cell, attributes: { panel: 'P-1' } }] });
  expect(given.body.cells[0]?.attributes).toEqual({ panel: 'P-1' });
  const again = await set('HGI-2', {}, { cells: [{ ...cell, gainDbi: 18 }] });
  expect(again.body.cells[0]?.attributes).toEqual({ panel: 'P-1' });
  const wrong = await set('HGI-2', {}, { cells: [{ ...cell, attributes: { roofType: 'tile' } }] });
  expect(refusals(wrong)).toEqual(['cells.0.attributes.roofType UNKNOWN_FIELD']);
});

test('lists are narrowed by attributes', async () => {
  expect(await codes('attr.roofType=tile')).toEqual(['HGI-1']);
  expect(await codes(`attr.roofType=${encodeURIComponent('tôn')}&attr.leased=false`)).toEqual(['HGI-2']);
  expect(await codes('attr.guards=camera')).toEqual(['HGI-1']);
  expect(await codes('attr.floors.min=3&attr.floors.max=11.5')).toEqual(['HGI-1']);
  expect(await codes('attr.floors=12.0')).toEqual(['HGI-2']);
  expect(await codes('attr.leaseEnds.min=2026-01-02')).toEqual(['HGI-1']);
  expect(await codes('attr.leaseEnds.max=2026-01-01')).toEqual(['HGI-2']);
  expect(
    (await api.call<{ items: Told[] }>('POST', 'sites/search', { attr: { floors: 3, leased: true } })).body
      .items,
  ).toHaveLength(1);
});

test('what is no attribute, or no value of it, is refused by name', async () => {
  expect(await codes('attr.colour=red')).toEqual(['attr.colour UNKNOWN_FIELD']);
  expect(await codes('attr.roofType.min=a')).toEqual(['attr.roofType.min RANGE']);
  expect(await codes('attr.floors=many&attr.leased=1')).toEqual(['attr.floors TYPE', 'attr.leased TYPE']);
  expect(await codes('attr.floors=1&attr.floors=2')).toEqual(['attr.floors TYPE']);
  expect(await codes("attr.x'%20or%201=1")).toEqual(["attr.x' or 1 UNKNOWN_FIELD"]);
  expect((await api.get('areas?attr.roofType=tile')).status).toBe(400);
});

test('sites are counted by choices and yes or no', async () => {
  const { body } = await api.get<{ items: object[] }>('sites/counts?by=attr.roofType');
  expect(body.items).toEqual([
    { values: { 'attr.roofType': 'tile' }, names: {}, sites: 1, cells: 3 },
    { values: { 'attr.roofType': 'tôn' }, names: {}, sites: 1, cells: 1 },
    { values: { 'attr.roofType': null }, names: {}, sites: 1, cells: 0 },
  ]);
  expect((await api.get('sites/counts?by=attr.leased,operator')).status).toBe(200);
  expect((await api.get('sites/counts?by=attr.floors')).status).toBe(400);
});

test('a definition that stored values contradict is not made stricter, and tells how many', async () => {
  const stricter = await api.call<Told>('PATCH', `attributes/${ids.get('floors')}`, { max: 10 });
  expect(stricter).toMatchObject({ status: 409, body: { code: 'VALUES_CONTRADICT' } });
  expect(stricter.body.detail).toMatch(/^1 of the sites hold a value of "floors".*such as 12/);
  expect(stricter.body.detailVi).toMatch(/^Có 1 đối tượng/);
  expect(await api.call('PATCH', `attributes/${ids.get('floors')}`, { max: 12 })).toMatchObject({
    status: 200,
  });
  expect(await api.call('PATCH', `attributes/${ids.get('roofType')}`, { choices: ['tile'] })).toMatchObject({
    status: 409,
  });
  expect(
    (await api.call('PATCH', 'attributes/00000000-0000-4000-8000-000000000000', { max: 1 })).status,
  ).toBe(404);
});

test('a required attribute is asked of new and changed sites', async () => {
  await define('caretaker', { type: 'text', required: true });
  const site = { code: 'HGI-9', name: 'Trạm mới', lon: 105.45, lat: 9.75 };
  expect(refusals(await api.call<Told>('POST', 'sites', site))).toEqual(['attributes.caretaker REQUIRED']);
  expect(refusals(await set('HGI-3', {}, { name: 'Trạm khác' }))).toEqual(['attributes.caretaker REQUIRED']);
  expect((await set('HGI-3', { caretaker: 'Ông Sáu' }, { name: 'Trạm khác' })).status).toBe(200);
  expect((await api.call('PATCH', `attributes/${ids.get('caretaker')}`, { required: false })).status).toBe(
    200,
  );
});

test('values of a retired attribute stay, new ones do not come, and it can be taken up again', async () => {
  const retired = await api.call('PATCH', `attributes/${ids.get('leased')}`, { retired: true });
  expect(retired).toMatchObject({ status: 200, body: { retired: true } });
  expect(refusals(await set('HGI-1', { leased: false }))).toEqual(['attributes.leased RETIRED']);
  const other = await set('HGI-1', { floors: 4 });
  expect(other.body.attributes).toMatchObject({ leased: true, floors: 4 });
  expect(await codes('attr.leased=true')).toEqual(['attr.leased UNKNOWN_FIELD']);
  await api.call('PATCH', `attributes/${ids.get('leased')}`, { retired: false });
  expect(await codes('attr.leased=true')).toEqual(['HGI-1']);
});

test('the history tells each attribute, and the state at a moment holds them', async () => {
  interface Entry {
    at: string;
    changes: { field: string; before: unknown; after: unknown }[];
  }
  const { id } = (await api.get<Told>('sites/HGI-1')).body;
  const { body } = await api.get<{ items: Entry[] }>(`history/site/${id}`);
  const entry = body.items.find(({ changes }) => changes.some(({ field }) => field === 'attributes.slope'));
  expect(entry?.changes).toEqual(
    expect.arrayContaining([
      { field: 'attributes.slope', before: 1.5, after: null },
      { field: 'attributes.leaseEnds', before: null, after: '2027-06-30' },
    ]),
  );
  const then = await api.get<{ state: Told }>(
    `history/site/${id}/at?time=${encodeURIComponent(entry?.at ?? '')}`,
  );
  expect(then.body.state.attributes).toMatchObject({ floors: 3, leaseEnds: '2027-06-30' });
  const definition = await api.get<{ items: Entry[] }>(`history/attribute/${ids.get('floors')}`);
  expect(definition.body.items[0]?.changes).toEqual([{ field: 'max', before: 60, after: 12 }]);
});

test('only an administrator defines; a planner sees', async () => {
  const password = 'a long enough pass phrase';
  const user = { username: 'planner1', displayName: 'Trần Thị Hoa', password, roles: ['planner'] };
  expect((await api.call('POST', 'users', user)).status).toBe(201);
  const token = await signIn(api.app.url, 'planner1', password);
  expect((await api.call('GET', 'attributes', undefined, token)).status).toBe(200);
  expect((await api.call('PATCH', `attributes/${ids.get('floors')}`, { max: 50 }, token)).status).toBe(403);
});
