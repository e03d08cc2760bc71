import { createIdentityApp, type IdentityApp } from '../identity/identity-app.js';
import { readAll, removeTemporary } from '../exchange/files.js';
import { addPlays, makeWorld, type Query, type ReportWorld } from './support.js';

let test: IdentityApp;
let world: ReportWorld;
let viewer: string;
beforeAll(async () => {
  test = await createIdentityApp();
  const query: Query = <T>(sql: string, parameters: unknown[] = []) =>
    test.database.dataSource.query<T[]>(sql, parameters);
  world = await makeWorld(query);
  viewer = (await test.signedIn('viewer', ['viewer'])).token;
  const play = { areaId: world.units.west, startsAt: '2025-03-10T22:00:00Z' };
  const evening = { ...play, startsAt: '2025-03-10T10:00:00Z', programmeId: world.programmes.evening };
  await addPlays(query, [
    { ...play, clusterId: 'loa-1', state: 'FINISHED', startedAt: '2025-03-10T22:00:01Z', approvedBy: 'b' },
    { ...evening, clusterId: 'loa-2', state: 'FINISHED', startedAt: '2025-03-10T10:00:01Z' },
    { ...evening, clusterId: 'loa-4', areaId: world.units.east, state: 'UNKNOWN' },
  ]);
});
afterAll(async () => {
  removeTemporary();
  await test?.stop();
});

const get = (path: string) => test.call('GET', `/reports/plays${path}`, { token: viewer });
async function file(path: string): Promise<{ type: string; name: string; bytes: Buffer }> {
  const answer = await fetch(`${test.url}/api/v1/reports/plays${path}`, {
    headers: { authorization: `Bearer ${viewer}` },
  });
  expect(answer.status).toBe(200);
  return {
    type: answer.headers.get('content-type') ?? '',
    name: answer.headers.get('content-disposition') ?? '',
    bytes: Buffer.from(await answer.arrayBuffer()),
  };
}

it('reports a month, broken down as asked, with a total', async () => {
  const { status, body } = await get('?month=2025-03&groupBy=unit,programme');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    firstDay: '2025-03-01',
    lastDay: '2025-03-31',
    unit: null,
    groupBy: ['unit', 'programme'],
    lines: [
      { unitCode: '31318', programmeTitle: '+Bản tin <chiều>', total: 1, finished: 1, finishedPercent: 100 },
      { unitCode: '31318', programmeTitle: null, total: 1, finished: 1 },
      { unitCode: '31321', programmeTitle: '+Bản tin <chiều>', total: 1, finished: 0, finishedPercent: 0 },
    ],
    total: { total: 3, finished: 2, finishedPercent: 66.7, unknownNeverHeard: 1, unknownAgeS: null },
    neverBroadcast: [],
  });
  const east = await get(`?from=2025-03-10&to=2025-03-10&unit=31321&class=NORMAL`);
  expect(east.body).toMatchObject({ unit: { name: 'Phường III' }, total: { total: 1 } });
  const morning = await get(`?month=2025-03&programme=${world.programmes.morning}`);
  expect(morning.body).toMatchObject({ lines: [], total: { total: 0, finishedPercent: null } });
});

it('proves play by play, page by page', async () => {
  const first = await get('/records?month=2025-03&limit=2');
  expect(first.body.items).toHaveLength(2);
  const cursor = first.body['nextCursor'] as unknown as string;
  const second = await get(`/records?month=2025-03&limit=2&cursor=${cursor}`);
  expect(second.body).toMatchObject({
    items: [{ clusterId: 'loa-1', state: 'FINISHED', approvedBy: 'b', clusterSilentS: null }],
    nextCursor: null,
  });
});

it.each(['csv', 'xlsx'])('sends both as %s', async (format) => {
  const report = await file(`/file?month=2025-03&groupBy=programme&format=${format}`);
  expect(report.name).toBe(`attachment; filename="bao-cao-phat-thanh-2025-03-01-2025-03-31.${format}"`);
  const { columns, rows } = await readAll(report.bytes);
  expect(columns.slice(0, 3)).toEqual(['Chương trình', 'Mã chương trình', 'Tổng lượt phát']);
  expect(
    rows.map(({ values }) => [String((values[0] ?? '') as string).replace(/^'/, ''), Number(values[2])]),
  ).toEqual([
    ['+Bản tin <chiều>', 2],
    ['', 1],
    ['Tổng cộng', 3],
  ]);
  const plays = await readAll(
    (await file(`/records/file?month=2025-03&format=${format}&headings=keys`)).bytes,
  );
  expect(plays.rows).toHaveLength(3);
  expect(plays.columns.slice(0, 2)).toEqual(['startsAt', 'title']);
});

it('sends a page to print that carries nothing of a name as markup', async () => {
  const { type, bytes } = await file('/page?month=2025-03&groupBy=programme');
  expect(type).toBe('text/html; charset=utf-8');
  const page = bytes.toString('utf8');
  expect(page).toContain('<td>+Bản tin &lt;chiều&gt;</td>');
  expect(page).not.toContain('<chiều>');
});

it.each([
  ['', 'month'],
  ['?month=2025-13', 'month'],
  ['?month=2025-03&from=2025-03-01&to=2025-03-02', 'month'],
  ['?from=2025-03-01', 'month'],
  ['?from=2025-02-29&to=2025-03-02', 'from'],
  ['?from=2025-03-02&to=2025-03-01', 'to'],
  ['?from=2025-01-01&to=2026-12-31', 'to'],
  ['/records?from=2025-01-01&to=2025-06-30', 'to'],
  ['?month=2025-03&groupBy=unit,unit', 'groupBy'],
  ['?month=2025-03&groupBy=weather', 'groupBy'],
  ['?month=2025-03&groupBy=', 'groupBy'],
  ['?month=2025-03&unitsOn=tomorrow', 'unitsOn'],
  ['?month=2025-03&programme=x', 'programme'],
  ['/records?month=2025-03&cursor=bm9uc2Vuc2U', 'cursor'],
  ['/file?month=2025-03&format=pdf', 'format'],
])('refuses %s because of %s', async (path, field) => {
  const { status, body } = await get(path);
  expect([status, (body as { errors?: { field: string }[] }).errors?.[0]?.field]).toEqual([400, field]);
});

it('does not know a unit that is none', async () => {
  expect((await get('?month=2025-03&unit=99999')).status).toBe(404);
  expect((await get('/records/file?month=2025-03&unit=99999')).status).toBe(404);
});
