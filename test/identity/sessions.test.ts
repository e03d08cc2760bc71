import { randomBytes, randomUUID } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { AccessTokens } from '../../src/modules/identity/sessions/access-tokens.js';
import { pruneRefreshTokens } from '../../src/modules/identity/sessions/refresh-token-store.js';
import { SignInLimiter } from '../../src/modules/identity/sessions/sign-in-limiter.js';
import { createIdentityApp, elsewhere, type IdentityApp, later, PASSWORD } from './identity-app.js';

let identity: IdentityApp;
beforeAll(async () => {
  identity = await createIdentityApp();
});
afterAll(() => identity.stop());
beforeEach(() => identity.uow.reader.query('delete from sign_in_attempts'));

const me = (token: string) => identity.call('GET', '/auth/me', { token });
const refresh = (refreshToken: unknown) => identity.call('POST', '/auth/refresh', { body: { refreshToken } });
const sessionOf = async (username: string) => {
  const { body } = await identity.signIn(username);
  return { access: String(body.accessToken), refreshToken: String(body.refreshToken) };
};

test('signing in gives tokens that say who one is', async () => {
  await identity.signedIn('Hoa.Nguyen', ['broadcaster']);
  const { status, body } = await identity.signIn('hoa.NGUYEN', PASSWORD.normalize('NFD'));
  expect(status).toBe(200);
  expect(body).toMatchObject({ expiresInS: 600 });
  expect(Date.parse(body.refreshExpiresAt!) - Date.now()).toBeGreaterThan(29.9 * 24 * 3600_000);
  const answer = await me(body.accessToken!);
  expect(answer.body).toMatchObject({ kind: 'user', name: 'Hoa.Nguyen', jurisdictionAreaId: null });
  expect(answer.body.permissions).toContain('broadcasts:write');
  expect(answer.body.permissions).not.toContain('users:manage');
});

test('a wrong password, an unknown name and a deactivated user get the same answer', async () => {
  await identity.signedIn('known', ['viewer']);
  const { id } = await identity.signedIn('gone', ['viewer']);
  await identity.uow.reader.query('update users set active = false where id = $1', [id]);
  const answers = [
    await identity.signIn('known', 'not the password'),
    await identity.signIn('nobody-at-all'),
    await identity.signIn('gone'),
    await identity.signIn('ẩn danh'),
  ];
  for (const { status, body } of answers) {
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'CREDENTIALS_WRONG', detailVi: 'Sai tên đăng nhập hoặc mật khẩu.' });
  }
});

test.each([
  [{}],
  [{ username: 'a' }],
  [{ username: 1, password: {} }],
  [{ username: 'a', password: 'b', more: 1 }],
  [{ username: 'a', password: ['b'] }],
  [{ username: 'a\0b', password: 'b' }],
])('%j is refused as 400', async (body) => {
  expect((await identity.call('POST', '/auth/login', { body })).status).toBe(400);
});

test('names and passwords beyond all length are refused unread', async () => {
  const long = [
    { username: 'x'.repeat(65), password: 'b' },
    { username: 'a', password: 'b'.repeat(1025) },
  ];
  for (const body of long) expect((await identity.call('POST', '/auth/login', { body })).status).toBe(400);
});

test('a refresh token is good once; the new one carries on', async () => {
  await identity.signedIn('rotating', ['viewer']);
  const first = await sessionOf('rotating');
  const second = await refresh(first.refreshToken);
  expect(second.status).toBe(200);
  expect((await me(second.body.accessToken!)).status).toBe(200);
  const third = await refresh(second.body.refreshToken);
  expect(third.status).toBe(200);
});

test('a refresh token used twice ends the session of whoever has it', async () => {
  await identity.signedIn('copied', ['viewer']);
  const first = await sessionOf('copied');
  const other = await sessionOf('copied');
  const second = await refresh(first.refreshToken);
  expect((await me(second.body.accessToken!)).status).toBe(200);

  const again = await refresh(first.refreshToken);
  expect(again.status).toBe(401);
  expect(again.body.code).toBe('SESSION_ENDED');
  expect((await refresh(second.body.refreshToken)).body.code).toBe('SESSION_ENDED');
  expect((await me(second.body.accessToken!)).body.code).toBe('SESSION_ENDED');
  // The user's other session goes on.
  expect((await me(other.access)).status).toBe(200);
  expect((await refresh(other.refreshToken)).status).toBe(200);
});

test('of many who show one refresh token at once, one wins at most, and the session ends', async () => {
  await identity.signedIn('raced', ['viewer']);
  const first = await sessionOf('raced');
  const answers = await Promise.all(Array.from({ length: 6 }, () => refresh(first.refreshToken)));
  const won = answers.filter(({ status }) => status === 200);
  expect(won).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  expect((await refresh(won[0]!.body.refreshToken)).status).toBe(401);
});

test('a session cannot outlive its end, even when a refresh was on its way', async () => {
  await identity.signedIn('leaving', ['viewer']);
  const first = await sessionOf('leaving');
  const [, refreshed] = await Promise.all([
    identity.call('POST', '/auth/logout', { body: { refreshToken: first.refreshToken } }),
    refresh(first.refreshToken),
  ]);
  if (refreshed.status === 200) expect((await refresh(refreshed.body.refreshToken)).status).toBe(401);
  expect((await me(first.access)).body.code).toBe('SESSION_ENDED');
});

test('signing out ends both tokens at once; of an unknown session nothing is said', async () => {
  await identity.signedIn('signing-out', ['viewer']);
  const session = await sessionOf('signing-out');
  expect((await me(session.access)).status).toBe(200);
  const answer = await identity.call('POST', '/auth/logout', {
    body: { refreshToken: session.refreshToken },
  });
  expect(answer.status).toBe(204);
  expect((await me(session.access)).body.code).toBe('SESSION_ENDED');
  expect((await refresh(session.refreshToken)).body.code).toBe('SESSION_ENDED');
  expect((await identity.call('POST', '/auth/logout', { body: { refreshToken: 'unknown' } })).status).toBe(
    204,
  );
});

test('an expired refresh token is refused, and pruned after a day', async () => {
  const { id } = await identity.signedIn('away', ['viewer']);
  const session = await sessionOf('away');
  await identity.uow.reader.query(
    `update refresh_tokens set expires_at = now() - interval '1 second' where user_id = $1`,
    [id],
  );
  expect((await refresh(session.refreshToken)).body.code).toBe('SESSION_ENDED');
  const count = async () =>
    (await identity.uow.reader.query<unknown[]>(`select 1 from refresh_tokens where user_id = $1`, [id]))
      .length;
  await pruneRefreshTokens(identity.uow.reader);
  expect(await count()).toBe(2);
  await identity.uow.reader.query(
    `update refresh_tokens set expires_at = now() - interval '25 hours' where user_id = $1`,
    [id],
  );
  await pruneRefreshTokens(identity.uow.reader);
  expect(await count()).toBe(0);
});

test('an access token holds for ten minutes', async () => {
  const { token } = await identity.signedIn('ten-minutes', ['viewer']);
  expect(await later(599_000, () => me(token))).toMatchObject({ status: 200 });
  const answer = await later(606_000, () => me(token));
  expect(answer).toMatchObject({ status: 401, body: { code: 'TOKEN_EXPIRED' } });
  expect(answer.headers['www-authenticate']).toBe('Bearer');
});

test('tokens that are not ours are refused', async () => {
  const { id } = await identity.signedIn('forged', ['administrator']);
  const claims = { sid: randomUUID(), ver: 1 };
  const filled = <T extends SignJWT | UnsecuredJWT>(jwt: T) =>
    jwt
      .setSubject(id)
      .setIssuer('phu-song')
      .setAudience('phu-song-api')
      .setIssuedAt()
      .setExpirationTime('10m') as T;
  const [{ secret }] = await identity.uow.reader.query<[{ secret: Buffer }]>(
    'select secret from signing_keys',
  );
  const signed = (key: Uint8Array, alg = 'HS256') =>
    filled(new SignJWT(claims)).setProtectedHeader({ alg }).sign(key);

  const genuine = await signed(secret);
  expect((await me(genuine)).status).toBe(200);
  const forgeries = [
    await signed(randomBytes(32)),
    await signed(Buffer.concat([secret, secret]), 'HS512'),
    filled(new UnsecuredJWT(claims)).encode(),
    await filled(new SignJWT(claims)).setIssuer('other').setProtectedHeader({ alg: 'HS256' }).sign(secret),
    await filled(new SignJWT(claims)).setAudience('other').setProtectedHeader({ alg: 'HS256' }).sign(secret),
    await filled(new SignJWT({ sid: 1, ver: '1' }))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(secret),
    genuine.replace(/[^.]+$/, 'A'.repeat(43)),
    'not.a.token',
    'x',
  ];
  for (const token of forgeries)
    expect(await me(token)).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } });
});

test('processes that start together agree on one signing key', async () => {
  await identity.uow.reader.query('delete from signing_keys');
  const claims = { userId: randomUUID(), sessionId: randomUUID(), tokenVersion: 1 };
  const replicas = Array.from({ length: 4 }, () => new AccessTokens(identity.uow));
  const tokens = await Promise.all(replicas.map((replica) => replica.sign(claims)));
  for (const token of tokens)
    for (const replica of replicas) expect(await replica.verify(token)).toEqual(claims);
});

describe('guessing', () => {
  const guess = (username: string, address: string, password = 'wrong password') =>
    identity.call('POST', '/auth/login', { body: { username, password }, address });

  test('the eleventh attempt on a name from an address has to wait, also with the right password', async () => {
    await identity.signedIn('guessed', ['viewer']);
    await identity.uow.reader.query('delete from sign_in_attempts');
    for (let attempt = 0; attempt < 10; attempt += 1)
      expect((await guess('guessed', '198.51.100.7')).status).toBe(401);
    const refused = await guess('Guessed', '::ffff:198.51.100.7', PASSWORD);
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_SIGN_INS' } });
    const waitS = Number(refused.headers['retry-after']);
    expect(waitS).toBeGreaterThan(800);
    expect(waitS).toBeLessThanOrEqual(900);
    // Another address, another name: not meant.
    expect((await guess('guessed', '198.51.100.8', PASSWORD)).status).toBe(200);
    expect((await guess('another', '198.51.100.7')).status).toBe(401);
    expect((await later(901_000, () => guess('guessed', '198.51.100.7', PASSWORD))).status).toBe(200);
  });

  test('attempts at the same time do not slip through', async () => {
    const answers = await Promise.all(Array.from({ length: 15 }, () => guess('stampede', '198.51.100.9')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(5);
  });

  test('who signs in has a clean slate again', async () => {
    await identity.signedIn('forgetful', ['viewer']);
    for (let round = 0; round < 3; round += 1) {
      for (let attempt = 0; attempt < 9; attempt += 1) await guess('forgetful', '198.51.100.10');
      expect((await guess('forgetful', '198.51.100.10', PASSWORD)).status).toBe(200);
    }
  });

  test('an address that tries many names has to wait; processes share the count', async () => {
    const other = new SignInLimiter(elsewhere(identity).uow);
    for (let attempt = 0; attempt < 100; attempt += 1) await other.count(`name-${attempt}`, '2001:db8::1');
    expect((await guess('fresh-name', '2001:db8::ffff')).status).toBe(429);
    expect((await guess('fresh-name', '2001:db8:0:1::1')).status).toBe(401);
  });

  test('ended windows are pruned', async () => {
    const limiter = identity.app.get(SignInLimiter);
    await limiter.count('pruned', '198.51.100.11');
    const count = async () =>
      (await identity.uow.reader.query<unknown[]>('select 1 from sign_in_attempts')).length;
    await limiter.prune();
    expect(await count()).toBe(2);
    await later(901_000, () => limiter.prune());
    expect(await count()).toBe(0);
  });
});

test('sessions are in the audit trail, their tokens and passwords are not', async () => {
  const { id } = await identity.signedIn('trailed', ['viewer']);
  const session = await sessionOf('trailed');
  await identity.call('POST', '/auth/logout', { body: { refreshToken: session.refreshToken } });
  const rows = await identity.uow.reader.query<{ action: string; actorId: string; text: string }[]>(
    `select action, actor_id as "actorId", a::text as text from audit_entries a
      where resource = 'session' and coalesce(after, before)->>'userId' = $1 order by id`,
    [id],
  );
  expect(rows.map(({ action }) => action)).toEqual(['create', 'create', 'delete']);
  expect(rows[0]!.actorId).toBe(id);
  for (const { text } of rows) {
    expect(text).not.toContain(session.refreshToken);
    expect(text).not.toContain(session.access);
    expect(text).not.toContain(PASSWORD);
  }
});
