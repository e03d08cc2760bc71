import { HamletsWriter } from '../../src/modules/hamlets/index.js';
import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';
import { HAMLETS } from './fixtures.js';

let api: RegisterApi;
beforeAll(async () => {
  api = await openRegisterApi([]);
  await api.app.app.get(HamletsWriter).importHamlets(HAMLETS, { date: '2025-06-30' });
});
afterAll(async () => api?.app.stop());

interface Body {
  items: Record<string, unknown>[];
  nextCursor: string | null;
  code: string;
  errors?: { field: string; code: string }[];
  id: string;
  version: number;
}

const codes = async (query: string) => {
  const { status, body } = await api.get<Body>(`hamlets?${query}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.items.map(({ code }) => code);
};

describe('the list', () => {
  it('narrows by box, unit at a date, signal, kind and text without marks', async () => {
    expect(await codes('bbox=105.4,9.7,105.46,9.8')).toEqual(['c1-ap-1']);
    expect(await codes('unit=c1&date=2025-06-30')).toEqual(['c1-ap-1', 'c1-ap-2']);
    expect(await codes('unit=c1&date=2025-07-01')).toEqual(['c1-ap-1', 'c1-ap-2', 'c2-ap-1']);
    expect(await codes('unit=d2&date=2025-06-30')).toEqual(['c3-kv-1']);
    expect(await codes('signal=none,weak')).toEqual(['c1-ap-1', 'c1-ap-2']);
    expect(await codes('signal=unknown')).toEqual(['c2-ap-1']);
    expect(await codes('kind=khu_vuc')).toEqual(['c3-kv-1']);
    expect(await codes('q=my%20loi')).toEqual(['c1-ap-2']);
    expect(await codes('q=%25')).toEqual([]);
  });

  it('is sorted either way, and paged without loss', async () => {
    for (const sort of ['code', '-code', 'name', '-name', 'households', '-households', 'updatedAt']) {
      const seen: unknown[] = [];
      let cursor = '';
      do {
        const { status, body } = await api.get<Body>(`hamlets?limit=1&sort=${sort}${cursor}`);
        expect(status).toBe(200);
        seen.push(...body.items.map(({ code }) => code));
        cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toEqual(await codes(`sort=${sort}`));
      expect(new Set(seen).size).toBe(4);
    }
    expect(await codes('sort=-households')).toEqual(['c3-kv-1', 'c1-ap-1', 'c1-ap-2', 'c2-ap-1']);
    expect(await codes('sort=name')).toEqual(['c1-ap-1', 'c1-ap-2', 'c2-ap-1', 'c3-kv-1']);
  });

  it.each([
    ['bbox=1,2', 'bbox'],
    ['signal=good', 'signal'],
    ['kind=lang', 'kind'],
    ['date=2025-02-30', 'date'],
    ['sort=-signal', 'sort'],
    ['cursor=eA', 'cursor'],
  ])('refuses %s', async (query, field) => {
    const { status, body } = await api.get<Body>(`hamlets?${query}`);
    expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [field]]);
  });
});

it('counts hamlets and households by signal, under the units of either date', async () => {
  const counts = async (query: string) => {
    const { status, body } = await api.get<{ items: Record<string, unknown>[] }>(`hamlets/counts?${query}`);
    expect(status).toBe(200);
    return body.items;
  };
  expect(await counts('by=commune&date=2025-06-30')).toEqual([
    row({ commune: 'c1' }, { commune: 'Xã Vị Tân' }, 2, 280, 0),
    row({ commune: 'c2' }, { commune: 'Xã Hỏa Lựu' }, 1, 0, 1),
    row({ commune: 'c3' }, { commune: 'Phường Ngã Bảy' }, 1, 300, 0),
  ]);
  expect(await counts('by=commune,signal&date=2025-07-01&unit=c1')).toEqual([
    row({ commune: 'c1', signal: 'none' }, { commune: 'Phường Vị Thanh' }, 1, 150, 0),
    row({ commune: 'c1', signal: 'weak' }, { commune: 'Phường Vị Thanh' }, 1, 130, 0),
    row({ commune: 'c1', signal: null }, { commune: 'Phường Vị Thanh' }, 1, 0, 1),
  ]);
  const districts = await counts('by=district,province&date=2025-06-30');
  expect(districts.map(({ values }) => values)).toEqual([
    { district: 'd1', province: 'p1' },
    { district: 'd2', province: 'p1' },
  ]);
  expect((await api.get('hamlets/counts?by=operator')).status).toBe(400);

  function row(values: object, names: object, hamlets: number, households: number, unknown: number) {
    return { values, names, hamlets, households, withoutHouseholds: unknown };
  }
});

describe('a hamlet', () => {
  const fresh = { code: 'new-1', name: 'Ấp Mới', kind: 'ap', lon: 105.62, lat: 9.72 };

  it('is added, changed on its version, and taken out; its history stays', async () => {
    const made = await api.call<Body>('POST', 'hamlets', fresh);
    expect(made).toMatchObject({
      status: 201,
      body: { ...fresh, households: null, signal: null, version: 1, commune: { code: 'c9' } },
    });
    const again = await api.call<Body>('POST', 'hamlets', fresh);
    expect(again).toMatchObject({ status: 409, body: { code: 'DUPLICATE' } });
    const report = { signal: 'none', signalReportedOn: '2025-05-02', signalSource: 'UBND xã' };
    const changed = await api.call<Body>('PATCH', 'hamlets/new-1', { ...report, version: 1 });
    expect(changed).toMatchObject({ status: 200, body: { ...report, version: 2, name: 'Ấp Mới' } });
    const stale = await api.call<Body>('PATCH', 'hamlets/new-1', { name: 'Ấp Cũ', version: 1 });
    expect(stale).toMatchObject({ status: 409, body: { code: 'VERSION' } });
    expect(await api.get('hamlets/new-1?date=2025-06-30')).toMatchObject({
      body: { commune: { code: 'c3' } },
    });

    const { id } = made.body;
    const remove = (query: string) =>
      fetch(`${api.app.url}/api/v1/hamlets/new-1${query}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${api.app.adminToken}` },
      });
    expect((await remove('?version=1')).status).toBe(409);
    expect((await remove('')).status).toBe(204);
    expect((await remove('')).status).toBe(404);
    expect((await api.get('hamlets/new-1')).status).toBe(404);
    const { body } = await api.get<Body>(`history/hamlet/${id}`);
    expect(body.items.map(({ action }) => action)).toEqual(['delete', 'update', 'create']);
    expect(body.items[1]).toMatchObject({ changes: expect.any(Array) as unknown[] });
    const feed = await api.get<Body>('changes?resource=hamlet&limit=500');
    expect(feed.body.items.filter((change) => change.resourceId === id)).toHaveLength(3);
  });

  it.each([
    [{ ...fresh, lon: 9.72, lat: 105.62 }, ['lat SWAPPED']],
    [{ ...fresh, lat: 8.1 }, ['lon OUTSIDE']],
    [{ ...fresh, households: -3 }, ['households COUNT']],
    [{ ...fresh, signalSource: 'UBND xã' }, ['signalSource SIGNAL']],
  ])('is refused: %j', async (body, expected) => {
    const answer = await api.call<Body>('POST', 'hamlets', body);
    expect([answer.status, answer.body.errors?.map(({ field, code }) => `${field} ${code}`)]).toEqual([
      400,
      expected,
    ]);
  });
});
