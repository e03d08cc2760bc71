import { AreasWriter } from '../../src/modules/areas/index.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';
import { AREAS, DATE } from './fixtures.js';

/** What runs take by default, set by an administrator. */
const PASSWORD = 'planners of the tests';
const SOURCE = 'Công văn 1603/BTTTT-CVT';
let app: TestApp;
let plannerToken: string;
beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas(AREAS);
  const user = { username: 'planner', displayName: 'Planner', password: PASSWORD, roles: ['planner'] };
  expect((await ask('POST', 'users', user)).status).toBe(201);
  plannerToken = await signIn(app.url, 'planner', PASSWORD);
});
afterAll(() => app?.stop());

interface Answer {
  version: number;
  values: { shadowSigmaDb: number; thresholds: Record<string, object> };
  sources: Record<string, string>;
  changed: string[];
  items: { version: number; id: string }[];
  nextCursor: string | null;
  errors?: { field: string }[];
  parameters: { reckoning: object; settings: object };
}

async function ask(method: string, path: string, body?: unknown, token = app.adminToken) {
  const answer = await fetch(`${app.url}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer };
}
const set = (changes: unknown, more: object = { source: SOURCE }, token?: string) =>
  ask('PATCH', 'coverage/settings', { changes, ...more }, token);

test('settings are as delivered, then in versions, each with its source', async () => {
  const delivered = await ask('GET', 'coverage/settings', undefined, plannerToken);
  expect(delivered).toMatchObject({
    status: 200,
    body: { version: 0, createdBy: null, sources: {}, values: { shadowSigmaDb: 8 } },
  });

  const first = await set({ thresholds: { '4G': { sufficientDbm: -108 } } }, { source: SOURCE, version: 0 });
  expect(first).toMatchObject({
    status: 200,
    body: {
      version: 1,
      changed: ['thresholds.4G.sufficientDbm'],
      source: SOURCE,
      createdBy: 'admin',
      values: { thresholds: { '4G': { sufficientDbm: -108, source: SOURCE, assumed: false } } },
    },
  });
  const second = await set({ shadowSigmaDb: 7 }, { source: 'đo kiểm 2025' });
  expect(second.body).toMatchObject({
    version: 2,
    sources: { 'thresholds.4G.sufficientDbm': SOURCE, shadowSigmaDb: 'đo kiểm 2025' },
  });
  expect((await set({ shadowSigmaDb: 7 })).body.version).toBe(2);
  expect(await set({ shadowSigmaDb: 6 }, { source: SOURCE, version: 1 })).toMatchObject({
    status: 409,
    body: { code: 'VERSION' },
  });

  const versions = await ask('GET', 'coverage/settings/versions?limit=1');
  expect(versions.body.items).toMatchObject([{ version: 2 }]);
  const older = await ask('GET', `coverage/settings/versions?cursor=${versions.body.nextCursor}`);
  expect(older.body).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
  expect((await ask('GET', 'coverage/settings?version=1')).body).toMatchObject(first.body);
  expect((await ask('GET', 'coverage/settings?version=9')).status).toBe(404);
  expect((await ask('GET', 'coverage/settings/versions?cursor=bm9uZQ')).status).toBe(400);
});

test('runs take them, unless they are asked otherwise, and name their version', async () => {
  const plain = await ask('POST', 'coverage/runs', { boundaryDate: DATE, resolution: 7 }, plannerToken);
  expect(plain).toMatchObject({
    status: 202,
    body: {
      parameters: {
        reckoning: { shadowSigmaDb: 7, thresholds: { '4G': { sufficientDbm: -108, source: SOURCE } } },
        settings: { version: 2, sources: { shadowSigmaDb: 'đo kiểm 2025' } },
      },
    },
  });
  const other = await ask('POST', 'coverage/runs', { boundaryDate: DATE, resolution: 7, shadowSigmaDb: 5 });
  expect(other.body.parameters).toMatchObject({ reckoning: { shadowSigmaDb: 5 }, settings: { version: 2 } });
});

test('changes are in the history, with who made them', async () => {
  const { body } = await ask('GET', 'audit?resource=coverage-settings');
  expect(body.items).toMatchObject([{ action: 'update' }, { action: 'create' }]);
  expect(JSON.stringify(body.items[0])).toContain('"shadowSigmaDb":7');
});

test('only who may configure changes them', async () => {
  const refused = await set({ shadowSigmaDb: 5 }, { source: SOURCE }, plannerToken);
  expect(refused).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('coverage:configure') },
  });
  expect((await ask('GET', 'coverage/settings')).body.values.shadowSigmaDb).toBe(7);
});

test.each<[string, unknown, object | undefined, string]>([
  ['no source', { shadowSigmaDb: 5 }, {}, 'source'],
  ['a blank source', { shadowSigmaDb: 5 }, { source: '   ' }, 'source'],
  ['changes that are none', 'all', undefined, 'changes'],
  ['a list of changes', [], undefined, 'changes'],
  ['an unknown name', { sigma: 5 }, undefined, 'changes.sigma'],
  ['text for a number', { shadowSigmaDb: '5' }, undefined, 'changes.shadowSigmaDb'],
  [
    'levels that fall',
    { thresholds: { '4G': { goodDbm: -140 } } },
    undefined,
    'changes.thresholds.4G.goodDbm',
  ],
  ['a range of 500 km', { cutoffs: { '4G': { maxRangeM: 5e5 } } }, undefined, 'changes.cutoffs.4G.maxRangeM'],
])('%s is refused', async (_what, changes, more, field) => {
  const { status, body } = await set(changes, more);
  expect(status).toBe(400);
  expect(body.errors?.map((error) => error.field)).toContain(field);
});

test.each([
  `update coverage_settings set source = 'x'`,
  `delete from coverage_settings`,
  `truncate coverage_settings`,
])('a version is never changed: %s', async (sql) => {
  await expect(app.database.dataSource.query(sql)).rejects.toThrow(/never changed/);
});
