import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';
import { importFile } from './import-file.js';

interface Told {
  errors: { field: string; code: string }[];
  attributes: Record<string, unknown>;
  features: { properties: Record<string, unknown> }[];
  items: { id: string }[];
  clusters: number;
  plainLoudspeakers: number | null;
}

let api: RegisterApi;
beforeAll(async () => {
  api = await openRegisterApi([]);
  for (const more of [
    { name: 'keeper', type: 'text', maxLength: 20, title: { en: 'Keeper', vi: 'Người phụ trách' } },
    { name: 'bought', type: 'date', min: '2015-01-01', title: { en: 'Bought on', vi: 'Ngày mua' } },
  ])
    expect(await api.call('POST', 'attributes', { resource: 'clusters', ...more })).toMatchObject({
      status: 201,
    });
});
afterAll(() => api?.app.stop());

const CLUSTER = {
  id: 'cum-1',
  name: 'Cụm 1',
  lon: 105.45,
  lat: 9.75,
  horns: [{ powerW: 30, azimuthDeg: 0 }],
};
const refusals = ({ body }: { body: Told }) => body.errors.map(({ field, code }) => `${field} ${code}`);
const cluster = async () => (await api.get<Told>('clusters/cum-1')).body;
const ids = async (query: string) => {
  const { body } = await api.get<Told>(`clusters?${query}`);
  return body.errors?.map(({ field, code }) => `${field} ${code}`) ?? body.items.map(({ id }) => id);
};

test('clusters take attributes, merge them by name, and are found and counted by them', async () => {
  const create = (attributes: object) => api.call<Told>('POST', 'clusters', { ...CLUSTER, attributes });
  expect(refusals(await create({ bought: '2025-02-30', x: 1 }))).toEqual([
    'attributes.bought DATE',
    'attributes.x UNKNOWN_FIELD',
  ]);
  expect(refusals(await create({ bought: '2014-12-31' }))).toEqual(['attributes.bought RANGE']);
  const made = await create({ keeper: 'Ông Ba', bought: '2024-05-01' });
  expect(made).toMatchObject({
    status: 201,
    body: { attributes: { keeper: 'Ông Ba', bought: '2024-05-01' } },
  });
  const change = (body: object) => api.call<Told>('PATCH', 'clusters/cum-1', body);
  expect((await change({ attributes: { keeper: null } })).body.attributes).toEqual({ bought: '2024-05-01' });
  expect((await change({ hornHeightM: 8 })).body.attributes).toEqual({ bought: '2024-05-01' });
  expect(await ids('attr.bought.max=2024-12-31')).toEqual(['cum-1']);
  expect(await ids('attr.bought.max=2023-12-31')).toEqual([]);
  expect(await ids('attr.colour=red')).toEqual(['attr.colour UNKNOWN_FIELD']);
  const counted = await api.get<Told>('clusters/counts?attr.bought=2024-05-01');
  expect(counted.body).toMatchObject({ clusters: 1, plainLoudspeakers: null });
  const filter = encodeURIComponent("t_after(attr_bought, DATE('2024-04-30'))");
  const ogc = await api.get<Told>(`ogc/collections/clusters/items?filter=${filter}`);
  expect(ogc.body.features.map(({ properties }) => properties.attr_bought)).toEqual(['2024-05-01']);
});

test('a file changes them, an export has them, and undo puts them back', async () => {
  const head = 'id,name,lat,lon,Người phụ trách,Ngày mua\n';
  const wrong = await importFile(
    api,
    'clusters',
    `${head}cum-1,Cụm 1,9.75,105.45,${'x'.repeat(21)},01/06/2025\n`,
  );
  expect(wrong.state).toBe('refused');
  const { id } = await importFile(api, 'clusters', `${head}cum-1,Cụm 1,9.75,105.45,Bà Tư,\n`);
  expect((await cluster()).attributes).toEqual({ keeper: 'Bà Tư' });
  const exported = await fetch(`${api.app.url}/api/v1/exports/clusters`, {
    headers: { authorization: `Bearer ${api.app.adminToken}` },
  });
  const [heading, line] = (await exported.text()).replace('\ufeff', '').trim().split('\r\n');
  expect(heading).toMatch(/,attr\.bought,attr\.keeper$/);
  expect(line).toMatch(/,,Bà Tư$/);
  expect((await api.call('POST', `imports/${id}/undo`)).status).toBeLessThan(300);
  expect((await cluster()).attributes).toEqual({ bought: '2024-05-01' });
});

test('a file of horns leaves them alone, even without a value that is required by now', async () => {
  await api.call('POST', 'attributes', {
    resource: 'clusters',
    name: 'road',
    type: 'text',
    required: true,
    title: { en: 'Road', vi: 'Tuyến đường' },
  });
  expect(refusals(await api.call<Told>('PATCH', 'clusters/cum-1', { name: 'Cụm 2' }))).toEqual([
    'attributes.road REQUIRED',
  ]);
  const { id, state } = await importFile(
    api,
    'loudspeakers',
    'clusterId,number,powerW,azimuthDeg,kind\ncum-1,1,50,0,ip\n',
  );
  expect(state).toBe('applied');
  expect((await api.call('POST', `imports/${id}/undo`)).status).toBeLessThan(300);
  expect((await cluster()).attributes).toEqual({ bought: '2024-05-01' });
});
