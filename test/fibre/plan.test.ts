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
    { quarter: '2025Q1', rows: 1, closedBy: 'admin', closedAt: expect.any(String) },
  ]);
});

it.each([
  [404, 'POST', 'fibre/quarters/2019Q1/close'],
  [400, 'POST', 'fibre/quarters/now/close'],
  [400, 'GET', 'fibre/gaps?quarter=2025'],
  [400, 'GET', 'fibre/gaps?limit=0'],
  [404, 'GET', 'fibre/gaps?unit=nope'],
  [404, 'GET', 'fibre/targets?unit=nope'],
])('%i for %s %s', async (status, method, path) => {
  expect(await r.call(method, path)).toMatchObject({ status });
});
