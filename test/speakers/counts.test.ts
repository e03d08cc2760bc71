import { AreasService, AreasWriter, type AreaImportRow } from '../../src/modules/areas/index.js';
import { ClusterService, CLUSTERS_CHANGED } from '../../src/modules/speakers/index.js';
import { EventBus } from '../../src/common/events/event-bus.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

/** Three communes side by side under a district; the first two become one in July 2025, straight under the province. */
const REFORM = '2025-07-01';
const square = (west: number, east: number): AreaImportRow['boundary'] => ({
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [west, 9.7],
        [east, 9.7],
        [east, 9.8],
        [west, 9.8],
        [west, 9.7],
      ],
    ],
  ],
});
const TYPES: Record<string, string> = { province: 'Tỉnh', district: 'Huyện', commune: 'Xã' };
const unit = (code: string, kind: string, parentCode: string | null, more: object): AreaImportRow =>
  ({
    code,
    kind,
    type: TYPES[kind],
    name: `Số ${code}`,
    parentCode,
    validFrom: '2000-01-01',
    validTo: null,
    ...more,
  }) as AreaImportRow;
const commune = (code: string, west: number, more: object = {}) =>
  unit(code, 'commune', '930', { boundary: square(west, west + 0.1), ...more });
const before = [
  unit('93', 'province', null, {}),
  unit('930', 'district', '93', {}),
  commune('31001', 105.4),
  commune('31002', 105.5),
  commune('31003', 105.6),
];
const after = [
  before[0]!,
  unit('930', 'district', '93', { validTo: REFORM }),
  commune('31001', 105.4, { validTo: REFORM }),
  commune('31002', 105.5, { validTo: REFORM }),
  commune('31003', 105.6, { validTo: REFORM }),
  unit('32001', 'commune', '93', { validFrom: REFORM, boundary: square(105.4, 105.6) }),
  unit('32003', 'commune', '93', { validFrom: REFORM, boundary: square(105.6, 105.7) }),
];

let app: TestApp;
let areas: AreasService;
let clusters: ClusterService;
const rightsOf: string[] = [];
beforeAll(async () => {
  app = await createTestApp();
  areas = app.app.get(AreasService);
  clusters = app.app.get(ClusterService);
  await app.app.get(AreasWriter).importAreas(before);
  const at = async (code: string) => (await areas.resolve(code)).id;
  const cluster = async (id: string, code: string, lon: number, more: object = {}) => ({
    id,
    name: `Cụm ${id}`,
    lon,
    lat: 9.75,
    areaId: await at(code),
    horns: [{ powerW: 30, azimuthDeg: 0 }],
    source: 'test',
    ...more,
  });
  await clusters.importClusters([
    await cluster('one', '31001', 105.45, { uplink: 'fibre' }),
    await cluster('two', '31002', 105.55, { uplink: '4G' }),
    await cluster('three', '31003', 105.65),
    await cluster('idle', '31003', 105.66, { active: false }),
  ]);
  await clusters.importPlainLoudspeakers([
    { areaId: await at('31001'), kind: 'fm', count: 10, source: '' },
    { areaId: await at('31002'), kind: 'wired', count: 5, source: '' },
  ]);
  app.app.get(EventBus).afterCommit(CLUSTERS_CHANGED, (changes) => {
    rightsOf.push(...changes.flatMap((change) => change.rightsOf));
  });
});
afterAll(() => app?.stop());

const get = async <T>(path: string): Promise<T> => {
  const answer = await fetch(`${app.url}/api/v1/clusters${path}`, {
    headers: { authorization: `Bearer ${app.adminToken}` },
  });
  return (await answer.json()) as T;
};
interface Counts {
  clusters: number;
  plainLoudspeakers: number | null;
  date: string;
  items: {
    values: Record<string, string | null>;
    clusters: number;
    horns: number;
    plainLoudspeakers: number | null;
  }[];
}
const lines = async (query: string) =>
  (await get<Counts>(`/counts?${query}`)).items.map(
    ({ values, clusters: n, plainLoudspeakers }) =>
      `${Object.values(values).join(' ')}: ${n}, ${plainLoudspeakers}`,
  );

it('counts clusters by any dimensions, with the filter of the list', async () => {
  expect(await get(`/counts`)).toMatchObject({
    clusters: 4,
    horns: 4,
    plainLoudspeakers: 15,
    by: [],
    items: [],
  });
  expect(await lines('by=commune')).toEqual(['31001: 1, 10', '31002: 1, 5', '31003: 2, 0']);
  expect(await lines('by=uplink,service')).toEqual([
    '4G in: 1, null',
    'fibre in: 1, null',
    ' in: 1, null',
    ' out: 1, null',
  ]);
  expect(await lines('by=connection,firmware,document')).toEqual(['never-heard  : 4, null']);
  expect(await lines('by=alarm,horns,district&unit=31003')).toEqual(['none 1 930: 2, null']);
  expect(await lines('by=uplinkOperator,hardware,province&active=true')).toEqual(['  93: 3, null']);
  expect(await get(`/counts?unit=31002`)).toMatchObject({ clusters: 1, plainLoudspeakers: 5 });
  for (const wrong of ['by=colour', 'by=commune,uplink,alarm,horns', 'date=2025-02-30'])
    expect(await get(`/counts?${wrong}`)).toMatchObject({ status: 400 });
  expect(await get(`/counts?by=commune&unit=99999`)).toMatchObject({ status: 404 });
});

it('follows a reform of units: documents, rights and figures, under the units of either date', async () => {
  await app.app.get(AreasWriter).importAreas(after);
  await until(async () => (await get<{ areaCode: string }>('/three')).areaCode === '32003', {
    what: 'the clusters follow',
  });
  await until(() => Promise.resolve(rightsOf.length >= 4), {
    what: 'their rights are told',
  });
  expect(new Set(rightsOf)).toEqual(new Set(['one', 'two', 'three', 'idle']));
  const { twin } = await clusters.get('one');
  expect(twin).toMatchObject({ desiredVersion: 2, desired: { config: { areaChain: ['32001', '93'] } } });
  expect((await clusters.areaChains(['two'])).get('two')).toEqual(['32001', '93']);

  expect(await lines('by=commune')).toEqual(['32001: 2, 15', '32003: 2, 0']);
  expect(await lines('by=commune,district')).toEqual(['32001 : 2, 15', '32003 : 2, 0']);
  expect(await lines(`by=commune&date=2025-06-30`)).toEqual(['31001: 1, 10', '31002: 1, 5', '31003: 2, 0']);
  expect(await lines(`by=district&date=2025-06-30`)).toEqual(['930: 4, 15']);

  const ids = async (query: string) =>
    (await get<{ items: { id: string; areaCode: string }[] }>(`?${query}`)).items.map(
      ({ id, areaCode }) => `${id} ${areaCode}`,
    );
  expect(await ids('unit=32001')).toEqual(['one 32001', 'two 32001']);
  expect(await ids('unit=31002')).toEqual(['two 31002']);
  expect(await ids('unit=930&date=2025-06-30&active=true')).toEqual([
    'one 31001',
    'three 31003',
    'two 31002',
  ]);
  expect(await ids('unit=32003&limit=1')).toEqual(['idle 32003']);
});

it("counts a unit's own number of loudspeakers, and its predecessors' only where it has none", async () => {
  const at = async (code: string, date: string) => (await areas.resolve(code, date)).id;
  const put = (areaId: string, kind: 'fm' | 'wired', count: number) =>
    clusters.importPlainLoudspeakers([{ areaId, kind, count, source: '' }]);
  const [merged, renamed] = [await at('32001', REFORM), await at('32003', REFORM)];
  await put(merged, 'fm', 12);
  // Its own of FM, its predecessor's of wired ones.
  expect(await lines('by=commune')).toEqual(['32001: 2, 17', '32003: 2, 0']);
  expect(await lines('by=commune&date=2025-06-30')).toEqual(['31001: 1, 10', '31002: 1, 5', '31003: 2, 0']);
  await put(renamed, 'fm', 7);
  expect(await lines('by=commune')).toEqual(['32001: 2, 17', '32003: 2, 7']);
  // Nobody ever gave a number for what was there before.
  expect(await lines('by=commune&date=2025-06-30')).toEqual(['31001: 1, 10', '31002: 1, 5', '31003: 2, 7']);
  // The unit says itself that it has none any longer.
  await put(merged, 'fm', 0);
  await put(merged, 'wired', 0);
  expect(await get('/counts')).toMatchObject({ plainLoudspeakers: 7 });
  expect(await get('/counts?date=2025-06-30')).toMatchObject({ plainLoudspeakers: 22 });
});

it('tells a cluster when the units above its own change', async () => {
  const province = unit('94', 'province', null, { validFrom: REFORM });
  await app.app.get(AreasWriter).importAreas([province, { ...after[6]!, parentCode: '94' }]);
  await until(
    async () =>
      (await clusters.areaChains(['three'])).get('three')?.[1] === '94' && (await version('three')) === 3,
    { what: 'the cluster is told' },
  );
  expect((await clusters.get('three')).twin.desired).toMatchObject({
    config: { areaChain: ['32003', '94'] },
  });
  expect(await version('one')).toBe(2);
});

const version = async (id: string) => (await clusters.get(id)).desiredVersion;
