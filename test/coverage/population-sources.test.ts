import { AreasWriter } from '../../src/modules/areas/index.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { AREAS, DATE } from './fixtures.js';

/** Where people live, from a file of points. */
const PASSWORD = 'planners of the tests';
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
  id: string;
  active: boolean;
  finishedAt: string | null;
  population: number;
  items: { id: string; populationCovered: number; population: number }[];
  errors?: { field: string }[];
  manifest: { people: object; populationSource: object | null; grid: { key: string }; sources: string[] };
}

async function ask(method: string, path: string, body?: unknown, token = app.adminToken) {
  const json = body !== undefined && !(body instanceof FormData);
  const answer = await fetch(`${app.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(json ? { 'content-type': 'application/json' } : {}) },
    body: json ? JSON.stringify(body) : body,
  });
  return { status: answer.status, body: (await answer.json()) as Answer };
}

function send(csv: string, fields: Record<string, string> = {}, token?: string) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ title: 'Điểm dân cư', source: 'đo thử', ...fields }))
    form.append(name, value);
  form.append('file', new Blob([csv]), 'points.csv');
  return ask('POST', 'coverage/population-sources', form, token);
}

async function run(more: object = {}) {
  const wanted = {
    boundaryDate: DATE,
    resolution: 8,
    environments: ['outdoor'],
    probabilities: [0.5],
    ...more,
  };
  const { status, body } = await ask('POST', 'coverage/runs', wanted);
  expect(status).toBe(202);
  await until(async () => (await ask('GET', `coverage/runs/${body.id}`)).body.finishedAt !== null, {
    what: 'the run ends',
  });
  return (await ask('GET', `coverage/runs/${body.id}`)).body;
}
const peopleAt = async (id: string, lon: number, lat: number) =>
  (await ask('GET', `coverage/runs/${id}/at?lon=${lon}&lat=${lat}`)).body.population;

test('people of a commune live where the points are; its own figure stays', async () => {
  const before = await run();
  const sent = await send(
    'lon,lat,people,households\n105.43,9.73,300,70\n105.47,9.77,100,25\n105.47,9.77,0,\n99.9,9.9,5,1\n',
  );
  expect(sent).toMatchObject({
    status: 201,
    body: { version: 1, active: true, points: 3, people: 405, households: 96, createdBy: 'admin' },
  });
  const after = await run();
  expect(after.manifest).toMatchObject({
    people: { communes: 4, communesFromSource: 1, communesSpreadEvenly: 3 },
    populationSource: { id: sent.body.id, title: 'Điểm dân cư', source: 'đo thử' },
    sources: expect.arrayContaining(['đo thử']),
  });
  expect(after.manifest.grid.key).not.toBe(before.manifest.grid.key);
  // 60,000 in the commune: three quarters in the one cell, the others in the other.
  expect(await peopleAt(after.id, 105.43, 9.73)).toBeCloseTo(45_000, 0);
  expect(await peopleAt(after.id, 105.47, 9.77)).toBeCloseTo(15_000, 0);
  expect(await peopleAt(after.id, 105.45, 9.75)).toBe(0);

  const without = await run({ populationSource: 'none' });
  expect(without.manifest).toMatchObject({ populationSource: null, people: { communesFromSource: 0 } });
  expect(without.manifest.grid.key).toBe(before.manifest.grid.key);

  const { body } = await ask('PATCH', `coverage/population-sources/${sent.body.id}`, { active: false });
  expect(body.active).toBe(false);
  expect((await run()).manifest.populationSource).toBeNull();
  const named = await run({ populationSource: sent.body.id });
  expect(named.manifest.grid.key).toBe(after.manifest.grid.key);
  expect((await ask('GET', 'coverage/population-sources')).body.items).toMatchObject([{ id: sent.body.id }]);
  expect((await ask('GET', `coverage/population-sources/${sent.body.id}`)).status).toBe(200);
});

test.each<[string, string, object, string]>([
  ['no columns', '1,2,3\n', {}, 'file'],
  ['an empty file', '', {}, 'file'],
  ['nobody at all', 'lon,lat,people\n105,9,0\n', {}, 'file'],
  ['a place that is none', 'lon,lat,people\n105,9,1\n9.7,105.4,1\n', {}, 'file.3.lon'],
  ['negative people', 'lon,lat,people\n105,9,-1\n', {}, 'file.2.people'],
  ['text for people', 'lon,lat,people\n105,9,many\n', {}, 'file.2.people'],
  ['no CSV', 'lon,lat,people\n"105,9\n', {}, 'file'],
  ['no source', 'lon,lat,people\n105,9,1\n', { source: ' ' }, 'source'],
  ['an unknown field', 'lon,lat,people\n105,9,1\n', { colour: 'red' }, 'colour'],
])('%s is refused', async (_what, csv, fields, field) => {
  const { status, body } = await send(csv, fields as Record<string, string>);
  expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [field]]);
});

test('only who may configure sends files, and what is not there is not taken', async () => {
  expect((await send('lon,lat,people\n105,9,1\n', {}, plannerToken)).status).toBe(403);
  expect((await ask('POST', 'coverage/population-sources', { title: 'x' })).status).toBe(415);
  expect((await ask('GET', 'coverage/population-sources/none')).status).toBe(404);
  const missing = {
    boundaryDate: DATE,
    resolution: 8,
    populationSource: '5b0f8a52-2c8e-4a52-9f0a-6f1f3f1f2d61',
  };
  expect(await ask('POST', 'coverage/runs', missing)).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'populationSource' }] },
  });
});
