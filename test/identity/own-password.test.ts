import { ATTEMPTS_PER_USER_AND_ADDRESS } from '../../src/modules/identity/sessions/sign-in-limiter.js';
import { createIdentityApp, type IdentityApp, PASSWORD, trailOf } from './identity-app.js';

const NEW = 'nắng hạn tháng ba';

let identity: IdentityApp;
beforeAll(async () => {
  identity = await createIdentityApp();
});
afterAll(() => identity.stop());
beforeEach(() => identity.uow.reader.query('delete from sign_in_attempts'));

const me = (token: string) => identity.call('GET', '/auth/me', { token });
const change = (token: string, body: object) => identity.call('PUT', '/auth/password', { token, body });
const person = (username: string) => identity.signedIn(username, ['viewer']);

test('a new password ends all sessions and begins one; the old password opens nothing', async () => {
  const { id, token } = await person('changing');
  const other = (await identity.signIn('changing')).body;
  const answer = await change(token, { current: PASSWORD.normalize('NFD'), new: NEW });
  expect(answer.status).toBe(200);
  expect(await me(String(answer.body.accessToken))).toMatchObject({
    status: 200,
    body: { name: 'changing' },
  });
  for (const ended of [token, String(other.accessToken)])
    expect((await me(ended)).body.code).toBe('SESSION_ENDED');
  const refreshed = await identity.call('POST', '/auth/refresh', {
    body: { refreshToken: other.refreshToken },
  });
  expect(refreshed.body.code).toBe('SESSION_ENDED');
  expect((await identity.signIn('changing')).status).toBe(401);
  expect((await identity.signIn('changing', NEW)).status).toBe(200);

  const trail = await trailOf(identity, 'user', id);
  expect(trail.at(-1)).toMatchObject({ action: 'update', actorId: id, after: { passwordChanged: true } });
  expect(JSON.stringify(trail)).not.toMatch(/argon2|tháng ba|tháng bảy/);
});

test.each<[string, object, string, string]>([
  ['a wrong present one', { current: 'not this one at all', new: NEW }, 'current', 'WRONG'],
  ['one that is too short', { current: PASSWORD, new: 'ngắn' }, 'new', 'minLength'],
  ['one that is too long', { current: PASSWORD, new: 'a'.repeat(300) }, 'new', 'maxLength'],
  ['the present one again', { current: PASSWORD, new: PASSWORD.normalize('NFD') }, 'new', 'SAME'],
  ['the username', { current: PASSWORD, new: 'REFUSED.PERSON' }, 'new', 'USERNAME'],
])('%s is refused in both languages, and nothing changes', async (_what, body, field, code) => {
  const token = String(
    (await identity.signIn('refused.person')).body.accessToken ?? (await person('refused.person')).token,
  );
  const answer = await change(token, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    errors: [{ field, code, message: expect.any(String), messageVi: expect.stringMatching(/mật khẩu/) }],
  });
  expect((await me(token)).status).toBe(200);
  expect((await identity.signIn('refused.person')).status).toBe(200);
});

test.each([{}, { current: PASSWORD }, { current: 1, new: NEW }, { current: PASSWORD, new: NEW, more: 1 }])(
  '%j is no change of a password',
  async (body) => {
    expect((await change(identity.adminToken, body)).status).toBe(400);
  },
);

test('guessing is slowed as it is at sign-in, with the same count', async () => {
  const { token } = await person('guessed');
  for (let i = 0; i < ATTEMPTS_PER_USER_AND_ADDRESS; i++)
    expect((await change(token, { current: `guess number ${i}`, new: NEW })).status).toBe(400);
  const answer = await change(token, { current: PASSWORD, new: NEW });
  expect(answer).toMatchObject({ status: 429, body: { code: 'TOO_MANY_SIGN_INS' } });
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  expect((await identity.signIn('guessed')).status).toBe(429);
});

test('of two changes at once one holds, and the other says that the session has ended or the password is wrong', async () => {
  const { token } = await person('twice');
  const wanted = ['mật khẩu thứ nhất', 'mật khẩu thứ hai'];
  const answers = await Promise.all(wanted.map((one) => change(token, { current: PASSWORD, new: one })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect([400, 401]).toContain(answers.find(({ status }) => status !== 200)!.status);
  const holds = await Promise.all(wanted.map((one) => identity.signIn('twice', one)));
  expect(holds.map(({ status }) => status === 200)).toEqual(answers.map(({ status }) => status === 200));
});

test('an API key has no password, whatever roles it has', async () => {
  const made = await identity.call('POST', '/api-keys', {
    token: identity.adminToken,
    body: { name: 'máy', roles: ['viewer'] },
  });
  expect(made.status).toBe(201);
  const answer = await identity.call('PUT', '/auth/password', {
    headers: { 'x-api-key': String(made.body.key) },
    body: { current: PASSWORD, new: NEW },
  });
  expect(answer.status).toBe(403);
});
