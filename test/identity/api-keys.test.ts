import { randomUUID } from 'node:crypto';
import { ApiKeysService } from '../../src/modules/identity/api-keys/api-keys.service.js';
import type { Permission } from '../../src/modules/identity/index.js';
import { createIdentityApp, elsewhere, type IdentityApp, later, ROOT, trailOf } from './identity-app.js';

let identity: IdentityApp;
let admin: { token: string };
beforeAll(async () => {
  identity = await createIdentityApp();
  admin = { token: identity.adminToken };
});
afterAll(() => identity.stop());

const create = (body: object) => identity.call('POST', '/api-keys', { ...admin, body });
const me = (key: string) => identity.call('GET', '/auth/me', { headers: { 'x-api-key': key } });

test('a key is shown once, works, and is stored as a hash alone', async () => {
  const created = await create({ name: ' Open data portal ' });
  expect(created.status).toBe(201);
  const key = String(created.body.key);
  const id = String(created.body.id);
  expect(key).toMatch(/^psk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$/);
  expect(created.body).toMatchObject({ name: 'Open data portal', roles: ['api-client'], permissions: null });

  const answer = await me(key);
  expect(answer).toMatchObject({ status: 200, body: { kind: 'api-key', id, name: 'Open data portal' } });
  expect(answer.body.permissions).toContain('sites:read');

  const secret = key.slice(key.lastIndexOf('_') + 1);
  const listed = await identity.call('GET', '/api-keys', admin);
  const trail = await trailOf(identity, 'api-key', id);
  const [row] = await identity.uow.reader.query<[{ text: string }]>(
    'select k::text as text from api_keys k where id = $1',
    [id],
  );
  expect(trail).toHaveLength(1);
  for (const text of [JSON.stringify(listed.body), trail[0]!.text, row.text]) {
    expect(text).toContain(key.slice(4, 16));
    expect(text).not.toContain(secret);
  }
  for (const text of [JSON.stringify(listed.body), trail[0]!.text]) expect(text).not.toMatch(/sha256|\\\\x/i);
});

test('a key may do what it was made for and no more', async () => {
  const { body } = await create({
    name: 'narrow',
    roles: ['planner'],
    permissions: ['sites:read', 'profile:read'],
  });
  const answer = await me(String(body.key));
  expect(answer.body.permissions).toEqual(['profile:read', 'sites:read']);
  const refused = await identity.call('GET', '/users', { headers: { 'x-api-key': String(body.key) } });
  expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  expect(await create({ name: 'wide', roles: ['viewer'], permissions: ['users:manage'] })).toMatchObject({
    status: 400,
    body: { code: 'INVALID' },
  });
});

test.each([
  [{}],
  [{ name: '' }],
  [{ name: 'x', roles: [] }],
  [{ name: 'x', roles: ['device'] }],
  [{ name: 'x', permissions: [] }],
  [{ name: 'x', permissions: ['everything'] }],
  [{ name: 'x', expiresAt: '2020-01-01T00:00:00Z' }],
  [{ name: 'x', expiresAt: '2090-W05' }],
  [{ name: 'x', expiresAt: 'tomorrow' }],
  [{ name: 'x', jurisdictionAreaId: 'here' }],
  [{ name: 'x', prefix: '000000000000' }],
])('%j is refused', async (body) => {
  expect((await create(body)).status).toBe(400);
});

test('what is no key of ours is refused', async () => {
  const key = String((await create({ name: 'genuine' })).body.key);
  const wrong = [
    '',
    'x',
    key.slice(0, -1),
    `${key}x`,
    `${key.slice(0, 17)}${'A'.repeat(43)}`,
    `psk_${'0'.repeat(12)}_${'A'.repeat(43)}`,
  ];
  for (const one of wrong) expect(await me(one)).toMatchObject({ status: 401 });
  expect((await me(key)).status).toBe(200);
  for (const one of wrong.slice(1)) expect((await me(one)).body.code).toBe('API_KEY_INVALID');
});

test('a key ends when it expires', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const key = String((await create({ name: 'short-lived', expiresAt })).body.key);
  expect((await me(key)).status).toBe(200);
  expect(await later(3_601_000, () => me(key))).toMatchObject({
    status: 401,
    body: { code: 'API_KEY_EXPIRED' },
  });
});

test('a revoked key ends at once here, within ten seconds elsewhere, and for good', async () => {
  const { body } = await create({ name: 'revoked' });
  const [id, key] = [String(body.id), String(body.key)];
  const { uow, events } = elsewhere(identity);
  const other = new ApiKeysService(uow, events);
  expect((await me(key)).status).toBe(200);
  expect((await other.authenticate(key)).id).toBe(id);

  const revoke = () => identity.call('DELETE', `/api-keys/${id}`, admin);
  expect((await revoke()).status).toBe(204);
  expect((await me(key)).body.code).toBe('API_KEY_INVALID');
  await expect(later(10_000, () => other.authenticate(key))).rejects.toMatchObject({
    code: 'API_KEY_INVALID',
  });
  expect((await revoke()).status).toBe(204);
  expect((await trailOf(identity, 'api-key', id)).map(({ action }) => action)).toEqual(['create', 'update']);
  expect((await identity.call('DELETE', `/api-keys/${randomUUID()}`, admin)).status).toBe(404);
});

test('when it was last used is written every five minutes at most', async () => {
  const { body } = await create({ name: 'busy' });
  const lastUsed = async () =>
    (
      await identity.uow.reader.query<[{ at: Date | null }]>(
        'select last_used_at as at from api_keys where id = $1',
        [body.id],
      )
    )[0].at;
  expect(await lastUsed()).toBeNull();
  await me(String(body.key));
  const first = await lastUsed();
  expect(first).toBeInstanceOf(Date);
  await later(60_000, () => me(String(body.key)));
  expect(await lastUsed()).toEqual(first);
  await identity.uow.reader.query(
    `update api_keys set last_used_at = now() - interval '6 minutes' where id = $1`,
    [body.id],
  );
  await later(120_000, () => me(String(body.key)));
  expect((await lastUsed())!.getTime()).toBeGreaterThanOrEqual(first!.getTime());
});

test('nobody makes or revokes a key beyond their own rights', async () => {
  const service = identity.app.get(ApiKeysService, { strict: false });
  const clerk = { ...ROOT, permissions: new Set<Permission>(['api-keys:manage', 'sites:read']) };
  const beyond = expect.objectContaining({ status: 403, code: 'BEYOND_OWN_RIGHTS' }) as unknown;
  await expect(service.create(clerk, { name: 'x', roles: ['administrator'] })).rejects.toEqual(beyond);
  await expect(service.create({ ...ROOT, jurisdictionAreaId: randomUUID() }, { name: 'x' })).rejects.toEqual(
    beyond,
  );
  const own = await service.create(clerk, { name: 'x', permissions: ['sites:read'] });
  const others = await service.create(ROOT, { name: 'y' });
  await expect(service.revoke(clerk, others.id)).rejects.toEqual(beyond);
  await service.revoke(clerk, own.id);
});

test('the list is newest first, by page', async () => {
  const names = ['p1', 'p2', 'p3'];
  for (const name of names) await create({ name });
  const first = await identity.call('GET', '/api-keys?limit=2', admin);
  expect(first.body.items.map(({ name }) => String(name))).toEqual(['p3', 'p2']);
  expect(first.body.items[0]).not.toHaveProperty('nr');
  const second = await identity.call(
    'GET',
    `/api-keys?limit=1&cursor=${String(first.body.nextCursor)}`,
    admin,
  );
  expect(second.body.items.map(({ name }) => String(name))).toEqual(['p1']);
  expect((await identity.call('GET', '/api-keys?cursor=eHl6', admin)).status).toBe(400);
});
