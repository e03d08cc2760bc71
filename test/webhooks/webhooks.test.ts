import { Webhook } from 'standardwebhooks';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../src/common/events/event-bus.js';
import { retryDelayS } from '../../src/modules/webhooks/domain/retry.js';
import { sendMessage } from '../../src/modules/webhooks/send-message.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { startReceiver, type Receiver } from './receiver.js';

/** The database's clock against the program's. */
const CLOCKS_MS = 60_000;
let app: TestApp;
let uow: UnitOfWork;
let receiver: Receiver;
beforeAll(async () => {
  app = await createTestApp({ webhooksAllowPrivate: true });
  uow = app.app.get(UnitOfWork);
});
afterAll(() => app?.stop());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await uow.reader.query('delete from webhooks');
  await receiver.stop();
});

interface Hook {
  id: string;
  secret: string;
  active: boolean;
  note: string | null;
  failures: number;
  retryAt: string | null;
}
interface Delivery {
  messageId: string;
  state: string;
  attempts: number;
  status: number | null;
  error: string | null;
}

async function call<T>(method: string, path: string, body?: object): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${app.url}/api/v1/webhooks${path}`, {
    method,
    headers: {
      authorization: `Bearer ${app.adminToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}
async function subscribe(resources: string[]): Promise<Hook> {
  const made = await call<Hook>('POST', '', { name: 'Trung tâm', url: `${receiver.url}/hook`, resources });
  expect(made.status).toBe(201);
  return made.body;
}
const hookOf = async (id: string) => (await call<Hook>('GET', `/${id}`)).body;
const deliveriesOf = async (id: string) =>
  (await call<{ items: Delivery[] }>('GET', `/${id}/deliveries`)).body.items;
const emit = (resource: string, ...ids: string[]) =>
  uow.run(async (tx) =>
    ids.forEach((id) =>
      tx.emit(RESOURCE_CHANGED, {
        resource,
        id,
        action: 'update',
        before: { n: 1 },
        after: { n: 2, name: 'Cột ☎' },
      }),
    ),
  );
/** As if it had failed so often: the next failure is followed by a long wait, so that nothing is tried meanwhile. */
const failedBefore = (id: string, failures: number) =>
  uow.reader.query('update webhooks set failures = $2 where id = $1', [id, failures]);
const dueNow = (id: string) => uow.reader.query('update webhooks set retry_at = now() where id = $1', [id]);
const told = () =>
  receiver.received.map(({ body }) => (JSON.parse(body) as { data: { resourceId: string } }).data.resourceId);
const arrived = (count: number) =>
  until(() => receiver.received.length >= count, { what: `${count} messages at the receiver` });

test('changes arrive signed, in their order, and only those that were asked for', async () => {
  const hook = await subscribe(['pole']);
  expect(hook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await hookOf(hook.id)).not.toHaveProperty('secret');
  await emit('mast', 'not asked for');
  await emit('pole', 'a', 'b');
  await emit('pole', 'c');
  await arrived(3);
  expect(told()).toEqual(['a', 'b', 'c']);
  const [first] = receiver.received;
  expect(first!.headers['webhook-id']).toMatch(/^msg_\d+$/);
  const message = new Webhook(hook.secret).verify(first!.body, first!.headers);
  expect(message).toMatchObject({
    type: 'pole.updated',
    data: {
      resource: 'pole',
      resourceId: 'a',
      after: { n: 2, name: 'Cột ☎' },
      changes: [
        { field: 'n', before: 1, after: 2 },
        { field: 'name', before: null, after: 'Cột ☎' },
      ],
      actor: { kind: 'system' },
      tooLarge: false,
    },
  });
  const other = new Webhook(`whsec_${Buffer.alloc(32, 1).toString('base64')}`);
  expect(() => other.verify(first!.body, first!.headers)).toThrow();
  await until(async () => (await deliveriesOf(hook.id)).every(({ state }) => state === 'delivered'));
  expect((await deliveriesOf(hook.id)).map(({ messageId }) => messageId).reverse()).toEqual(
    receiver.received.map(({ headers }) => headers['webhook-id']),
  );
});

test('what is rolled back is not sent', async () => {
  const hook = await subscribe(['pole']);
  const failing = uow.run(async (tx) => {
    tx.emit(RESOURCE_CHANGED, { resource: 'pole', id: 'x', action: 'delete', before: {}, after: null });
    tx.emit(RESOURCE_CHANGED, {
      resource: 'pole',
      id: 'x',
      action: 'rename' as never,
      before: {},
      after: null,
    });
  });
  await expect(failing).rejects.toThrow();
  expect(await deliveriesOf(hook.id)).toEqual([]);
});

test('after a 500 it is tried again, later, with the same id, and what came after waits for it', async () => {
  receiver.answer = { status: 500 };
  const hook = await subscribe(['pole']);
  await failedBefore(hook.id, 6);
  const beforeMs = Date.now();
  await emit('pole', 'a');
  await emit('pole', 'b');
  await until(async () => (await hookOf(hook.id)).failures === 7);
  expect(told()).toEqual(['a']);
  const { retryAt } = await hookOf(hook.id);
  const [least, most] = [beforeMs, Date.now()].map((ms) => ms + retryDelayS(7)! * 1000);
  expect(Date.parse(retryAt!)).toBeGreaterThanOrEqual(least! - CLOCKS_MS);
  expect(Date.parse(retryAt!)).toBeLessThanOrEqual(most! + CLOCKS_MS);
  expect(await deliveriesOf(hook.id)).toMatchObject([
    { state: 'waiting', attempts: 0 },
    { state: 'waiting', attempts: 1, status: 500, error: 'answered with 500' },
  ]);
  receiver.answer = { status: 200 };
  await dueNow(hook.id);
  await arrived(3);
  expect(told()).toEqual(['a', 'a', 'b']);
  expect(receiver.received[1]!.headers['webhook-id']).toBe(receiver.received[0]!.headers['webhook-id']);
  new Webhook(hook.secret).verify(receiver.received[1]!.body, receiver.received[1]!.headers);
  await until(async () => (await hookOf(hook.id)).failures === 0);
});

test('after about a day of failures it is paused with a note, and begins again when told to', async () => {
  receiver.answer = { status: 503 };
  const hook = await subscribe(['pole']);
  await failedBefore(hook.id, 10);
  await emit('pole', 'a', 'b');
  await until(async () => !(await hookOf(hook.id)).active);
  expect((await hookOf(hook.id)).note).toMatch(/about a day.*503/);
  expect(await deliveriesOf(hook.id)).toMatchObject([{ state: 'waiting' }, { state: 'failed', status: 503 }]);
  expect((await call('POST', `/${hook.id}/replay?from=2020-01-01T00:00:00Z`)).status).toBe(409);
  receiver.answer = { status: 200 };
  receiver.received.length = 0;
  expect((await call<Hook>('PATCH', `/${hook.id}`, { active: true })).body).toMatchObject({
    active: true,
    note: null,
  });
  await arrived(1);
  expect(told()).toEqual(['b']);
});

test('a receiver that answers 410 wants no more', async () => {
  receiver.answer = { status: 410 };
  const hook = await subscribe(['pole']);
  await emit('pole', 'a');
  await until(async () => !(await hookOf(hook.id)).active);
  expect((await hookOf(hook.id)).note).toContain('410');
  const history = await fetch(`${app.url}/api/v1/history/webhook/${hook.id}`, {
    headers: { authorization: `Bearer ${app.adminToken}` },
  });
  const text = await history.text();
  expect(JSON.parse(text)).toMatchObject({ items: [{ action: 'update' }, { action: 'create' }] });
  expect(text).not.toContain('whsec_');
});

test('replay sends what was sent before under the same ids', async () => {
  const hook = await subscribe(['wire']);
  await emit('wire', 'a', 'b');
  await arrived(2);
  const from = encodeURIComponent(new Date(Date.now() - 3_600_000).toISOString());
  expect(await call('POST', `/${hook.id}/replay?from=${from}`)).toEqual({ status: 202, body: { queued: 2 } });
  await arrived(4);
  expect(told()).toEqual(['a', 'b', 'a', 'b']);
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(ids.slice(2)).toEqual(ids.slice(0, 2));
  expect(await call('POST', `/${hook.id}/replay?from=2999-01-01T00:00:00Z`)).toMatchObject({
    body: { queued: 0 },
  });
});

test('a change too large for a message is told of without its content', async () => {
  const hook = await subscribe(['map']);
  await uow.run(async (tx) =>
    tx.emit(RESOURCE_CHANGED, {
      resource: 'map',
      id: 'm',
      action: 'create',
      before: null,
      after: { s: 'x'.repeat(300_000) },
    }),
  );
  await arrived(1);
  expect(
    new Webhook(hook.secret).verify(receiver.received[0]!.body, receiver.received[0]!.headers),
  ).toMatchObject({
    type: 'map.created',
    data: { resourceId: 'm', after: null, changes: null, tooLarge: true },
  });
});

test('a test message says at once what came of it; a redirect is not followed', async () => {
  const hook = await subscribe(['pole']);
  expect((await call('POST', `/${hook.id}/test`)).body).toEqual({
    delivered: true,
    status: 204,
    error: null,
  });
  new Webhook(hook.secret).verify(receiver.received[0]!.body, receiver.received[0]!.headers);
  receiver.answer = { status: 307, headers: { location: `${receiver.url}/elsewhere` } };
  expect((await call('POST', `/${hook.id}/test`)).body).toEqual({
    delivered: false,
    status: 307,
    error: 'answered with 307; redirects are not followed',
  });
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook']);
});

test('a receiver that never answers is waited for no longer than allowed; a private one is not sent to', async () => {
  receiver.answer = undefined;
  const message = {
    url: receiver.url,
    secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    id: 'x',
    body: '{}',
  };
  const began = Date.now();
  expect(await sendMessage(message, { allowPrivate: true, timeoutMs: 200 })).toEqual({
    status: null,
    error: 'no answer within 0.2 s',
  });
  expect(Date.now() - began).toBeLessThan(30_000);
  const unheard = await startReceiver();
  const refused = await sendMessage(
    { ...message, url: unheard.url },
    { allowPrivate: false, timeoutMs: 60_000 },
  );
  expect(refused).toEqual({ status: null, error: expect.stringContaining('inside a network') as string });
  expect(unheard.received).toEqual([]);
  await unheard.stop();
  const nobody = await sendMessage(
    { ...message, url: 'http://127.0.0.1:1/' },
    { allowPrivate: true, timeoutMs: 60_000 },
  );
  expect(nobody.error).toContain('ECONNREFUSED');
});

test.each([
  ['ftp', { url: 'ftp://127.0.0.1/' }],
  ['the metadata of a cloud', { url: 'http://169.254.169.254/latest' }],
  ['nothing to be told of', { resources: [] }],
  ['no kind of thing', { resources: ['Sites; drop'] }],
  ['an empty name', { name: '  ' }],
  ['an unknown field', { secret: 'mine' }],
])('%s is refused', async (_what, wrong) => {
  const body = { name: 'x', url: receiver.url, resources: ['site'], ...wrong };
  expect(await call('POST', '', body)).toMatchObject({ status: 400, body: { code: 'INVALID' } });
});

test('a webhook is listed, changed and removed', async () => {
  const hook = await subscribe(['pole']);
  await subscribe(['*']);
  const first = await call<{ items: Hook[]; nextCursor: string }>('GET', '?limit=1');
  const second = await call<{ items: Hook[]; nextCursor: null }>(
    'GET',
    `?limit=1&cursor=${first.body.nextCursor}`,
  );
  expect(second.body).toMatchObject({ items: [{ id: hook.id }], nextCursor: null });
  expect((await call('PATCH', `/${hook.id}`, { name: 'Khác', active: false })).body).toMatchObject({
    name: 'Khác',
    active: false,
    resources: ['pole'],
  });
  await emit('pole', 'not while it is paused');
  expect(await deliveriesOf(hook.id)).toEqual([]);
  expect((await call('DELETE', `/${hook.id}`)).status).toBe(204);
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['GET', '/deliveries'],
    ['POST', '/test'],
    ['POST', '/replay?from=2020-01-01T00:00:00Z'],
  ] as const)
    expect((await call(method, `/${hook.id}${path}`)).status).toBe(404);
});
