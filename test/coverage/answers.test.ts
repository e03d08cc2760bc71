import { AnswersWorld, type Page } from './answers-world.js';
import { DATE } from './fixtures.js';

/** What finished runs answer about units, ground and hamlets, as a client sees it. */
let world: AnswersWorld;
let run: string;
beforeAll(async () => {
  world = await AnswersWorld.open();
  run = world.run;
});
afterAll(() => world?.stop());

const get = <T>(path: string): Promise<T> => world.get<T>(path);
const ask: AnswersWorld['ask'] = (...request) => world.ask(...request);

interface Bucket {
  count: number;
  population: number | null;
  populationPercent: number | null;
  areaPercent: number | null;
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
  const again = await world.reckon({ boundaryDate: '2025-07-01' }, `/${run}/again`);
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
  for (const operator of [null, 'viettel', 'vnpt']) {
    const view = `technology=4G${operator === null ? '' : `&operator=${operator}`}`;
    const { features, numberMatched } = await get<Regions>(`/${run}/regions?${view}`);
    const { none } = await world.wholeCells(run, view);
    expect(features).toHaveLength(numberMatched);
    const people = features.map(({ properties }) => properties.population);
    expect(people).toEqual(people.toSorted((a, b) => b - a));
    expect(people.reduce((a, b) => a + b, 0)).toBeCloseTo(none.population, -1);
    expect(features.reduce((sum, { properties }) => sum + properties.cells, 0)).toBe(none.cells);
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
  const { byOne, byTwo } = await world.wholeCells(run);
  const cells = (regions: Regions) => regions.features.reduce((sum, f) => sum + f.properties.cells, 0);
  expect(cells(grey)).toBeGreaterThan(0);
  expect(cells(grey)).toBe(byOne.cells);
  expect(cells(upToTwo)).toBe(byOne.cells + byTwo.cells);
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
