import type { ImportDto } from '../../src/modules/exchange/imports.dto.js';
import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';
import { until } from '../support/until.js';

interface Told {
  code: string;
  errors: { field: string; code: string }[];
  attributes: Record<string, unknown>;
  features: { properties: Record<string, unknown> }[];
  items: { code: string }[];
  version: number;
}

let api: RegisterApi;
beforeAll(async () => {
  api = await openRegisterApi([]);
  for (const more of [
    { name: 'market', type: 'boolean', title: { en: 'Market', vi: 'Có chợ' } },
    { name: 'floodCm', type: 'integer', min: 0, title: { en: 'Flood depth', vi: 'Ngập sâu' } },
  ])
    expect(await api.call('POST', 'attributes', { resource: 'hamlets', ...more })).toMatchObject({
      status: 201,
    });
});
afterAll(() => api?.app.stop());

const HAMLET = { code: 'AP-1', name: 'Ấp 1', kind: 'ap', lon: 105.45, lat: 9.75 };
const refusals = ({ body }: { body: Told }) => body.errors.map(({ field, code }) => `${field} ${code}`);
const hamlet = async () => (await api.get<Told>('hamlets/AP-1')).body;
const codes = async (query: string) => {
  const { body } = await api.get<Told>(`hamlets?${query}`);
  return body.errors?.map(({ field, code }) => `${field} ${code}`) ?? body.items.map(({ code }) => code);
};

test('hamlets take attributes, merge them by name, and are found by them', async () => {
  const wrong = await api.call<Told>('POST', 'hamlets', { ...HAMLET, attributes: { floodCm: -1, x: 1 } });
  expect(refusals(wrong)).toEqual(['attributes.floodCm RANGE', 'attributes.x UNKNOWN_FIELD']);
  const made = await api.call<Told>('POST', 'hamlets', {
    ...HAMLET,
    attributes: { market: true, floodCm: 40 },
  });
  expect(made).toMatchObject({ status: 201, body: { attributes: { market: true, floodCm: 40 } } });
  const changed = await api.call<Told>('PATCH', 'hamlets/AP-1', { attributes: { market: null } });
  expect(changed.body.attributes).toEqual({ floodCm: 40 });
  expect((await api.call<Told>('PATCH', 'hamlets/AP-1', { households: 90 })).body.attributes).toEqual({
    floodCm: 40,
  });
  expect(await codes('attr.floodCm.min=30')).toEqual(['AP-1']);
  expect(await codes('attr.floodCm.min=41')).toEqual([]);
  expect(await codes('attr.colour=red')).toEqual(['attr.colour UNKNOWN_FIELD']);
  expect((await api.get('hamlets/counts?by=kind&attr.market=true')).body.items).toEqual([]);
  const ogc = await api.get<Told>('ogc/collections/hamlets/items?filter=attr_floodCm%3E30');
  expect(ogc.body.features.map(({ properties }) => properties.attr_floodCm)).toEqual([40]);
});

test('a file changes them, and undo puts them back', async () => {
  const form = new FormData();
  for (const [name, value] of Object.entries({ source: 'test', mode: 'apply', resource: 'hamlets' }))
    form.set(name, value);
  const csv = 'code,name,kind,lat,lon,Có chợ,Ngập sâu\nAP-1,Ấp 1,ap,9.75,105.45,có,\n';
  form.set('file', new Blob([csv]), 'hamlets.csv');
  const answer = await fetch(`${api.app.url}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.app.adminToken}` },
    body: form,
  });
  const { id } = (await answer.json()) as ImportDto;
  await until(async () => (await api.get<ImportDto>(`imports/${id}`)).body.finishedAt !== null, {
    what: 'the import ends',
  });
  expect((await hamlet()).attributes).toEqual({ market: true });
  expect((await api.call('POST', `imports/${id}/undo`)).status).toBeLessThan(300);
  expect((await hamlet()).attributes).toEqual({ floodCm: 40 });
});
