import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { HamletsWriter } from '../../src/modules/hamlets/index.js';
import { OperatorsService, SitesWriter } from '../../src/modules/sites/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { AREAS, AREAS_SINCE, DATE, OPERATORS, SITES } from './fixtures.js';

const HAMLETS = [
  { code: 'h1', name: 'Ấp gần', kind: 'ap' as const, lon: 105.452, lat: 9.752, signal: 'none' as const },
  { code: 'h2', name: '=Ấp xa', kind: 'ap' as const, lon: 105.41, lat: 9.89, households: 80 },
  { code: 'h3', name: 'Ấp ngoài', kind: 'ap' as const, lon: 105.41, lat: 9.88 },
];

/** What finished runs answer, as a client sees it. */
let app: TestApp;
let run: string;

beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas([...AREAS, ...AREAS_SINCE]);
  await app.app.get(OperatorsService).importOperators(OPERATORS);
  await app.app.get(SitesWriter).importSites(SITES, { date: DATE });
  await app.app
    .get(SitesWriter)
    .importSites([{ code: 'F1', name: 'Trạm quang', lon: 105.42, lat: 9.72, backhaul: 'fibre', cells: [] }], {
      date: DATE,
    });
  await app.app.get(HamletsWriter).importHamlets(HAMLETS);
  // Outside of all communes no hamlet can be entered; one may lie there after a reform of units.
  await app.app
    .get(UnitOfWork)
    .reader.query(
      `update hamlets set position = st_setsrid(st_makepoint(106.9, 9.9), 4326) where code = 'h3'`,
    );
  await app.app.get(UnitOfWork).reader.query(
    `insert into fibre_coverage (area_id, operator_code, quarter, households, passed, connected)
     select id, 'vnpt', '2025Q2', 100, 60, 10 from areas where code = 'c3' and valid_from = '2020-01-01'`,
  );
  run = await reckon({ boundaryDate: DATE, networkDate: DATE, resolution: 8 });
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

interface Regions {
  features: {
    geometry: { type: string; coordinates: number[][][][] };
    properties: {
      rank: number;
      cells: number;
      areaKm2: number;
      population: number;
      communes: { code: string }[];
      hamlets: { code: string }[];
      nearestSite: { code: string; distanceM: number };
      nearestSiteOfOperator: { code: string } | null;
      nearestFibreSite: { code: string };
      nearestFibreCommune: { code: string; distanceM: number };
    };
  }[];
  numberMatched: number;
  nextCursor: string | null;
}

test('white regions hold all the people that are not covered, with what lies near', async () => {
  const figures = await get<Page<{ population: number; populationCovered: number; operator: string }>>(
    `/${run}/figures?by=province&technology=4G`,
  );
  for (const operator of [null, 'viettel', 'vnpt']) {
    const view = `technology=4G${operator === null ? '' : `&operator=${operator}`}`;
    const { features, numberMatched } = await get<Regions>(`/${run}/regions?${view}`);
    const own = figures.items.find((figure) => figure.operator === operator)!;
    expect(features).toHaveLength(numberMatched);
    const people = features.map(({ properties }) => properties.population);
    expect(people).toEqual(people.toSorted((a, b) => b - a));
    expect(people.reduce((a, b) => a + b, 0)).toBeCloseTo(own.population - own.populationCovered, -1);
    for (const { geometry, properties } of features) {
      expect(geometry.type).toBe('MultiPolygon');
      expect(properties.nearestSite.distanceM).toBeGreaterThan(0);
      expect(properties.nearestSiteOfOperator?.code ?? null).toBe(
        { viettel: 'S1', vnpt: 'S2' }[operator ?? ''] ?? null,
      );
      expect(properties.nearestFibreSite.code).toBe('F1');
      expect(properties.nearestFibreCommune.code).toBe('c3');
    }
  }
  const { features } = await get<Regions>(`/${run}/regions?technology=4G&area=c3`);
  expect(features.length).toBeGreaterThan(0);
  expect(features.flatMap(({ properties }) => properties.hamlets)).toEqual([
    { code: 'h2', name: '=Ấp xa', households: 80, signal: null },
  ]);
  for (const { properties } of features) expect(properties.communes.map(({ code }) => code)).toContain('c3');
});

test('grey regions are served by few; pages and refusals', async () => {
  const grey = await get<Regions>(`/${run}/regions?kind=grey&technology=4G`);
  const upToTwo = await get<Regions>(`/${run}/regions?kind=grey&operatorsAtMost=2&technology=4G`);
  const { items } = await get<Page<{ buckets: { areaKm2: number }[] }>>(
    `/${run}/histograms?by=province&counted=operators&technology=4G`,
  );
  const [, byOne = 0, byTwo = 0] = items[0]!.buckets.map(({ areaKm2 }) => areaKm2);
  const km2 = (regions: Regions) => regions.features.reduce((sum, f) => sum + f.properties.areaKm2, 0);
  expect(km2(grey)).toBeGreaterThan(0);
  expect(km2(grey)).toBeCloseTo(byOne, 3);
  expect(km2(upToTwo)).toBeCloseTo(byOne + byTwo, 3);
  const first = await get<Regions>(`/${run}/regions?kind=grey&technology=4G&limit=1`);
  expect(first.features).toEqual(grey.features.slice(0, 1));
  if (first.nextCursor !== null)
    expect(
      (await get<Regions>(`/${run}/regions?kind=grey&technology=4G&cursor=${first.nextCursor}`)).features,
    ).toEqual(grey.features.slice(1));
  for (const wrong of [
    'kind=black',
    'kind=grey&operator=vnpt',
    'operatorsAtMost=0',
    'area=nowhere',
    'cursor=x',
  ])
    expect([400, 404]).toContain((await ask('GET', `/${run}/regions?${wrong}`)).status);
});

test('hamlets at their point, beside what was reported', async () => {
  interface Status {
    code: string;
    signal: string | null;
    agreement: string | null;
    levelDbm: number | null;
    networks: object[];
  }
  const { items } = await get<Page<Status>>(`/${run}/hamlets?technology=4G`);
  expect(items).toMatchObject([
    {
      code: 'h1',
      communeCode: 'c1',
      signal: 'served',
      reportedSignal: 'none',
      agreement: 'better',
      site: 'S1',
    },
    { code: 'h2', communeCode: 'c3', signal: 'none', reportedSignal: null, agreement: 'unreported' },
    { code: 'h3', communeCode: null, signal: null, levelDbm: null, networks: [], agreement: null },
  ]);
  const cell = await get<{ networks: { technology: string; levelDbm: number | null }[] }>(
    `/${run}/at?lon=105.452&lat=9.752`,
  );
  expect(items[0]!.networks).toHaveLength(cell.networks.length);
  expect(items[0]!.levelDbm).toBe(
    Math.max(
      ...cell.networks.filter(({ technology }) => technology === '4G').map((n) => n.levelDbm ?? -Infinity),
    ),
  );
  const page = await get<Page<Status>>(`/${run}/hamlets?technology=4G&limit=2`);
  expect((await get<Page<Status>>(`/${run}/hamlets?limit=2&cursor=${page.nextCursor}`)).items).toEqual(
    items.slice(2),
  );
  expect((await get<Page<Status>>(`/${run}/hamlets?agreement=better`)).items).toEqual([items[0]]);
  const counts = await get<{ items: object[] }>(`/${run}/hamlets/counts?technology=4G`);
  expect(counts.items).toMatchObject([
    { communeCode: null, hamlets: 1, unknown: 1 },
    { communeCode: 'c1', hamlets: 1, served: 1, better: 1 },
    { communeCode: 'c3', hamlets: 1, none: 1, unreported: 1, householdsWithoutSignal: 80 },
  ]);
  const table = await ask('GET', `/${run}/hamlets.csv?technology=4G`);
  expect(table.type).toBe('text/csv; charset=utf-8');
  const lines = table.bytes.toString('utf8').split('\r\n');
  expect(lines[0]).toMatch(/^\ufeffcode,name,communeCode/);
  expect(lines[2]).toContain(`h2,'=Ấp xa,c3,`);
  expect(lines[1]).toContain(`,${items[0]!.levelDbm},good,served,viettel,S1,none,`);
});
