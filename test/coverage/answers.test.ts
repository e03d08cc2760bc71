import { AreasWriter } from '../../src/modules/areas/index.js';
import { OperatorsService, SitesWriter } from '../../src/modules/sites/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { AREAS, AREAS_SINCE, DATE, OPERATORS, SITES } from './fixtures.js';

/** What finished runs answer, as a client sees it. */
let app: TestApp;
let run: string;

beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas([...AREAS, ...AREAS_SINCE]);
  await app.app.get(OperatorsService).importOperators(OPERATORS);
  await app.app.get(SitesWriter).importSites(SITES, { date: DATE });
  run = await reckon({ boundaryDate: DATE, networkDate: DATE });
});
afterAll(() => app?.stop());

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(`${app.url}/api/v1/coverage/runs${path}`, {
    method,
    headers: {
      authorization: `Bearer ${app.adminToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const type = answer.headers.get('content-type') ?? '';
  return { status: answer.status, type, bytes, headers: answer.headers, json: type.includes('json') };
}

async function get<T>(path: string): Promise<T> {
  const { status, bytes } = await ask('GET', path);
  if (status !== 200) throw new Error(`${path}: ${status} ${bytes.toString()}`);
  return JSON.parse(bytes.toString()) as T;
}

async function ended(id: string): Promise<string> {
  await until(async () => (await get<{ finishedAt: string | null }>(`/${id}`)).finishedAt !== null, {
    what: 'the run ends',
  });
  return id;
}

async function reckon(question: object): Promise<string> {
  const { bytes } = await ask('POST', '', {
    resolution: 7,
    environments: ['outdoor'],
    probabilities: [0.9],
    ...question,
  });
  return ended((JSON.parse(bytes.toString()) as { id: string }).id);
}

interface Bucket {
  count: number;
  population: number | null;
  populationPercent: number | null;
  areaPercent: number | null;
}
interface Page<T> {
  items: T[];
  nextCursor: string | null;
  provenance: { runId: string; thresholds: Record<string, { sufficientDbm: number }> };
}

test('histograms of operators and of sites add up to the unit', async () => {
  const of = (query: string) => get<Page<{ buckets: Bucket[] }>>(`/${run}/histograms?by=province&${query}`);
  const operators = await of('counted=operators&technology=4G');
  expect(operators).toMatchObject({
    provenance: { runId: run, boundaryDate: DATE, thresholds: { '4G': { sufficientDbm: -110 } } },
    items: [{ areaCode: 'p1', counted: 'operators', technology: '4G', operator: null }],
    nextCursor: null,
  });
  const sites = await of('counted=sites&technology=4G&operator=viettel');
  for (const { items } of [operators, sites]) {
    const { buckets } = items[0]!;
    expect(buckets.map(({ count }) => count)).toEqual([...buckets.keys()]);
    expect(buckets.reduce((sum, { population }) => sum + (population ?? NaN), 0)).toBeCloseTo(660_000, 0);
    expect(buckets.reduce((sum, { areaPercent }) => sum + (areaPercent ?? NaN), 0)).toBeCloseTo(100, 6);
  }
  const unknown = await get<Page<{ buckets: Bucket[] }>>(`/${run}/histograms?area=c4&counted=sites`);
  expect(unknown.items[0]!.buckets[0]!.population).toBeNull();
  // What no operator serves is what the figures do not name as covered.
  const figures = await get<Page<{ populationCovered: number }>>(
    `/${run}/figures?by=province&technology=4G&operator=any`,
  );
  expect(660_000 - operators.items[0]!.buckets[0]!.population!).toBeCloseTo(
    figures.items[0]!.populationCovered,
    0,
  );
});

test('pages of histograms follow each other', async () => {
  const whole = await get<Page<object>>(`/${run}/histograms`);
  const seen: object[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Page<object> = await get(`/${run}/histograms?limit=7${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(seen).toEqual(whole.items);
});

test('the maximum operator is the largest single one, not the union', async () => {
  type Maximum = {
    areaCode: string;
    operator: string | null;
    populationPercent: number | null;
    anyOperatorPopulationPercent: number | null;
  };
  const { items } = await get<Page<Maximum>>(`/${run}/maximum-operator?technology=4G`);
  const { items: single } = await get<
    Page<{ areaCode: string; operator: string | null; populationPercent: number | null }>
  >(`/${run}/figures?technology=4G`);
  expect(items.map(({ areaCode }) => areaCode).sort()).toEqual(['c1', 'c2', 'c3', 'c4', 'd1', 'd2', 'p1']);
  for (const { areaCode, operator, ...unit } of items) {
    const own = single.filter((figure) => figure.areaCode === areaCode);
    const of = (code: string | null) => own.find((figure) => figure.operator === code)!.populationPercent;
    expect(unit.anyOperatorPopulationPercent).toBe(of(null));
    if (operator === null || of(null) === null) continue;
    expect(unit.populationPercent).toBe(Math.max(of('viettel')!, of('vnpt')!));
    expect(unit.populationPercent).toBe(of(operator));
  }
  const province = items.find(({ areaCode }) => areaCode === 'p1')!;
  expect(province.populationPercent).toBeLessThan(province.anyOperatorPopulationPercent!);
});

test('the same question under the units of another day', async () => {
  const { status, bytes } = await ask('POST', `/${run}/again`, { boundaryDate: '2025-07-01' });
  expect(status).toBe(202);
  const again = await ended((JSON.parse(bytes.toString()) as { id: string }).id);
  expect(await get(`/${again}`)).toMatchObject({
    state: 'done',
    boundaryDate: '2025-07-01',
    manifest: { networkDate: DATE },
  });
  const { items } = await get<Page<{ areaCode: string }>>(
    `/${again}/maximum-operator?by=commune&technology=4G`,
  );
  expect(items.map(({ areaCode }) => areaCode)).toEqual(['c1']);
  expect((await ask('POST', `/${run}/again`, { boundaryDate: '2025-02-30' })).status).toBe(400);
});
