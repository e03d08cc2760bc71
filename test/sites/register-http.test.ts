import { createTestApp, type TestApp } from '../support/app.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { OperatorsService } from '../../src/modules/sites/index.js';
import { AREAS, square } from '../areas/fixtures.js';
import { OPERATORS, SITES } from './fixtures.js';

/** Areas, sites and fibre as a client of the API sees them. */
let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
  await t.app.get(AreasWriter).importAreas(AREAS);
  await t.app.get(OperatorsService).importOperators(OPERATORS);
});
afterAll(async () => t?.stop());

/** The members of answers that the tests look into one by one. */
interface Body {
  id: string;
  items: { id: string; code: string }[];
  nextCursor: string;
  chain: { code: string }[];
  boundary: { coordinates: unknown };
  rule: { vi: string };
}

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${t.url}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${t.adminToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: (await answer.json()) as Body,
  };
}
const get = (path: string) => call('GET', path);

describe('areas', () => {
  it('are listed, read with their boundary, and found by place', async () => {
    const list = await get('areas?kind=commune&date=2025-06-30&limit=2');
    expect(list.status).toBe(200);
    expect(list.body.items.map((area) => area.code)).toEqual(['c1', 'c2']);
    const rest = await get(`areas?kind=commune&date=2025-06-30&limit=2&cursor=${list.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ code: 'c3' }], nextCursor: null });
    const id = list.body.items[0]?.id;
    expect((await get(`areas/${id}`)).body).not.toHaveProperty('boundary');
    expect((await get(`areas/${id}?boundary=true`)).body.boundary.coordinates).toEqual([
      square(105.4, 9.7).coordinates,
    ]);
    const at = await get('areas/at?lon=105.55&lat=9.75&date=2025-06-30');
    expect(at.body.chain.map((area) => area.code)).toEqual(['c2', 'd1', 'p1']);
    expect((await get('areas?parent=d1&date=2025-06-30')).body.items).toHaveLength(2);
  });

  it('are added and changed', async () => {
    const body = {
      code: 'n1',
      kind: 'commune',
      type: 'Xã',
      name: 'Mới',
      parentCode: 'p2',
      validFrom: '2025-07-01',
    };
    const added = await call('POST', 'areas', { ...body, boundary: square(105.4, 9.9) });
    expect(added).toMatchObject({
      status: 201,
      body: { code: 'n1', validTo: null, fullName: 'Xã Mới', version: 1 },
    });
    const changed = await call('PATCH', `areas/${added.body.id}`, { population: 12, version: 1 });
    expect(changed).toMatchObject({ status: 200, body: { population: 12, version: 2 } });
    expect((await call('POST', 'areas', body)).status).toBe(409);
  });
});

describe('sites', () => {
  it('are added, read, changed and listed', async () => {
    for (const site of SITES) expect((await call('POST', 'sites', site)).status).toBe(201);
    expect((await get('sites/HGI-1?date=2025-06-30')).body).toMatchObject({
      commune: { name: 'Xã Vị Tân' },
      cells: [{}, {}, {}],
    });
    const changed = await call('PATCH', 'sites/HGI-1', { name: 'Khác', version: 1 });
    expect(changed).toMatchObject({ status: 200, body: { name: 'Khác', version: 2 } });
    const found = await get(
      'sites?bbox=105.4,9.7,105.6,9.8&technology=5G&operator=vnpt&unit=p2&status=active&q=hoa',
    );
    expect(found.body.items).toMatchObject([{ code: 'HGI-2', cellCount: 1 }]);
    expect((await get('operators')).body.items).toHaveLength(2);
  });
});

describe('fibre', () => {
  it('is recorded, listed and summed up', async () => {
    const figures = { households: 280, passed: 200, connected: 100 };
    const put = await call('PUT', 'fibre/c1/vnpt/2025-Q2', figures);
    expect(put).toMatchObject({
      status: 200,
      body: { quarter: '2025Q2', communeName: 'Xã Vị Tân', ...figures },
    });
    expect((await get('fibre?quarter=2025Q2&unit=d1')).body.items).toHaveLength(1);
    const totals = await get('fibre/totals?by=province');
    expect(totals.body).toMatchObject({
      quarter: '2025Q2',
      by: 'province',
      items: [{ unit: { code: 'p1' }, passedAtLeast: 200 }],
    });
    expect(totals.body.rule.vi).toContain('chồng lấn');
  });
});

describe('what is refused', () => {
  const area = {
    code: 'x',
    kind: 'commune',
    type: 'Xã',
    name: 'X',
    parentCode: 'p2',
    validFrom: '2025-07-01',
  };
  const site = { code: 'X', name: 'x', lon: 105.45, lat: 9.75 };
  const cell = { code: 'c', operatorCode: 'vnpt', technology: '4G' };
  it.each<[number, string, string, unknown]>([
    [400, 'GET', 'areas?date=2025-02-30', undefined],
    [400, 'GET', 'areas?kind=hamlet', undefined],
    [400, 'GET', 'areas?limit=0', undefined],
    [400, 'GET', 'areas?cursor=%00', undefined],
    [400, 'GET', 'areas?q=%00', undefined],
    [404, 'GET', 'areas?parent=nope', undefined],
    [400, 'GET', 'areas?colour=red', undefined],
    [400, 'GET', 'areas/at?lon=9.7&lat=105', undefined],
    [400, 'GET', 'areas/at', undefined],
    [404, 'GET', 'areas/at?lon=0&lat=0', undefined],
    [400, 'GET', 'areas/nope', undefined],
    [404, 'GET', 'areas/00000000-0000-4000-8000-000000000000', undefined],
    [400, 'POST', 'areas', {}],
    [400, 'POST', 'areas', [area]],
    [400, 'POST', 'areas', { ...area, boundary: { type: 'Polygon', coordinates: [[[1e400, 'a']]] } }],
    [400, 'POST', 'areas', { ...area, boundary: { type: 'Polygon', coordinates: { length: 3 } } }],
    [400, 'POST', 'areas', { ...area, name: 'a\u0000b' }],
    [400, 'POST', 'areas', { ...area, population: 3e9 }],
    [400, 'POST', 'areas', { ...area, fullName: '' }],
    [400, 'POST', 'areas', { ...area, parentCode: undefined }],
    [400, 'POST', 'areas', { ...area, populationBasis: null }],
    [400, 'GET', 'sites?bbox=1,2,3', undefined],
    [404, 'GET', 'sites?unit=nope', undefined],
    [400, 'GET', 'sites?status=on', undefined],
    [404, 'GET', 'sites/nope', undefined],
    [404, 'GET', 'sites/%F0%9F%93%A1', undefined],
    [400, 'GET', 'sites/a%00b', undefined],
    [400, 'POST', 'sites', { ...site, code: 'a/b' }],
    [400, 'POST', 'sites', { ...site, lon: '105' }],
    [400, 'POST', 'sites', { ...site, lon: 0, lat: 0 }],
    [400, 'POST', 'sites', { ...site, ownerCode: 'nobody' }],
    [400, 'POST', 'sites', { ...site, cells: [{ ...cell, colour: 'red' }] }],
    [400, 'POST', 'sites', { ...site, cells: [null] }],
    [400, 'POST', 'sites', { ...site, cells: {} }],
    [400, 'POST', 'sites', { ...site, cells: [{ ...cell, azimuthDeg: 1e308 }] }],
    [400, 'POST', 'sites', { ...site, cells: [{ ...cell, physicalCellId: 1.5 }] }],
    [400, 'POST', 'sites', { ...site, tenantCodes: [1] }],
    [400, 'POST', 'sites', { ...site, tenantCodes: null }],
    [400, 'POST', 'sites', { ...site, assumedFields: ['__proto__'] }],
    [400, 'PATCH', 'sites/HGI-1', { name: null }],
    [400, 'PATCH', 'sites/HGI-1', { lat: null }],
    [400, 'PATCH', 'sites/HGI-1', { cells: null }],
    [400, 'PATCH', 'sites/HGI-1', { code: 'OTHER' }],
    [409, 'PATCH', 'sites/HGI-1', { name: 'x', version: 1 }],
    [404, 'PATCH', 'sites/nope', { name: 'x' }],
    [400, 'GET', 'operators?limit=9999', undefined],
    [400, 'GET', 'fibre?quarter=2025', undefined],
    [404, 'GET', 'fibre?unit=nope', undefined],
    [400, 'GET', 'fibre/totals?by=cluster', undefined],
    [400, 'PUT', 'fibre/c1/vnpt/2025Q2', { households: 1, passed: 2, connected: 0 }],
    [400, 'PUT', 'fibre/c1/vnpt/2025Q9', { households: 1, passed: 1, connected: 0 }],
    [400, 'PUT', 'fibre/nope/vnpt/2025Q2', { households: 1, passed: 1, connected: 0 }],
    [400, 'PUT', 'fibre/c1/nope/2025Q2', { households: 1, passed: 1, connected: 0 }],
    [400, 'PUT', 'fibre/c1/vnpt/2025Q2', { households: 1.5, passed: 1, connected: null }],
  ])('%i %s %s %j', async (status, method, path, body) => {
    const answer = await call(method, path, body);
    expect({ ...answer.body, status: answer.status }).toMatchObject({
      status,
      code: expect.any(String),
      detailVi: expect.any(String),
    });
    expect(answer.type).toContain('application/problem+json');
  });
});
