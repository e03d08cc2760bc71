import type { SiteInput } from '../../src/modules/sites/index.js';
import { square } from '../areas/fixtures.js';
import { openRegisterApi, type RegisterApi } from './api-client.js';

/** Which sites: every way to ask over HTTP, in every order, page by page. */
const cell = (code: string, operatorCode: string, technology: '4G' | '5G', band: string) => ({
  code,
  operatorCode,
  technology,
  band,
});
/** Ten sites in a row from 105.405 eastwards, 0.01° (about 1.1 km) apart, then one in c2 and one in c3. */
const ROW: SiteInput[] = Array.from({ length: 10 }, (_, i) => ({
  code: `R-${i}`,
  name: i % 2 === 0 ? `Trạm Đông ${i}` : `tram Ấp ${i}`,
  lon: 105.405 + i * 0.01,
  lat: 9.75,
  ownerCode: i < 5 ? 'viettel' : 'vnpt',
  backhaul: i < 3 ? 'fibre' : i < 6 ? 'microwave' : null,
  confidence: i === 0 ? 'confirmed' : 'estimated',
  lifecycle: i === 9 ? 'planned' : 'active',
  cells: [cell('A', 'viettel', '4G', i < 4 ? 'B3' : 'B8')],
}));
const SITES: SiteInput[] = [
  ...ROW,
  { code: 'E-1', name: '100%_đúng', lon: 105.55, lat: 9.75, cells: [cell('N', 'vnpt', '5G', 'n78')] },
  { code: 'E-2', name: 'Ngã Bảy', lon: 105.65, lat: 9.75 },
];

let r: RegisterApi;
beforeAll(async () => {
  r = await openRegisterApi(SITES);
});
afterAll(async () => r?.app.stop());

interface List {
  items: { code: string; distanceM?: number }[];
  nextCursor: string | null;
}
async function codes(path: string): Promise<string> {
  const answer = await r.get<List>(path);
  expect({ status: answer.status, ...answer.body }).toMatchObject({ status: 200 });
  return answer.body.items.map(({ code }) => code).join(' ');
}

it.each([
  ['sites?bbox=105.54,9.7,105.66,9.8', 'E-1 E-2'],
  ['sites?near=105.405,9.75&withinM=2300', 'R-0 R-1 R-2'],
  ['sites?unit=c2&date=2025-06-30', 'E-1'],
  ['sites?unit=d1&date=2025-06-30&technology=5G', 'E-1'],
  ['sites?unit=c1&technology=5G', 'E-1'],
  ['sites?operator=vnpt', 'E-1'],
  ['sites?band=B3', 'R-0 R-1 R-2 R-3'],
  ['sites?band=B3&operator=vnpt', ''],
  ['sites?status=planned', 'R-9'],
  ['sites?status=planned,blocked&unit=c1', 'R-9'],
  ['sites?confidence=confirmed', 'R-0'],
  ['sites?owner=viettel&backhaul=microwave', 'R-3 R-4'],
  ['sites?backhaul=unknown&owner=vnpt', 'R-6 R-7 R-8 R-9'],
  ['sites?q=dong%208', 'R-8'],
  ['sites?q=TRAM%20AP%203', 'R-3'],
  ['sites?q=%25_%C4%91', 'E-1'],
  ['sites?q=%25_x', ''],
  ['sites?sort=-code&limit=3', 'R-9 R-8 R-7'],
  ['sites?sort=name&limit=3', 'E-1 E-2 R-1'],
  ['sites?near=105.65,9.75&sort=distance&limit=2', 'E-2 E-1'],
  ['sites/nearest?lon=105.426&lat=9.75&k=3&status=active', 'R-2 R-3 R-1'],
  ['sites/nearest?lon=105.43&lat=9.75&operator=vnpt', 'E-1'],
  ['sites/nearest?lon=105.405&lat=9.75&withinM=1200', 'R-0 R-1'],
])('%s', async (path, expected) => {
  expect(await codes(path)).toBe(expected);
});

it.each(['code', '-code', 'name', '-name', 'updatedAt', '-updatedAt', 'distance', '-distance'])(
  'pages by %s without a gap, even while the register changes',
  async (sort) => {
    // All were stored in one statement: `updatedAt` is the same for all, and codes must decide.
    const path = `sites?near=105.5,9.75&sort=${sort}&fields=code`;
    const all = await codes(path);
    expect(all.split(' ')).toHaveLength(12);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const { body } = await r.get<List>(`${path}&limit=5${next}`);
      seen.push(...body.items.map(({ code }) => code));
      cursor = body.nextCursor;
    } while (cursor !== null && seen.length < 30);
    expect(seen.join(' ')).toBe(all);
  },
);

it('goes by the last change', async () => {
  await r.call('PATCH', 'sites/R-4', { address: 'Ấp 4' });
  expect(await codes('sites?sort=-updatedAt&limit=1')).toBe('R-4');
});

it('tells distances, and only the fields that are asked for', async () => {
  const near = await r.get<List>('sites/nearest?lon=105.405&lat=9.75&k=2&fields=code,distanceM');
  expect(near.body.items[0]).toEqual({ code: 'R-0', distanceM: 0 });
  expect(near.body.items[1]?.distanceM).toBeCloseTo(1097, -1);
  const some = await r.get<List>('sites?limit=1&fields=code,technologies');
  expect(some.body.items).toEqual([{ code: 'E-1', technologies: ['5G'] }]);
  const all = await r.get<List>('sites?limit=1');
  expect(all.body.items[0]).toMatchObject({ commune: { code: 'c1' }, updatedAt: expect.any(String) });
});

it('is searched within a polygon', async () => {
  const search = async (body: object) => {
    const answer = await r.call<List>('POST', 'sites/search', body);
    expect(answer.status).toBe(200);
    return answer.body.items.map(({ code }) => code).join(' ');
  };
  const two = square(105.42, 9.74, 0.02);
  expect(await search({ polygon: two })).toBe('R-2 R-3');
  const both = { type: 'MultiPolygon', coordinates: [two.coordinates, square(105.5, 9.7).coordinates] };
  expect(await search({ polygon: both, sort: '-code', status: 'active' })).toBe('R-3 R-2 E-1');
  expect(await search({ polygon: both, limit: 1 })).toBe('E-1');
});

it.each([
  ['near', 'sites?near=9.75'],
  ['near', 'sites?near=999,9'],
  ['withinM', 'sites?withinM=5'],
  ['withinM', 'sites?near=105,9&withinM=-1'],
  ['sort', 'sites?sort=distance'],
  ['sort', 'sites?sort=colour'],
  ['fields', 'sites?fields=code,secret'],
  ['status', 'sites?status=active,on'],
  ['backhaul', 'sites?backhaul=wire'],
  ['band', 'sites?band=X'],
  ['k', 'sites/nearest?lon=105&lat=9&k=101'],
  ['lat', 'sites/nearest?lon=105'],
  ['cursor', `sites?cursor=${Buffer.from('["name","a","R-1"]').toString('base64url')}`],
  ['cursor', `sites?sort=updatedAt&cursor=${Buffer.from('["updatedAt","x","R-1"]').toString('base64url')}`],
  ['cursor', `sites?cursor=${Buffer.from('nonsense').toString('base64url')}`],
])('refuses a wrong %s: %s', async (field, path) => {
  const answer = await r.get<{ errors: { field: string }[] }>(path);
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0]?.field).toBe(field);
});

it.each([
  { type: 'Point', coordinates: [1, 2] },
  {
    type: 'Polygon',
    coordinates: [
      [
        [0, 0],
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    ],
  },
])('refuses a polygon that is none: %j', async (polygon) => {
  const answer = await r.call<{ errors: { field: string }[] }>('POST', 'sites/search', { polygon });
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0]?.field).toMatch(/^polygon/);
});
