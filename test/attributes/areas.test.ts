import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';
import { importFile } from './import-file.js';

interface Told {
  id: string;
  errors: { field: string; code: string }[];
  attributes: Record<string, unknown>;
  features: { properties: Record<string, unknown> }[];
  items: { code: string; id: string; attributes: Record<string, unknown> }[];
}

let api: RegisterApi;
beforeAll(async () => {
  api = await openRegisterApi([]);
  for (const more of [
    { name: 'newRural', type: 'boolean', title: { en: 'New rural commune', vi: 'Nông thôn mới' } },
    { name: 'score', type: 'number', max: 100, title: { en: 'Score', vi: 'Điểm số hoá' } },
  ])
    expect(await api.call('POST', 'attributes', { resource: 'areas', ...more })).toMatchObject({
      status: 201,
    });
});
afterAll(() => api?.app.stop());

const BEFORE = 'date=2025-06-30';
const refusals = ({ body }: { body: Told }) => body.errors.map(({ field, code }) => `${field} ${code}`);
const unit = async () =>
  (await api.get<Told>(`areas?${BEFORE}&q=c1`)).body.items.find(({ code }) => code === 'c1')!;
const codes = async (query: string) => {
  const { body } = await api.get<Told>(`areas?${BEFORE}&${query}`);
  return body.errors?.map(({ field, code }) => `${field} ${code}`) ?? body.items.map(({ code }) => code);
};

test('units take attributes, merge them by name, and are found by them', async () => {
  const { id } = await unit();
  const change = (attributes: object) => api.call<Told>('PATCH', `areas/${id}`, { attributes });
  expect(refusals(await change({ score: 101, x: 1 }))).toEqual([
    'attributes.score RANGE',
    'attributes.x UNKNOWN_FIELD',
  ]);
  expect((await change({ newRural: true, score: 71.5 })).body.attributes).toEqual({
    newRural: true,
    score: 71.5,
  });
  expect((await change({ newRural: null })).body.attributes).toEqual({ score: 71.5 });
  const counted = await api.call<Told>('PATCH', `areas/${id}`, { households: 281 });
  expect(counted.body.attributes).toEqual({ score: 71.5 });
  expect(await codes('attr.score.min=70')).toEqual(['c1']);
  expect(await codes('attr.score.min=72')).toEqual([]);
  expect(await codes('attr.colour=red')).toEqual(['attr.colour UNKNOWN_FIELD']);
  const ogc = await api.get<Told>('ogc/collections/communes/items?filter=attr_score%3E70');
  expect(ogc.body.features.map(({ properties }) => properties.attr_score)).toEqual([71.5]);
});

test('a file changes them, and undo puts them back', async () => {
  const csv = (score: string) =>
    `code,validFrom,kind,type,name,Nông thôn mới,Điểm số hoá\nc1,2020-01-01,commune,Xã,Vị Tân,có,${score}\n`;
  expect((await importFile(api, 'areas', csv('101'))).state).toBe('refused');
  const { id } = await importFile(api, 'areas', csv(''));
  expect((await unit()).attributes).toEqual({ newRural: true });
  expect((await api.call('POST', `imports/${id}/undo`)).status).toBeLessThan(300);
  expect((await unit()).attributes).toEqual({ score: 71.5 });
});
