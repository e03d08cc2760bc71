import { runInContext } from '../../src/common/context/request-context.js';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { OperatorsService, SitesWriter } from '../../src/modules/sites/index.js';
import { AREAS, AREAS_SINCE, DATE, OPERATORS, SITES } from '../coverage/fixtures.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';

/** History as a client sees it, of sites with cells, areas, fibre and clusters changed over HTTP. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas([...AREAS, ...AREAS_SINCE]);
  await app.app.get(OperatorsService).importOperators(OPERATORS);
  await app.app.get(SitesWriter).importSites(SITES, { date: DATE });
});
afterAll(() => app?.stop());

interface Change {
  id: string;
  at: string;
  action: string;
  reason: string | null;
  correlationId: string | null;
  actor: { name: string };
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  changes: { field: string; before: unknown; after: unknown }[];
}
interface Answer {
  id: string;
  code: string;
  detail: string;
  detailVi: string;
  since: string;
  until: string | null;
  state: Record<string, unknown>;
  items: Change[];
  nextCursor: string | null;
  errors: { field: string; messageVi: string }[];
}

async function ask(method: string, path: string, body?: object, token = app.adminToken, more = {}) {
  const answer = await fetch(`${app.url}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...more,
    },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer };
}
const get = (path: string) => ask('GET', path);
const at = (resource: string, id: string, time: string) =>
  get(`history/${resource}/${id}/at?time=${encodeURIComponent(time)}`);
/** A microsecond before an instant of an entry. */
const justBefore = (time: string) => {
  const micros = BigInt(Date.parse(time.slice(0, 23) + 'Z')) * 1000n + BigInt(time.slice(23, 26)) - 1n;
  return (
    new Date(Number(micros / 1000n)).toISOString().slice(0, 23) +
    String(micros % 1000n).padStart(3, '0') +
    'Z'
  );
};

test('a site with its cells: what changed, by whom, in which request; and the site at each moment', async () => {
  const code = SITES[0]!.code;
  const site = (await get(`sites/${code}`)).body as unknown as {
    id: string;
    cells: { code: string; azimuthDeg: number | null }[];
  };
  const cells = site.cells.map((cell, i) => (i === 0 ? { ...cell, azimuthDeg: 77 } : cell));
  const changed = await ask('PATCH', `sites/${code}`, { name: 'Tên mới', cells });
  expect(changed.status).toBe(200);

  const { items } = (await get(`history/site/${site.id}`)).body;
  expect(items.map(({ action }) => action)).toEqual(['update', 'create']);
  const [update, create] = items as [Change, Change];
  expect(update).toMatchObject({
    actor: { name: 'admin' },
    correlationId: changed.headers.get('x-correlation-id'),
    before: { name: SITES[0]!.name },
    after: { name: 'Tên mới' },
  });
  expect(update.changes).toEqual([
    { field: 'name', before: SITES[0]!.name, after: 'Tên mới' },
    {
      field: `cells[${site.cells[0]!.code}].azimuthDeg`,
      before: site.cells[0]!.azimuthDeg,
      after: 77,
    },
  ]);
  expect(create.changes.every(({ before }) => before === null)).toBe(true);

  const now = await at('site', site.id, update.at);
  expect(now.body).toMatchObject({ since: update.at, until: null, entryId: update.id, state: update.after });
  const earlier = await at('site', site.id, justBefore(update.at));
  expect(earlier.body).toMatchObject({ since: create.at, until: update.at, state: create.after });
  expect((earlier.body.state.cells as object[]).length).toBe(site.cells.length);

  const tooEarly = await at('site', site.id, justBefore(create.at));
  expect(tooEarly).toMatchObject({ status: 404, body: { code: 'NOT_YET' } });
  expect(tooEarly.body.detail).toContain(create.at);
  expect(tooEarly.body.detailVi).toContain(create.at);
});

test('an area and its boundary, fibre figures and a cluster as they were', async () => {
  const commune = (await get('areas?kind=commune&limit=1&date=' + DATE)).body.items[0] as unknown as {
    id: string;
    code: string;
  };
  const renamed = await ask('PATCH', `areas/${commune.id}`, { population: 4_321 });
  expect(renamed.status).toBe(200);
  const [latest, first] = (await get(`history/area/${commune.id}`)).body.items as [Change, Change];
  expect(latest.changes).toContainEqual(expect.objectContaining({ field: 'population', after: 4_321 }));
  const area = await at('area', commune.id, first.at);
  expect(area.body.state).toMatchObject({ id: commune.id, boundary: { type: 'MultiPolygon' } });
  expect(area.body.state.population).not.toBe(4_321);

  const figures = { households: 100, passed: 80, connected: 60, source: 'báo cáo' };
  const path = `fibre/${commune.code}/${OPERATORS[0]!.code}/2025Q2`;
  const fibre = await ask('PUT', path, figures);
  expect(fibre.status).toBe(200);
  await ask('PUT', path, { ...figures, connected: 61 });
  const ofFibre = (await get(`history/fibre/${fibre.body.id}`)).body.items;
  expect(ofFibre[0]!.changes).toEqual([{ field: 'connected', before: 60, after: 61 }]);
  expect((await at('fibre', fibre.body.id, ofFibre[1]!.at)).body.state).toMatchObject(figures);

  const cluster = { id: 'hgi-ls-0001', name: 'Cụm 1', lon: 105.45, lat: 9.75, horns: [] };
  expect((await ask('POST', 'clusters', cluster)).status).toBe(201);
  expect((await ask('PATCH', `clusters/${cluster.id}`, { name: 'Cụm 2' })).status).toBe(200);
  const ofCluster = (await get(`history/cluster/${cluster.id}`)).body.items;
  expect(ofCluster[0]!.changes).toEqual([{ field: 'name', before: 'Cụm 1', after: 'Cụm 2' }]);
  expect((await at('cluster', cluster.id, ofCluster[1]!.at)).body.state).toMatchObject(cluster);
});

const emit = (...changes: ResourceChange[]) =>
  app.app.get(UnitOfWork).run(async (tx) => changes.forEach((change) => tx.emit(RESOURCE_CHANGED, change)));
const pole = (id: string, n: number | null, was: number | null): ResourceChange => ({
  resource: 'pole',
  id,
  action: n === null ? 'delete' : was === null ? 'create' : 'update',
  before: was === null ? null : { n: was },
  after: n === null ? null : { n },
});

test('what was deleted says so, and is there again once it is made again', async () => {
  for (const change of [pole('gone', 1, null), pole('gone', null, 1), pole('gone', 2, null)]) {
    await runInContext({ correlationId: 'abcdefgh', actor: { kind: 'system', id: 'x', name: 'hoa' } }, () =>
      emit(change),
    );
  }
  const [again, deleted, made] = (await get('history/pole/gone')).body.items as [Change, Change, Change];
  expect((await at('pole', 'gone', made.at)).body.state).toEqual({ n: 1 });
  const none = await at('pole', 'gone', justBefore(again.at));
  expect(none).toMatchObject({ status: 404, body: { code: 'DELETED' } });
  expect(none.body.detail).toContain(`${deleted.at}, by hoa`);
  expect((await at('pole', 'gone', '2999-01-01T00:00:00Z')).body.state).toEqual({ n: 2 });
});

test('changes of one transaction are in their order, and pages have neither gap nor repeat', async () => {
  await emit(...Array.from({ length: 45 }, (_, n) => pole('busy', n + 1, n)));
  const read: unknown[] = [];
  let cursor: string | null = '';
  do {
    const { body } = await get(`history/pole/busy?limit=10${cursor && `&cursor=${cursor}`}`);
    read.push(...body.items.map(({ after }) => after?.n));
    cursor = body.nextCursor;
  } while (cursor !== null);
  expect(read).toEqual(Array.from({ length: 45 }, (_, n) => 45 - n));
});

test('the one that waited for the other is the later one, though its transaction began first', async () => {
  const uow = app.app.get(UnitOfWork);
  // The time is taken when the entry is written: not at the begin of the transaction.
  const began = await uow.run(async (tx) => {
    const clock = () =>
      tx.manager.query<[{ began: Date; now: Date }]>('select now() as began, clock_timestamp() as now');
    let [time] = await clock();
    while (time.now.getTime() < time.began.getTime() + 5) [time] = await clock();
    tx.emit(RESOURCE_CHANGED, pole('waited', 1, null));
    return time.began;
  });
  const { items } = (await get('history/pole/waited')).body;
  expect(Date.parse(items[0]!.at)).toBeGreaterThanOrEqual(began.getTime() + 5);
});

test.each([
  ['history/site/nobody', 404, 'NOT_FOUND'],
  ['history/site/nobody/at?time=2026-01-01T00:00:00Z', 404, 'NOT_FOUND'],
  ['history/site/x/at', 400, 'INVALID'],
  ['history/site/x/at?time=2026-01-01', 400, 'INVALID'],
  ['history/site/x/at?time=2026-W05', 400, 'INVALID'],
  ['history/site/x/at?time=2026-01-01T00:00:00%2B99:00', 400, 'INVALID'],
  ['history/site/x/at?time=0000-01-01T00:00:00Z', 400, 'INVALID'],
  ['history/broadcast/x/at?time=2026-01-01T00:00:00Z', 400, 'INVALID'],
  ['history/site/x?limit=5000', 400, 'INVALID'],
  ['history/site/x?cursor=bm90aGluZw', 400, 'INVALID'],
  ['history/site/%00', 400, 'ENCODING'],
])('%s is refused with %i', async (path, status, code) => {
  expect(await get(path)).toMatchObject({ status, body: { code } });
});

test('a planner sees the history of the register and not that of accounts', async () => {
  const user = {
    username: 'lan.planner',
    displayName: 'Lan',
    password: 'mưa dầm tháng bảy',
    roles: ['planner'],
  };
  expect((await ask('POST', 'users', user)).status).toBe(201);
  const token = await signIn(app.url, user.username, user.password);
  const site = (await get(`sites/${SITES[1]!.code}`)).body;
  expect((await ask('GET', `history/site/${site.id}`, undefined, token)).status).toBe(200);
  expect((await ask('GET', 'history/user/x', undefined, token)).status).toBe(403);
  expect((await ask('GET', 'history/constructor/x', undefined, token)).status).toBe(403);
});

test('as-of and history walk the index', async () => {
  const uow = app.app.get(UnitOfWork);
  const plan = await uow.run(async (tx) => {
    await tx.manager.query('set local enable_seqscan = off');
    return tx.manager.query<{ 'QUERY PLAN': string }[]>(
      `explain select id from audit_entries where resource = 'site' and resource_id = 'x' and at <= now()
        order by at desc, id desc limit 1`,
    );
  });
  const text = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(text).toContain('audit_entries_resource');
  expect(text).not.toContain('Sort');
});
