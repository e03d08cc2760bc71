import { randomUUID } from 'node:crypto';
import { runInContext } from '../../src/common/context/request-context.js';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus, RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import { AuditReader } from '../../src/modules/audit/audit.reader.js';
import { AuditTrail } from '../../src/modules/audit/audit-trail.js';
import type { AuditQuery } from '../../src/modules/audit/audit.dto.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let uow: UnitOfWork;
let reader: AuditReader;
beforeAll(async () => {
  database = await createTestDatabase();
  const events = new EventBus((error) => {
    throw error;
  });
  new AuditTrail(events);
  uow = new UnitOfWork(database.dataSource, events);
  reader = new AuditReader(uow);
});
afterAll(() => database.stop());

const changeOf = (id: string, more: Partial<ResourceChange> = {}): ResourceChange => ({
  resource: 'mast',
  id,
  action: 'update',
  before: { heightM: 42 },
  after: { heightM: 45 },
  ...more,
});
const emit = (...changes: ResourceChange[]) =>
  uow.run(async (tx) => changes.forEach((change) => tx.emit(RESOURCE_CHANGED, change)));
const list = (query: Partial<AuditQuery>) => reader.list({ limit: 100, ...query });

test('an entry says who changed what, in which request', async () => {
  const id = randomUUID();
  const correlationId = randomUUID();
  const actor = { kind: 'user' as const, id: randomUUID(), name: 'hoa' };
  const beforeMs = Date.now();
  await runInContext({ correlationId, actor }, () => emit(changeOf(id, { reason: 'surveyed again' })));
  const { items, nextCursor } = await list({ resource: 'mast', resourceId: id });
  expect(nextCursor).toBeNull();
  expect(items).toEqual([
    {
      id: expect.stringMatching(/^\d+$/) as string,
      at: expect.any(Date) as Date,
      actor,
      correlationId,
      resource: 'mast',
      resourceId: id,
      action: 'update',
      before: { heightM: 42 },
      after: { heightM: 45 },
      reason: 'surveyed again',
    },
  ]);
  expect(Math.abs(items[0]!.at.getTime() - beforeMs)).toBeLessThan(600_000);
});

test('without a request it is the system’s doing; nothing before is null, not "null"', async () => {
  const id = randomUUID();
  await emit(changeOf(id, { action: 'create', before: null }));
  expect((await list({ resourceId: id })).items).toMatchObject([
    { actor: { kind: 'system', id: 'system' }, correlationId: null, before: null, reason: null },
  ]);
  const [row] = await uow.reader.query<[{ absent: boolean }]>(
    'select before is null as absent from audit_entries where resource_id = $1',
    [id],
  );
  expect(row.absent).toBe(true);
});

test('what is rolled back leaves no entry, and a change whose entry fails is undone', async () => {
  const id = randomUUID();
  const failing = uow.run(async (tx) => {
    tx.emit(RESOURCE_CHANGED, changeOf(id));
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await uow.reader.query('create table witness (id text primary key)');
  const unwritable = uow.run(async (tx) => {
    await tx.manager.query('insert into witness values ($1)', [id]);
    tx.emit(RESOURCE_CHANGED, changeOf(id, { action: 'rename' as never }));
  });
  await expect(unwritable).rejects.toMatchObject({ driverError: { code: '23514' } });
  expect((await list({ resourceId: id })).items).toEqual([]);
  expect(await uow.reader.query('select 1 from witness')).toEqual([]);
});

test.each([
  ['update', `update audit_entries set actor_name = 'somebody else'`],
  ['update of nothing', `update audit_entries set actor_name = 'x' where false`],
  ['delete', `delete from audit_entries`],
  ['truncate', `truncate audit_entries`],
  [
    'upsert',
    `insert into audit_entries (id, actor_kind, actor_id, actor_name, resource, resource_id, action)
              overriding system value values (1, 'user', 'x', 'x', 'x', 'x', 'update')
              on conflict (id) do update set actor_name = 'x'`,
  ],
])('the trail is append-only: %s is refused', async (_what, sql) => {
  await emit(changeOf(randomUUID()));
  const before = await uow.reader.query<unknown[]>('select * from audit_entries order by id');
  await expect(uow.reader.query(sql)).rejects.toThrow(/append-only/);
  expect(await uow.reader.query('select * from audit_entries order by id')).toEqual(before);
});

test('a bulk change is written whole, in order, and read page by page without gap or repeat', async () => {
  const correlationId = randomUUID();
  const ids = Array.from({ length: 2_500 }, (_, nr) => `bulk-${nr}`);
  await runInContext({ correlationId, actor: { kind: 'system', id: 'system', name: 'import' } }, () =>
    emit(...ids.map((id) => changeOf(id))),
  );
  const read: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ correlationId, limit: 700, cursor });
    read.push(...page.items.map(({ resourceId }) => resourceId));
    expect(page.items[0]).not.toHaveProperty('atKey');
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  // All of one transaction have the same time: the newest is the one written last.
  expect(read).toEqual([...ids].reverse());
});

test('entries are found by thing, actor, request and time', async () => {
  const [mine, others] = [randomUUID(), randomUUID()];
  const actor = { kind: 'api-key' as const, id: randomUUID(), name: 'portal' };
  const correlationId = randomUUID();
  await runInContext({ correlationId, actor }, () =>
    emit(changeOf(mine, { resource: 'pole' }), changeOf(mine)),
  );
  await emit(changeOf(others, { resource: 'pole' }));
  const ids = async (query: Partial<AuditQuery>) =>
    (await list(query)).items.map(({ resource, resourceId }) => `${resource} ${resourceId}`);
  expect(await ids({ resource: 'pole' })).toEqual([`pole ${others}`, `pole ${mine}`]);
  expect(await ids({ resource: 'pole', resourceId: mine })).toEqual([`pole ${mine}`]);
  expect(await ids({ actorId: actor.id })).toEqual([`mast ${mine}`, `pole ${mine}`]);
  expect(await ids({ correlationId })).toEqual([`mast ${mine}`, `pole ${mine}`]);
  // Half-open: an entry at `to` is not in it, one at `from` is.
  const [{ at }] = await uow.reader.query<[{ at: string }]>(
    `select to_char(max(at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
       from audit_entries where resource_id = $1`,
    [mine],
  );
  const next = new Date(Date.parse(at) + 1).toISOString();
  expect(await ids({ actorId: actor.id, from: at, to: next })).toHaveLength(2);
  expect(await ids({ actorId: actor.id, to: at })).toEqual([]);
  expect(await ids({ actorId: actor.id, from: next })).toEqual([]);
  expect(await ids({ resource: 'nothing' })).toEqual([]);
});

test('values that JSON has not are written all the same', async () => {
  const id = randomUUID();
  const after = {
    version: 12n,
    permissions: new Set(['a', 'b']),
    counts: new Map([['x', 1]]),
    at: new Date('2026-02-01T00:00:00Z'),
    name: 'Trạm Vị Thanh “1” \\ ☎',
  };
  await emit(changeOf(id, { after }));
  expect((await list({ resourceId: id })).items[0]!.after).toEqual({
    version: '12',
    permissions: ['a', 'b'],
    counts: { x: 1 },
    at: '2026-02-01T00:00:00.000Z',
    name: 'Trạm Vị Thanh “1” \\ ☎',
  });
});

test.each([
  ['a cursor of another list', { cursor: Buffer.from('hoa').toString('base64url') }],
  ['a cursor that is none', { cursor: '***' }],
  ['a week', { from: '2026-W05' }],
  ['a day of a year', { to: '2026-032' }],
])('%s is refused', async (_what, query) => {
  await expect(list(query)).rejects.toMatchObject({ status: 400, code: 'INVALID' });
});
