import request from 'supertest';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { makeChime } from '../../src/modules/media/index.js';
import { ClusterService } from '../../src/modules/speakers/index.js';
import { createTestApp, type TestApp } from '../support/app.js';

let test: TestApp;
let sha256: string;

beforeAll(async () => {
  test = await createTestApp();
  const unit = { validFrom: '2000-01-01', validTo: null };
  await test.app.get(AreasWriter).importAreas([
    { ...unit, code: '93', kind: 'province', type: 'Tỉnh', name: 'Hậu Giang', parentCode: null },
    { ...unit, code: '930', kind: 'district', type: 'Thành phố', name: 'Vị Thanh', parentCode: '93' },
    { ...unit, code: '31318', kind: 'commune', type: 'Phường', name: 'I', parentCode: '930' },
  ]);
  const [area] = await test.database.dataSource.query<{ id: string }[]>(
    `select id from areas where code = '31318'`,
  );
  const horns = [{ powerW: 30, azimuthDeg: 0 }];
  const cluster = { name: 'Cụm', lon: 105.47, lat: 9.78, areaId: area!.id, horns, source: 'test' };
  await test.app.get(ClusterService).importClusters([
    { ...cluster, id: 'loa-1', quietHours: [] },
    { ...cluster, id: 'loa-2', quietHours: [] },
  ]);
  const answer = await call('post', '/api/v1/media')
    .field('title', 'Nhạc hiệu')
    .attach('file', makeChime(), 'c.wav');
  expect(answer.status).toBe(201);
  sha256 = (answer.body as { sha256: string }).sha256;
});
afterAll(() => test?.stop());

function call(method: 'get' | 'post' | 'head', path: string) {
  return request(test.url)[method](path).set('authorization', `Bearer ${test.adminToken}`);
}

describe('the API of broadcasts', () => {
  it('foretells what a cluster will make of its plan', async () => {
    const empty = await call('get', '/api/v1/clusters/loa-2/foretold').expect(200);
    expect(empty.body).toMatchObject({ clusterId: 'loa-2', appliedVersion: null, plays: [] });
    await call('get', '/api/v1/clusters/nobody/foretold').expect(404);
    const noonMs = Math.floor(Date.now() / 86_400_000 + 1) * 86_400_000 + 5 * 3600_000;
    const announce = async (title: string, atS: number, more: object) => {
      const startAt = new Date(noonMs + atS * 1000).toISOString();
      const body = { title, sha256, target: { clusterIds: ['loa-2'] }, startAt, ...more };
      return (await call('post', '/api/v1/broadcasts').send(body).expect(201)).body as { id: string };
    };
    // The chime has 3 seconds.
    const low = await announce('thường', 0, { repeat: 10 });
    const high = await announce('ưu tiên', 12, { class: 'PRIORITY' });
    const { plays } = (await call('get', '/api/v1/clusters/loa-2/foretold').expect(200)).body as {
      plays: { heard: { from: string; to: string; fromS: number; end: string }[] }[];
    };
    const after = (iso: string) => (Date.parse(iso) - noonMs) / 1000;
    expect(plays).toMatchObject([
      { broadcastId: low.id, title: 'thường', onOverrun: 'FINISH', unheard: null },
      { broadcastId: high.id, title: 'ưu tiên', unheard: null },
    ]);
    expect(
      plays.map(({ heard }) => heard.map(({ from, to, fromS, end }) => [after(from), after(to), fromS, end])),
    ).toEqual([
      [
        [0, 12, 0, 'INTERRUPTED'],
        [15, 33, 12, 'FINISHED'],
      ],
      [[12, 15, 0, 'FINISHED']],
    ]);
    for (const { id } of [low, high]) await call('post', `/api/v1/broadcasts/${id}/stop`).expect(200);
  });

  it('announces, tells, lists and stops', async () => {
    const body = { title: 'Thông báo', sha256, target: { areas: ['31318'] }, repeat: 2 };
    const made = await call('post', '/api/v1/broadcasts').send(body).expect(201);
    expect(made.body).toMatchObject({
      title: 'Thông báo',
      state: 'RUNNING',
      createdBy: 'admin',
      counts: { total: 2 },
    });
    const { id } = made.body as { id: string };
    expect((await call('get', `/api/v1/broadcasts/${id}`).expect(200)).body).toMatchObject({
      id,
      durationS: 3,
    });
    const deliveries = await call('get', `/api/v1/broadcasts/${id}/deliveries?limit=1`).expect(200);
    expect(deliveries.body.items).toMatchObject([
      { clusterId: 'loa-1', state: 'PLANNED', areaCode: '31318', meaning: expect.any(String) },
    ]);
    expect(deliveries.body.nextCursor).toEqual(expect.any(String));
    const list = await call('get', '/api/v1/broadcasts?state=RUNNING').expect(200);
    expect(list.body.items).toMatchObject([{ id }]);
    expect((await call('post', `/api/v1/broadcasts/${id}/stop`).expect(200)).body).toMatchObject({
      state: 'STOPPED',
    });
    const trail = await test.database.dataSource.query<{ action: string }[]>(
      `select action from audit_entries where resource = 'broadcast' and resource_id = $1 order by id`,
      [id],
    );
    expect(trail.map(({ action }) => action)).toEqual(['create', 'update']);
  });

  it.each<[string, object]>([
    ['nothing', {}],
    ['an unknown field', { nonsense: 1 }],
    ['a hash that is none', { sha256: 'x' }],
    ['a class that is none', { class: 'LOUD' }],
    ['a volume above all', { volumePercent: 101 }],
    ['a time that is none', { startAt: 'tomorrow' }],
    ['a target that is a list', { target: [] }],
    ['units that are none', { target: { areas: null } }],
    ['a title that cannot be stored', { title: 'a\u0000b' }],
  ])('refuses %s', async (_what, more) => {
    const base = Object.keys(more).length === 0 ? {} : { title: 'Thử', sha256, target: { all: true } };
    const answer = await call('post', '/api/v1/broadcasts').send({ ...base, ...more });
    expect(answer.status).toBe(400);
    expect(answer.type).toBe('application/problem+json');
  });

  it.each(['/api/v1/broadcasts/nonsense', '/api/v1/broadcasts/nonsense/deliveries'])(
    'finds no %s',
    async (path) => {
      await call('get', path).expect(404);
    },
  );

  it.each([
    ['get', '/api/v1/broadcasts'],
    ['post', '/api/v1/broadcasts'],
    ['get', '/api/v1/media'],
    ['post', '/api/v1/media'],
  ] as const)('lets no stranger %s %s', async (method, path) => {
    await request(test.url)[method](path).expect(401);
  });
});

describe('audio in the assembled application', () => {
  it('is served by hash to who has signed in', async () => {
    const file = await call('get', `/media/${sha256}`).responseType('blob').expect(200);
    expect((file.body as Buffer).equals(makeChime())).toBe(true);
    await call('head', `/media/${sha256}`).expect(200);
    await request(test.url).get(`/media/${sha256}`).expect(401);
  });
});
