import { randomUUID } from 'node:crypto';
import { AccessTokens } from '../../src/modules/identity/sessions/access-tokens.js';
import { SignedInUsers } from '../../src/modules/identity/sessions/signed-in-users.js';
import { UsersService } from '../../src/modules/identity/index.js';
import { createTestDatabase } from '../support/database.js';
import {
  createIdentityApp,
  elsewhere,
  type IdentityApp,
  later,
  PASSWORD,
  ROOT,
  trailOf,
} from './identity-app.js';

let identity: IdentityApp;
let admin: { token: string };
beforeAll(async () => {
  identity = await createIdentityApp();
  admin = { token: identity.adminToken };
});
afterAll(() => identity.stop());
beforeEach(() => identity.uow.reader.query('delete from sign_in_attempts'));

const AREA = '00000000-0000-4000-8000-000000000001';
const create = (body: object, token = admin.token) => identity.call('POST', '/users', { token, body });
const change = (id: string, body: object, token = admin.token) =>
  identity.call('PATCH', `/users/${id}`, { token, body });
const newUser = (username: string, more: object = {}) => ({
  username,
  displayName: 'Trần Thị Hoa',
  password: PASSWORD,
  roles: ['viewer'],
  ...more,
});

test('a user is created, seen, changed, and the trail holds all of it without a hash', async () => {
  const created = await create(
    newUser('tran.thi.hoa', { displayName: ' Trần Thị Hoa ', jurisdictionAreaId: AREA }),
  );
  expect(created.status).toBe(201);
  expect(Object.keys(created.body).sort()).toEqual(
    [
      'active',
      'createdAt',
      'displayName',
      'id',
      'jurisdictionAreaId',
      'roles',
      'updatedAt',
      'username',
    ].sort(),
  );
  expect(created.body).toMatchObject({ displayName: 'Trần Thị Hoa', active: true, jurisdictionAreaId: AREA });
  const id = String(created.body.id);
  expect((await identity.call('GET', `/users/${id}`, admin)).body).toEqual(created.body);

  const changed = await change(id, {
    roles: ['planner', 'broadcaster'],
    jurisdictionAreaId: null,
    displayName: 'Hoa',
  });
  expect(changed).toMatchObject({
    status: 200,
    body: { roles: ['planner', 'broadcaster'], jurisdictionAreaId: null, displayName: 'Hoa', active: true },
  });
  expect((await change(id, { password: 'bảy tháng nắng hạn' })).status).toBe(200);
  expect((await change(id, { displayName: 'Hoa' })).status).toBe(200);

  const trail = await trailOf(identity, 'user', id);
  // The last change changed nothing.
  expect(trail.map(({ action }) => action)).toEqual(['create', 'update', 'update']);
  expect(trail[1]).toMatchObject({ before: { displayName: 'Trần Thị Hoa' }, after: { displayName: 'Hoa' } });
  expect(trail[2]!.after).toMatchObject({ passwordChanged: true });
  for (const { text } of trail) expect(text).not.toMatch(/argon2|hash|mưa dầm|nắng hạn/i);
  const [stored] = await identity.uow.reader.query<[{ hash: string }]>(
    'select password_hash as hash from users where id = $1',
    [id],
  );
  expect(stored.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await identity.signIn('tran.thi.hoa', 'bảy tháng nắng hạn')).status).toBe(200);
});

test('a username is taken whatever its capitals', async () => {
  expect((await create(newUser('Nguyen.Van.An'))).status).toBe(201);
  expect(await create(newUser('nguyen.van.AN'))).toMatchObject({
    status: 409,
    body: { code: 'DUPLICATE_USERNAME' },
  });
  const both = await Promise.all([create(newUser('at.once')), create(newUser('At.Once'))]);
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test.each([
  ['a short password', { password: 'short' }],
  ['the username as password', { username: 'the.very.same', password: 'THE.VERY.SAME' }],
  ['a password beyond all length', { password: 'x'.repeat(257) }],
  ['no role', { roles: [] }],
  ['the role of a cluster', { roles: ['device'] }],
  ['the role of an API client', { roles: ['api-client'] }],
  ['an unknown role', { roles: ['king'] }],
  ['a role twice', { roles: ['viewer', 'viewer'] }],
  ['roles as text', { roles: 'viewer' }],
  ['a name with a space', { username: 'tran hoa' }],
  ['a short name', { username: 'ab' }],
  ['an empty display name', { displayName: '   ' }],
  ['a control character', { displayName: 'Hoa\u0000' }],
  ['an area that is no id', { jurisdictionAreaId: 'Vị Thanh' }],
  ['a field of ours', { active: true }],
  ['the hash', { passwordHash: '$argon2id$' }],
])('%s is refused', async (_what, wrong) => {
  const { status, body } = await create({ ...newUser('refused'), ...wrong });
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'INVALID' });
});

test.each([
  [{ roles: null }],
  [{ active: null }],
  [{ password: null }],
  [{ displayName: null }],
  [{ username: 'x.y' }],
])('a change to %j is refused', async (body) => {
  const { id } = await identity.signedIn(`u${randomUUID().slice(0, 8)}`, ['viewer']);
  expect((await change(id, body)).status).toBe(400);
});

test('one who is not there is 404, an id that is none 400', async () => {
  expect((await identity.call('GET', `/users/${randomUUID()}`, admin)).status).toBe(404);
  expect((await change(randomUUID(), { active: false })).status).toBe(404);
  expect((await identity.call('GET', '/users/hoa', admin)).status).toBe(400);
});

test('the list goes on by page, by role, by activity', async () => {
  for (const name of ['list.b', 'List.A', 'list.c']) await create(newUser(name, { roles: ['approver'] }));
  const listed: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await identity.call('GET', `/users?role=approver&limit=2${query}`, admin);
    listed.push(...body.items.map(({ username }) => String(username)));
    cursor = body.nextCursor ?? null;
  }
  expect(listed).toEqual(['List.A', 'list.b', 'list.c']);
  const inactive = await identity.call('GET', '/users?role=approver&active=false', admin);
  expect(inactive.body.items).toEqual([]);
  for (const query of ['active=maybe', 'role=king', 'limit=0', 'cursor=%00', 'more=1'])
    expect((await identity.call('GET', `/users?${query}`, admin)).status).toBe(400);
});

describe('what has changed holds', () => {
  const sites = (token: string) => identity.call('GET', '/permissions', { token });

  test('at once in this process: deactivation, and no way back with old tokens', async () => {
    const user = await identity.signedIn('to.go', ['viewer']);
    const { refreshToken } = (await identity.signIn('to.go')).body;
    expect((await sites(user.token)).status).toBe(200);
    await change(user.id, { active: false });
    expect((await sites(user.token)).body.code).toBe('SESSION_ENDED');
    expect((await identity.call('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    await change(user.id, { active: true });
    expect((await sites(user.token)).body.code).toBe('SESSION_ENDED');
    expect((await identity.call('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    expect((await identity.signIn('to.go')).status).toBe(200);
  });

  test('at once in this process: roles', async () => {
    const user = await identity.signedIn('demoted', ['administrator']);
    expect((await identity.call('GET', '/users', user)).status).toBe(200);
    await change(user.id, { roles: ['viewer'] });
    expect((await identity.call('GET', '/users', user)).body.code).toBe('FORBIDDEN');
    expect((await sites(user.token)).status).toBe(200);
  });

  test('a new password ends all sessions', async () => {
    const user = await identity.signedIn('renewed', ['viewer']);
    expect((await sites(user.token)).status).toBe(200);
    await change(user.id, { password: 'bảy tháng nắng hạn' });
    expect((await sites(user.token)).body.code).toBe('SESSION_ENDED');
    expect((await identity.signIn('renewed')).status).toBe(401);
    expect((await identity.signIn('renewed', 'bảy tháng nắng hạn')).status).toBe(200);
  });

  test('within ten seconds in another process', async () => {
    const user = await identity.signedIn('far.away', ['planner']);
    const { uow, events } = elsewhere(identity);
    const other = new SignedInUsers(uow, new AccessTokens(uow), events);
    expect((await other.authenticate(user.token)).permissions.has('sites:write')).toBe(true);
    await change(user.id, { roles: ['viewer'] });
    const roles = await later(10_000, () => other.authenticate(user.token));
    expect(roles.permissions.has('sites:write')).toBe(false);
    await change(user.id, { active: false });
    await expect(later(20_000, () => other.authenticate(user.token))).rejects.toMatchObject({
      code: 'SESSION_ENDED',
    });
  });
});

describe('nobody goes beyond their own rights', () => {
  /** An API key that may manage users and nothing else is the likeliest such actor. */
  const clerk = { ...ROOT, permissions: new Set(['users:manage', 'areas:read'] as const) };
  const here = { ...ROOT, jurisdictionAreaId: AREA };
  const beyond = expect.objectContaining({ status: 403, code: 'BEYOND_OWN_RIGHTS' }) as unknown;

  test('neither by creating nor by changing', async () => {
    const { id } = await identity.signedIn('above.the.clerk', ['viewer']);
    const input = {
      username: 'made.by.clerk',
      displayName: 'x',
      password: PASSWORD,
      roles: ['administrator' as const],
    };
    await expect(identity.users.create(clerk, input)).rejects.toEqual(beyond);
    await expect(identity.users.change(clerk, id, { password: 'a password of mine' })).rejects.toEqual(
      beyond,
    );
    await expect(identity.users.change(clerk, id, { active: false })).rejects.toEqual(beyond);
    await expect(identity.users.change(here, id, { jurisdictionAreaId: AREA })).rejects.toEqual(beyond);
    await expect(identity.users.create(here, { ...input, jurisdictionAreaId: null })).rejects.toEqual(beyond);
    expect(await identity.users.create(here, { ...input, jurisdictionAreaId: AREA })).toMatchObject({
      jurisdictionAreaId: AREA,
    });
  });
});

describe('administrators', () => {
  async function own() {
    const database = await createTestDatabase();
    const { uow } = elsewhere({ ...identity, database });
    return { database, uow, users: new UsersService(uow) };
  }

  test('the first one is made once, with the given or a generated password', async () => {
    const { database, uow, users } = await own();
    try {
      const both = await Promise.all([users.ensureFirstAdministrator(), users.ensureFirstAdministrator()]);
      const made = both.filter(({ created }) => created);
      expect(made).toHaveLength(1);
      expect(made[0]!.generatedPassword).toMatch(/^[A-Za-z0-9_-]{24}$/);
      const stored = () =>
        uow.reader.query<unknown[]>('select username, roles, password_hash, active from users');
      const before = await stored();
      expect(before).toMatchObject([{ username: 'admin', roles: ['administrator'], active: true }]);
      expect(await users.ensureFirstAdministrator('another password')).toEqual({ created: false });
      expect(await stored()).toEqual(before);
      await uow.reader.query('delete from users');
      expect(await users.ensureFirstAdministrator('a given password')).toEqual({ created: true });
      await uow.reader.query('delete from users');
      await expect(users.ensureFirstAdministrator('short')).rejects.toMatchObject({ code: 'INVALID' });
    } finally {
      await database.stop();
    }
  });

  test('the last active one stays, also when two remove each other at the same time', async () => {
    const { database, uow, users } = await own();
    try {
      const made = await Promise.all(
        ['one', 'two'].map((name) =>
          users.create(ROOT, {
            username: `admin.${name}`,
            displayName: name,
            password: PASSWORD,
            roles: ['administrator', 'viewer'],
          }),
        ),
      );
      const viewer = await users.create(ROOT, {
        username: 'viewer',
        displayName: 'viewer',
        password: PASSWORD,
        roles: ['viewer'],
      });
      for (let round = 0; round < 3; round += 1) {
        const outcomes = await Promise.allSettled([
          users.change(ROOT, made[0]!.id, { roles: ['viewer'] }),
          users.change(ROOT, made[1]!.id, { active: false }),
        ]);
        const failed = outcomes.flatMap((outcome) =>
          outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
        );
        expect(failed).toEqual([expect.objectContaining({ status: 409, code: 'LAST_ADMINISTRATOR' })]);
        await uow.reader.query(
          `update users set active = true, roles = '{administrator,viewer}' where id = any($1)`,
          [made.map(({ id }) => id)],
        );
      }
      await users.change(ROOT, made[0]!.id, { active: false });
      for (const refused of [{ active: false }, { roles: ['viewer' as const] }])
        await expect(users.change(ROOT, made[1]!.id, refused)).rejects.toMatchObject({
          code: 'LAST_ADMINISTRATOR',
        });
      expect(await users.get(made[1]!.id)).toMatchObject({
        active: true,
        roles: ['administrator', 'viewer'],
      });
      // Others, and other things about the last one, can be changed.
      expect(await users.change(ROOT, viewer.id, { active: false })).toMatchObject({ active: false });
      expect(await users.change(ROOT, made[1]!.id, { roles: ['administrator'] })).toMatchObject({
        active: true,
      });
    } finally {
      await database.stop();
    }
  });
});
