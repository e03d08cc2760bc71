import { randomUUID } from 'node:crypto';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import type { DatabaseListener } from '../../src/common/database/listener.js';
import { RESOURCE_CHANGED } from '../../src/common/events/event-bus.js';
import { DATABASE_LISTENER } from '../../src/common/tokens.js';
import { ChangeFeed } from '../../src/modules/audit/change-feed.js';
import { createTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
let uow: UnitOfWork;
beforeAll(async () => {
  app = await createTestApp();
  uow = app.app.get(UnitOfWork);
});
afterAll(() => app?.stop());

interface Feed {
  items: { resource: string; resourceId: string; changes: object[] }[];
  cursor: string;
  more: boolean;
  code: string;
}
async function changes(query: Record<string, string | number>): Promise<{ status: number; body: Feed }> {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)] as [string, string]),
  );
  const answer = await fetch(`${app.url}/api/v1/changes?${text.toString()}`, {
    headers: { authorization: `Bearer ${app.adminToken}` },
  });
  return { status: answer.status, body: (await answer.json()) as Feed };
}
const change = (resource: string, id: string) => ({
  resource,
  id,
  action: 'create' as const,
  before: null,
  after: { n: 1 },
});
const emit = (resource: string, ...ids: string[]) =>
  uow.run(async (tx) => ids.forEach((id) => tx.emit(RESOURCE_CHANGED, change(resource, id))));
const idsOf = ({ body }: { body: Feed }) => body.items.map(({ resourceId }) => resourceId);

test('everything from the start, page by page, then only what is new', async () => {
  const resource = `kind-${randomUUID()}`;
  await emit(resource, 'a', 'b');
  await emit(resource, 'c');
  const first = await changes({ resource, limit: 2 });
  expect(idsOf(first)).toEqual(['a', 'b']);
  expect(first.body.more).toBe(true);
  expect(first.body.items[0]!.changes).toEqual([{ field: 'n', before: null, after: 1 }]);
  const second = await changes({ resource, limit: 2, since: first.body.cursor });
  expect(idsOf(second)).toEqual(['c']);
  expect(second.body.more).toBe(false);
  const none = await changes({ resource, since: second.body.cursor });
  expect(none.body).toEqual({ items: [], cursor: second.body.cursor, more: false });
  await emit(resource, 'd');
  expect(idsOf(await changes({ resource, since: none.body.cursor }))).toEqual(['d']);
  const all = await changes({ limit: 500 });
  expect(idsOf(all)).toEqual(expect.arrayContaining(['a', 'b', 'c', 'd']));
});

// The embedded database has one backend: a second writer waits for the first there, and the case cannot arise.
const onServer = process.env.TEST_DATABASE_URL ? test : test.skip;
onServer('a transaction that commits late is not skipped', async () => {
  const resource = `kind-${randomUUID()}`;
  let written: () => void = () => undefined;
  let release: () => void = () => undefined;
  const isWritten = new Promise<void>((resolve) => (written = resolve));
  const mayCommit = new Promise<void>((resolve) => (release = resolve));
  const insert = `insert into audit_entries (actor_kind, actor_id, actor_name, resource, resource_id, action, after)
                  values ('system', 'x', 'x', $1, $2, 'create', '{}') returning id`;
  const late = uow.run(async ({ manager }) => {
    const [row] = await manager.query<[{ id: string }]>(insert, [resource, 'late']);
    written();
    await mayCommit;
    return BigInt(row.id);
  });
  await isWritten;
  const [early] = await uow.reader.query<[{ id: string }]>(insert, [resource, 'early']);
  const seen = await changes({ resource });
  expect(idsOf(seen)).toEqual(['early']);
  release();
  expect(await late).toBeLessThan(BigInt(early.id));
  expect(idsOf(await changes({ resource, since: seen.body.cursor }))).toEqual(['late']);
});

test('readers that follow many writers see each change once, and all the same order', async () => {
  const resource = `kind-${randomUUID()}`;
  const expected: string[] = [];
  let writing = true;
  const writers = Promise.all(
    Array.from({ length: 6 }, async (_, writer) => {
      for (let n = 0; n < 15; n += 1) {
        const ids = Array.from({ length: 1 + ((writer + n) % 4) }, (__, k) => `${writer}-${n}-${k}`);
        expected.push(...ids);
        await uow.run(async (tx) => {
          ids.forEach((id) => tx.emit(RESOURCE_CHANGED, change(resource, id)));
          // Takes its time in some of them, so that commits come in another order than the ids.
          await tx.manager.query('select pg_sleep($1)', [((writer * 7 + n * 3) % 5) / 500]);
        });
      }
    }),
  ).finally(() => (writing = false));
  const follow = async () => {
    const read: string[] = [];
    let since: string | undefined;
    for (;;) {
      const last = !writing;
      const answer = await changes({ resource, limit: 7, ...(since ? { since } : {}) });
      read.push(...idsOf(answer));
      since = answer.body.cursor;
      if (last && !answer.body.more) return read;
    }
  };
  const [one, other] = await Promise.all([follow(), follow(), writers]);
  expect(one.toSorted()).toEqual(expected.toSorted());
  expect(other).toEqual(one);
});

test('who waits is answered as soon as there is a change, or empty when there is none', async () => {
  const resource = `kind-${randomUUID()}`;
  const { cursor } = (await changes({ resource })).body;
  const began = Date.now();
  const waiting = changes({ resource, since: cursor, waitS: 30 });
  const other = changes({ resource: `kind-${randomUUID()}`, since: cursor, waitS: 1 });
  await emit(resource, 'a');
  expect(idsOf(await waiting)).toEqual(['a']);
  expect(Date.now() - began).toBeLessThan(29_000);
  expect(await other).toMatchObject({ status: 200, body: { items: [], more: false } });
  expect(Date.now() - began).toBeGreaterThan(900);
});

test('a cursor of somebody else, too long a wait and what one may not see are refused', async () => {
  expect(await changes({ since: 'bm90aGluZw' })).toMatchObject({ status: 400, body: { code: 'INVALID' } });
  expect(await changes({ since: '***' })).toMatchObject({ status: 400, body: { code: 'INVALID' } });
  expect(await changes({ waitS: 31 })).toMatchObject({ status: 400, body: { code: 'INVALID' } });
  expect((await changes({ limit: 0 })).status).toBe(400);
});

test('whoever waits when the server stops, or goes away, waits no longer', async () => {
  const feed = new ChangeFeed(uow, app.app.get<DatabaseListener>(DATABASE_LISTENER));
  const query = { resources: [`kind-${randomUUID()}`], limit: 1, waitS: 30 };
  const began = Date.now();
  const gone = new AbortController();
  const left = feed.read(query, gone.signal);
  gone.abort();
  expect((await left).items).toEqual([]);
  const stopped = feed.read(query, new AbortController().signal);
  feed.onModuleDestroy();
  expect((await stopped).items).toEqual([]);
  expect(Date.now() - began).toBeLessThan(29_000);
});
