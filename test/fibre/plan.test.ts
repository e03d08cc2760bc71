import { FibreService } from '../../src/modules/fibre/index.js';
import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';

/** Gaps, targets and the closing of quarters over HTTP. */
let r: RegisterApi;
beforeAll(async () => {
  r = await openRegisterApi([]);
  const row = (
    communeCode: string,
    operatorCode: string,
    quarter: string,
    figures: [number, number, number],
  ) => {
    const [households, passed, connected] = figures;
    return { communeCode, operatorCode, quarter, households, passed, connected };
  };
  await r.app.app
    .get(FibreService)
    .importFibre([
      row('c1', 'viettel', '2025Q1', [280, 100, 50]),
      row('c1', 'viettel', '2025Q2', [280, 200, 100]),
      row('c1', 'vnpt', '2025Q2', [280, 50, 10]),
      row('c2', 'vnpt', '2025Q2', [560, 500, 300]),
    ]);
});
afterAll(async () => r?.app.stop());

interface Gaps {
  quarter: string;
  items: { unit: { code: string }; notPassedAtLeast: number | null; notPassedAtMost: number | null }[];
}
const gaps = async (query: string) => {
  const { body } = await r.get<Gaps>(`fibre/gaps?${query}`);
  return body.items.map((gap) => `${gap.unit.code} ${gap.notPassedAtLeast}..${gap.notPassedAtMost}`);
};

it('ranks communes by the households that nobody passes', async () => {
  expect(await gaps('quarter=2025Q2')).toEqual(['c1 30..80', 'c2 60..60', 'c3 null..null']);
  expect(await gaps('limit=1')).toEqual(['c1 30..80']);
  expect(await gaps('unit=d2')).toEqual(['c3 null..null']);
});

it('holds targets against the last figures before their day', async () => {
  const { body } = await r.get<{ items: object[] }>('fibre/targets');
  expect(body.items).toMatchObject([
    {
      code: 'plan-207',
      sharePct: 80,
      source: expect.stringContaining('207'),
      quarter: '2025Q2',
      households: 840,
      passedAtLeastPct: 83.3,
      passedAtMostPct: 89.2,
      connectedPct: 48.8,
      passed: 'met',
      connected: 'open',
    },
  ]);
});

it('closes a quarter for good', async () => {
  const figures = { households: 280, passed: 100, connected: 50 };
  expect(await r.call('POST', 'fibre/quarters/2025-Q1/close')).toMatchObject({
    status: 200,
    body: { quarter: '2025Q1', rows: 1, closedBy: 'admin' },
  });
  // The same once more is no change; anything else is refused.
  expect(await r.call('PUT', 'fibre/c1/viettel/2025Q1', figures)).toMatchObject({ status: 200 });
  for (const path of ['fibre/c1/viettel/2025Q1', 'fibre/c1/vnpt/2025Q1'])
    expect(await r.call('PUT', path, { ...figures, connected: 51 })).toMatchObject({
      status: 409,
      body: { code: 'CLOSED', detailVi: expect.stringContaining('đã chốt') },
    });
  expect(await r.call('PUT', 'fibre/c1/viettel/2025Q2', figures)).toMatchObject({ status: 200 });
  await expect(r.app.database.dataSource.query(`delete from fibre_coverage`)).rejects.toThrow(
    'closed quarter',
  );
  expect(await r.call('POST', 'fibre/quarters/2025Q1/close')).toMatchObject({ status: 409 });
  const { body } = await r.get<{ items: object[] }>('fibre/quarters');
  expect(body.items).toMatchObject([
    { quarter: '2025Q2', rows: 3, closedAt: null },
    { quarter: '2025Q1', rows: 1, closedBy: 'admin', closedAt: expect.any(String), version: 1 },
  ]);
});

it('keeps what a closed quarter said, and what it was corrected to', async () => {
  const correction = {
    predecessor: 1,
    reason: 'Viettel báo cáo lại',
    rows: [{ communeCode: 'c1', operatorCode: 'viettel', households: 280, passed: 120, connected: 50 }],
  };
  expect(await r.call('POST', 'fibre/quarters/2025Q1/corrections', correction)).toMatchObject({
    status: 200,
    body: { quarter: '2025Q1', version: 2, predecessor: 1, reason: 'Viettel báo cáo lại', madeBy: 'admin' },
  });
  expect(await r.call('POST', 'fibre/quarters/2025Q1/corrections', correction)).toMatchObject({
    status: 409,
  });
  const { body } = await r.get<{ items: { version: number; sha256: string }[] }>(
    'fibre/quarters/2025Q1/snapshots',
  );
  expect(body.items.map(({ version }) => version)).toEqual([2, 1]);
  for (const { version, sha256 } of body.items) {
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const path = `fibre/quarters/2025Q1/snapshots/${version}`;
    expect(await r.get(path)).toMatchObject({ status: 200, body: { version, sha256, intact: true } });
    expect(await r.get(`${path}/rows?limit=1`)).toMatchObject({
      body: { items: [{ communeCode: 'c1', passed: version === 1 ? 100 : 120 }], nextCursor: null },
    });
  }
  const totals = await r.get('fibre/totals?quarter=2025Q1&by=commune&unit=c1');
  expect(totals.body).toMatchObject({
    basis: { snapshot: { version: 2 }, communeRows: 1 },
    items: [{ passedAtLeast: 120 }],
  });
});

it('gives figures under the units of a date', async () => {
  const province = async (date: string) =>
    (await r.get<{ items: object[] }>(`fibre/totals?quarter=2025Q2&by=province&date=${date}`)).body.items;
  const [before] = await province('2025-06-30');
  const [since] = await province('2025-07-01');
  expect(since).toEqual({ ...before, unit: expect.objectContaining({ code: 'p2' }) });
  expect(await gaps('quarter=2025Q2&date=2025-07-01')).toEqual(['c1 190..240', 'c9 null..null']);
  expect(await gaps('quarter=2025Q2&tier=25/3')).toEqual(['c1 null..null', 'c2 null..null', 'c3 null..null']);
  expect(await gaps('quarter=2025Q2&by=hamlet')).toEqual([]);
  const { body } = await r.get<{ items: object[] }>('fibre/targets?date=2025-07-01&unit=c1');
  expect(body.items).toMatchObject([
    { households: 840, basis: { allotment: 'interior point', communes: 2 } },
  ]);
  const list = await r.get<{ items: object[] }>('fibre?unit=c1&date=2025-07-01&quarter=2025Q2');
  expect(list.body.items).toHaveLength(3);
});

it.each([
  [404, 'POST', 'fibre/quarters/2019Q1/close'],
  [400, 'POST', 'fibre/quarters/now/close'],
  [400, 'GET', 'fibre/gaps?quarter=2025'],
  [400, 'GET', 'fibre/gaps?limit=0'],
  [404, 'GET', 'fibre/gaps?unit=nope'],
  [404, 'GET', 'fibre/targets?unit=nope'],
  [400, 'GET', 'fibre/totals?date=2025-02-30'],
  [400, 'GET', 'fibre/gaps?tier=50/5'],
  [404, 'GET', 'fibre/quarters/2025Q2/snapshots'],
  [404, 'GET', 'fibre/quarters/2025Q1/snapshots/9'],
  [400, 'GET', 'fibre/quarters/2025Q1/snapshots/x'],
  [400, 'POST', 'fibre/quarters/2025Q1/corrections'],
])('%i for %s %s', async (status, method, path) => {
  expect(await r.call(method, path)).toMatchObject({ status });
});
