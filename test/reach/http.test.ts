import { AreasWriter } from '../../src/modules/areas/index.js';
import { ClusterService } from '../../src/modules/speakers/index.js';
import { AREAS, AREAS_SINCE, DATE } from '../coverage/fixtures.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

/** Who hears the loudspeakers as a client sees it, through the assembled application. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas([...AREAS, ...AREAS_SINCE]);
  const commune = await app.database.dataSource.query<{ id: string }[]>(
    `select id from areas where code = 'c1' and valid_to is not null`,
  );
  const areaId = commune[0]?.id ?? '';
  const cluster = (id: string, lon: number, azimuthDeg: number) => ({
    id,
    name: id,
    lon,
    lat: 9.75,
    areaId,
    horns: [{ powerW: 50, azimuthDeg }],
    hornHeightM: 9,
    source: 'synthetic demo',
  });
  await app.app
    .get(ClusterService)
    .importClusters([
      cluster('k-1', 105.45, 90),
      cluster('k-2', 105.452, 90),
      { ...cluster('k-3', 105.47, 270), horns: [] },
      { ...cluster('k-4', 105.48, 270), active: false },
    ]);
  await app.app
    .get(ClusterService)
    .importPlainLoudspeakers([{ areaId, kind: 'fm', count: 40, source: 'synthetic demo' }]);
});
afterAll(() => app?.stop());

/** What this file looks at of the answers. */
interface Answer {
  id: string;
  finishedAt: string | null;
  items: Record<string, number | string | null>[];
  nextCursor: string | null;
  numberMatched: number;
  numberReturned: number;
  errors: { field: string }[];
  features: { properties: Record<string, number | string | null> }[];
}

async function ask(method: string, path: string, body?: object, of = 'runs') {
  const answer = await fetch(`${app.url}/api/v1/reach/${of}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${app.adminToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, type, body: (await answer.json()) as Answer };
}

async function finished(order: object): Promise<string> {
  const { status, body } = await ask('POST', '', order);
  expect(status).toBe(202);
  await until(async () => (await ask('GET', `/${body.id}`)).body.finishedAt !== null, {
    what: 'the run ends',
  });
  return body.id;
}

test('a run, from the order to figures, silent spots, cells and an explanation', async () => {
  const id = await finished({ title: 'Thử', boundaryDate: DATE, resolution: 9, settledFromPerKm2: 0 });
  expect(await ask('GET', `/${id}`)).toMatchObject({
    status: 200,
    body: {
      state: 'done',
      title: 'Thử',
      progress: 1,
      manifest: { synthetic: true, plainLoudspeakers: 40, clusters: { given: 3, used: 2, horns: 2 } },
      warnings: expect.arrayContaining([
        expect.objectContaining({ code: 'cluster.no-horns', count: 1, subjects: ['k-3'] }),
        expect.objectContaining({ code: 'horn.assumed', field: 'sensitivityDb', count: 2 }),
        expect.objectContaining({ code: 'loudspeakers.no-place', count: 40 }),
      ]),
    },
  });
  expect((await ask('GET', '?state=done&limit=1')).body).toMatchObject({ items: [{ id }], nextCursor: null });

  const communes = (await ask('GET', `/${id}/figures?by=commune&period=day`)).body.items;
  expect(communes.map(({ areaCode, areaName }) => [areaCode, areaName])).toEqual([
    ['c1', 'Xã Vị Tân'],
    ['c2', 'Xã Hỏa Lựu'],
    ['c3', 'Xã Tân Tiến'],
    ['c4', 'Xã Long Bình'],
  ]);
  const [first, second, , last] = communes;
  expect(first?.populationPercent).toBeGreaterThan(0.1);
  expect(first?.plainLoudspeakers).toBe(40);
  expect(first?.populationPercentWithPlain).toBeGreaterThan((first?.populationPercent as number) + 1);
  expect(first?.areaEchoKm2).toBeGreaterThan(0.01);
  expect(first?.areaEchoKm2).toBeLessThan(first?.areaHeardKm2 as number);
  expect([
    second?.areaHeardKm2,
    second?.populationPercent,
    last?.population,
    last?.householdsPercent,
  ]).toEqual([0, 0, null, null]);

  const spots = await ask('GET', `/${id}/silent-spots?limit=1`);
  expect(spots.body.items).toMatchObject([{ areaCode: 'c3', areaName: 'Xã Tân Tiến', period: 'day' }]);
  const more = await ask('GET', `/${id}/silent-spots?cursor=${spots.body.nextCursor}`);
  expect(more.body.items.map(({ areaCode }) => areaCode)).toEqual(['c2', 'c1']);

  const cells = await ask('GET', `/${id}/cells?bbox=105.44,9.74,105.47,9.76&limit=5`);
  expect(cells.body).toMatchObject({ type: 'FeatureCollection', period: 'day', numberReturned: 5 });
  const rest = await ask('GET', `/${id}/cells?bbox=105.44,9.74,105.47,9.76&cursor=${cells.body.nextCursor}`);
  expect(rest.body.numberReturned).toBe(cells.body.numberMatched - 5);
  const heard = [...cells.body.features, ...rest.body.features].filter(
    ({ properties }) => (properties.heardShare as number) > 0,
  );
  expect(heard.map(({ properties }) => properties.cluster)).toContain('k-1');

  expect((await ask('GET', `/${id}/at?lon=105.4522&lat=9.75`)).body).toMatchObject({
    landCover: 'open',
    periods: [
      { period: 'day', heardFromDba: 55, heard: true },
      { period: 'night', heardFromDba: 50, heard: true },
    ],
    clusters: [{ clusterId: 'k-2', distanceM: 22, bearingDeg: 90 }, { clusterId: 'k-1' }],
  });
  expect((await ask('GET', `/${id}/at?lon=100&lat=9.75`)).status).toBe(404);
  expect((await ask('POST', `/${id}/cancel`)).body).toMatchObject({ status: 409, code: 'RUN_ENDED' });
  await expect(
    app.database.dataSource.query(`update reach_runs set title = 'x' where id = $1`, [id]),
  ).rejects.toThrow(/never changed/);
});

test('other units, other noise, other volume', async () => {
  const order = { boundaryDate: '2025-07-01', resolution: 9, atVolume: 'usual' };
  const noisy = { landCover: 'suburban', dayDba: 80, nightDba: 80, source: 'a festival' };
  const quiet = await finished(order);
  const loud = await finished({ ...order, surroundings: [{ ...noisy }, { ...noisy, landCover: 'urban' }] });
  const figure = async (id: string) =>
    (await ask('GET', `/${id}/figures?by=commune&period=day`)).body.items[0];
  const [before, after] = [await figure(quiet), await figure(loud)];
  // The loudspeakers of a former commune are those of the one that has its ground now.
  expect(before).toMatchObject({ areaCode: 'c1', population: 700_000, plainLoudspeakers: 40 });
  expect(after?.areaHeardKm2).toBeLessThan(before?.areaHeardKm2 as number);
});

test('what runs take by default is set in versions, each with its source', async () => {
  const settings = (method: string, path: string, body?: object) => ask(method, path, body, 'settings');
  expect((await settings('GET', '')).body).toMatchObject({
    version: 0,
    reckoning: { margin: { marginDb: 10 } },
  });
  const open = { landCover: 'open', dayDba: 50, nightDba: 42, source: 'measured at Vị Tân' };
  const change = { marginDb: 12, surroundings: [open], source: 'Sở TT&TT', version: 0 };
  expect((await settings('PATCH', '', change)).body).toMatchObject({
    version: 1,
    source: 'Sở TT&TT',
    createdBy: 'admin',
    reckoning: {
      margin: { marginDb: 12, source: 'Sở TT&TT', assumed: false },
      surroundings: expect.arrayContaining([
        expect.objectContaining({ landCover: 'urban', assumed: true }),
        expect.objectContaining({ ...open, groundFactor: 1, assumed: false }),
      ]),
    },
  });
  expect((await settings('PATCH', '', change)).status).toBe(409);
  expect((await settings('PATCH', '', { source: 'nobody' })).body).toMatchObject({ version: 1 });
  expect((await settings('PATCH', '', { marginDb: 90, source: 'x' })).status).toBe(400);
  expect((await settings('PATCH', '', { marginDb: 9 })).body.errors.map(({ field }) => field)).toContain(
    'source',
  );
  expect((await settings('GET', '/versions')).body.items).toMatchObject([{ version: 1 }]);

  const { body: run } = await ask('POST', '', { boundaryDate: DATE, resolution: 8, temperatureC: 31 });
  expect(run).toMatchObject({
    parameters: {
      settingsVersion: 1,
      reckoning: { margin: { marginDb: 12 }, air: { temperatureC: 31, source: 'given with the request' } },
    },
  });
  await expect(app.database.dataSource.query(`delete from reach_settings`)).rejects.toThrow(/never changed/);
});

test.each<[string, string, object | undefined, number, string]>([
  ['POST', '', { resolution: 12 }, 400, 'resolution'],
  ['POST', '', { boundaryDate: '2025-02-30' }, 400, 'boundaryDate'],
  ['POST', '', { atVolume: 'deafening' }, 400, 'atVolume'],
  ['POST', '', { temperatureC: 200 }, 400, 'temperatureC'],
  [
    'POST',
    '',
    { surroundings: [{ landCover: 'moon', dayDba: 0, nightDba: 0, source: 'x' }] },
    400,
    'surroundings.0.landCover',
  ],
  [
    'POST',
    '',
    { surroundings: [{ landCover: 'open', dayDba: 45, nightDba: 40 }] },
    400,
    'surroundings.0.source',
  ],
  ['POST', '', { power: 9000 }, 400, 'power'],
  ['GET', '?state=asleep', undefined, 400, 'state'],
  ['GET', '?cursor=bm9uc2Vuc2U', undefined, 400, 'cursor'],
  ['GET', '/not-a-run', undefined, 404, ''],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/figures', undefined, 404, ''],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/cells?bbox=1,2,3', undefined, 400, 'bbox'],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/at?lon=200&lat=9', undefined, 400, 'lon'],
  ['POST', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/cancel', undefined, 404, ''],
])('%s %s %j answers %i about "%s"', async (method, path, body, status, field) => {
  const answer = await ask(method, path, body);
  expect(answer).toMatchObject({ status, type: expect.stringContaining('application/problem+json') });
  if (field) expect(answer.body.errors.map((e) => e.field)).toContain(field);
});
