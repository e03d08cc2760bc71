import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { pruneAnswers } from '../../src/common/database/idempotency.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { makeChime } from '../../src/modules/media/index.js';
import { ClusterService } from '../../src/modules/speakers/index.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';

let server: TestApp;
let body: Record<string, unknown>;

const query = <T = Record<string, unknown>>(sql: string, parameters: unknown[] = []) =>
  server.database.dataSource.query<T[]>(sql, parameters);
const count = async (table: string) =>
  (await query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n;

beforeAll(async () => {
  server = await createTestApp();
  const unit = { validFrom: '2000-01-01', validTo: null };
  await server.app.get(AreasWriter).importAreas([
    { ...unit, code: '93', kind: 'province', type: 'Tỉnh', name: 'Hậu Giang', parentCode: null },
    { ...unit, code: '930', kind: 'district', type: 'Thành phố', name: 'Vị Thanh', parentCode: '93' },
    { ...unit, code: '31318', kind: 'commune', type: 'Phường', name: 'I', parentCode: '930' },
  ]);
  const [area] = await query<{ id: string }>(`select id from areas where code = '31318'`);
  const cluster = { name: 'Cụm', lon: 105.47, lat: 9.78, areaId: area!.id, quietHours: [], source: 'test' };
  await server.app
    .get(ClusterService)
    .importClusters(
      ['loa-1', 'loa-2'].map((id) => ({ ...cluster, id, horns: [{ powerW: 30, azimuthDeg: 0 }] })),
    );
  const answer = await request(server.url)
    .post('/api/v1/media')
    .set('authorization', `Bearer ${server.adminToken}`)
    .field('title', 'Nhạc hiệu')
    .attach('file', makeChime(), 'c.wav');
  body = { title: 'Thông báo', sha256: (answer.body as { sha256: string }).sha256, target: { all: true } };
});
afterAll(() => server?.stop());

function announce(key: string | undefined, more: object = {}, token = server.adminToken) {
  const call = request(server.url).post('/api/v1/broadcasts').set('authorization', `Bearer ${token}`);
  return (key === undefined ? call : call.set('idempotency-key', key)).send({ ...body, ...more });
}

describe('the same announcement sent again', () => {
  it('is answered as the first was and plays nothing twice, whatever has happened since', async () => {
    const key = randomUUID();
    const first = await announce(key).expect(201);
    const { id } = first.body as { id: string };
    const [before, orders] = [await count('deliveries'), await count('commands')];
    await request(server.url)
      .post(`/api/v1/broadcasts/${id}/stop`)
      .set('authorization', `Bearer ${server.adminToken}`)
      .expect(200);
    const stopped = await count('commands');
    // In another order it says the same.
    const again = await announce(key, Object.fromEntries(Object.entries(body).reverse())).expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.body).toMatchObject({ state: 'RUNNING', counts: { total: 2 } });
    expect(await count('deliveries')).toBe(before);
    expect(await count('commands')).toBe(stopped);
    expect(orders).toBeGreaterThanOrEqual(2);
    const trail = await query(
      `select 1 from audit_entries where resource = 'broadcast' and resource_id = $1 and action = 'create'`,
      [id],
    );
    expect(trail).toHaveLength(1);
  });

  it('is one when many are sent at once', async () => {
    const key = randomUUID();
    const before = await count('broadcasts');
    const answers = await Promise.all(Array.from({ length: 8 }, () => announce(key)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(await count('broadcasts')).toBe(before + 1);
  });

  it('is one of several different ones that are sent at once with one key; the others are told', async () => {
    const key = randomUUID();
    const before = await count('broadcasts');
    const titles = ['một', 'hai', 'ba', 'bốn'];
    const answers = await Promise.all(titles.map((title) => announce(key, { title })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422]);
    expect(await count('broadcasts')).toBe(before + 1);
  });

  it('is another one without a key, and with another key', async () => {
    const before = await count('broadcasts');
    const keys = [undefined, undefined, randomUUID(), randomUUID()];
    const ids: string[] = [];
    for (const key of keys) ids.push(((await announce(key).expect(201)).body as { id: string }).id);
    expect(new Set(ids).size).toBe(4);
    expect(await count('broadcasts')).toBe(before + 4);
  });
});

test('a key means what it meant first: another body is refused in both languages', async () => {
  const key = randomUUID();
  await announce(key).expect(201);
  const other = await announce(key, { repeat: 2 }).expect(422);
  expect(other.type).toBe('application/problem+json');
  expect(other.body).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    detail: expect.stringContaining('another request'),
    detailVi: expect.stringContaining('yêu cầu khác'),
  });
});

test('a request that was refused has not used its key', async () => {
  const key = randomUUID();
  await announce(key, { sha256: 'f'.repeat(64) }).expect(400);
  await announce(key, { target: { clusterIds: ['no-such-cluster'] } }).expect(400);
  await announce(key).expect(201);
});

test('keys of one person are not those of another', async () => {
  const password = 'mật khẩu của người phát thanh';
  await request(server.url)
    .post('/api/v1/users')
    .set('authorization', `Bearer ${server.adminToken}`)
    .send({ username: 'phat.thanh', displayName: 'Phát thanh', password, roles: ['broadcaster'] })
    .expect(201);
  const token = await signIn(server.url, 'phat.thanh', password);
  const key = randomUUID();
  const mine = await announce(key).expect(201);
  const theirs = await announce(key, { title: 'Khác' }, token).expect(201);
  expect(theirs.body).toMatchObject({ title: 'Khác', createdBy: 'phat.thanh' });
  expect((theirs.body as { id: string }).id).not.toBe((mine.body as { id: string }).id);
});

test('after 24 hours a key is new again, and its answer is forgotten', async () => {
  const [key, other] = [randomUUID(), randomUUID()];
  const first = await announce(key).expect(201);
  await announce(other).expect(201);
  await query(`update idempotent_answers set created_at = now() - interval '23 hours 59 minutes'`);
  expect((await announce(key).expect(201)).body).toEqual(first.body);
  await query(`update idempotent_answers set created_at = now() - interval '24 hours 1 minute'`);
  const later = await announce(key, { title: 'Hôm sau' }).expect(201);
  expect(later.body).toMatchObject({ title: 'Hôm sau' });
  await pruneAnswers(server.database.dataSource.manager);
  expect(await query(`select key from idempotent_answers`)).toEqual([{ key }]);
});

test.each(['short', 'x'.repeat(101), 'has a space', 'one-key-here, and-another', 'khóa-của-tôi', ''])(
  'the key "%s" is none',
  async (key) => {
    const answer = await fetch(`${server.url}/api/v1/broadcasts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.adminToken}`,
        'content-type': 'application/json',
        'idempotency-key': Buffer.from(key, 'utf8').toString('latin1'),
      },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
  },
);
