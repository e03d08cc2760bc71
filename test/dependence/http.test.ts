import { AreasWriter } from '../../src/modules/areas/index.js';
import { OperatorsService, SitesWriter } from '../../src/modules/sites/index.js';
import { ClusterService, type ClusterImport } from '../../src/modules/speakers/index.js';
import { AREAS, AREAS_SINCE, DATE, OPERATORS, SITES } from '../coverage/fixtures.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

/** Which clusters fall silent with which sites, as a client sees it. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas([...AREAS, ...AREAS_SINCE]);
  await app.app.get(OperatorsService).importOperators(OPERATORS);
  await app.app.get(SitesWriter).importSites(
    SITES.map((site) => ({ ...site, backhaulGroup: `RING-${site.code}`, powerGroup: 'PWR-1' })),
    { date: DATE },
  );
  const [commune] = await app.database.dataSource.query<{ id: string }[]>(
    `select id from areas where code = 'c1' and valid_to is not null`,
  );
  const cluster = (id: string, changes: Partial<ClusterImport>): ClusterImport => ({
    id,
    name: id,
    lon: 105.452,
    lat: 9.752,
    areaId: commune?.id ?? '',
    horns: [],
    uplink: '4G',
    source: 'synthetic demo',
    ...changes,
  });
  await app.app
    .get(ClusterService)
    .importClusters([
      cluster('k-fibre', { uplink: 'fibre', uplinkOperator: 'viettel' }),
      cluster('k-nobody', { uplink: null }),
      cluster('k-vnpt', { lon: 105.551, lat: 9.781, uplinkOperator: 'VNPT' }),
      cluster('k-viettel', { uplinkOperator: 'viettel' }),
      cluster('k-told', { uplinkOperator: 'viettel', uplinkSiteCode: 'S3' }),
      cluster('k-idle', { uplinkOperator: 'viettel', active: false }),
    ]);
});
afterAll(() => app?.stop());

/** What this file looks at of the answers. */
interface Answer {
  id: string;
  finishedAt: string | null;
  run: { id: string; probability: number } | null;
  counts: Record<string, number>;
  clusters: { clusterId: string; fate: string; reason: string; messageVi: string }[];
  items: {
    clusterId: string;
    operator: string | null;
    servers: { siteCode: string }[] | null;
    singleSite: boolean | null;
  }[];
  nextCursor: string | null;
  errors: { field: string }[];
  consequences: { loudspeakerClusters: Answer };
}

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${app.adminToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer };
}
const fates = ({ clusters }: Answer) =>
  clusters.map(({ clusterId, fate, reason }) => `${clusterId} ${fate} ${reason}`);

test('clusters by what serves them, before and after there is a coverage run', async () => {
  const before = await ask('POST', '/dependence/outage', { sites: ['S1'] });
  expect(before).toMatchObject({
    status: 200,
    body: { run: null, counts: { clusters: 5, silent: 0, unknown: 3 } },
  });
  expect(fates(before.body)).toEqual([
    'k-nobody unknown UPLINK_UNKNOWN',
    'k-viettel unknown NO_PREDICTION',
    'k-vnpt unknown NO_PREDICTION',
  ]);

  const order = { boundaryDate: DATE, networkDate: DATE, resolution: 8, environments: ['outdoor'] };
  const { body: run } = await ask('POST', '/coverage/runs', order);
  await until(async () => (await ask('GET', `/coverage/runs/${run.id}`)).body.finishedAt !== null, {
    what: 'the run ends',
  });

  const site = await ask('GET', '/dependence/sites/S1');
  expect(site.body).toMatchObject({
    run: { id: run.id, probability: 0.9 },
    counts: { silent: 1, unaffected: 3 },
  });
  expect(fates(site.body)).toEqual(['k-viettel silent ALL_SERVING_SITES', 'k-nobody unknown UPLINK_UNKNOWN']);
  expect(site.body.clusters[0]?.messageVi).toContain('4G');

  // The outage answer of coverage tells of the clusters as well.
  const outage = await ask('POST', `/coverage/runs/${run.id}/outage`, { sites: ['S1'] });
  expect(fates(outage.body.consequences.loudspeakerClusters)).toEqual(fates(site.body));

  expect(fates((await ask('POST', '/dependence/outage', { backhaulGroup: 'RING-S2' })).body)).toEqual([
    'k-vnpt silent ALL_SERVING_SITES',
    'k-nobody unknown UPLINK_UNKNOWN',
  ]);
  expect((await ask('POST', '/dependence/outage', { powerGroup: 'PWR-1' })).body.counts.silent).toBe(3);
  expect(fates((await ask('POST', '/dependence/outage', { operator: 'viettel' })).body)).toEqual([
    'k-told silent OPERATOR',
    'k-viettel silent OPERATOR',
    'k-nobody unknown UPLINK_UNKNOWN',
  ]);

  expect(fates((await ask('GET', '/dependence/sites/S3')).body)).toEqual([
    'k-told silent REPORTED_SITE',
    'k-nobody unknown UPLINK_UNKNOWN',
  ]);
  const told = await ask('PATCH', '/clusters/k-viettel', {
    uplinkSiteCode: 'S3',
    horns: [{ powerW: 30, azimuthDeg: 0, sensitivityDb: 112 }],
  });
  expect(told).toMatchObject({
    status: 200,
    body: { uplinkSiteCode: 'S3', horns: [{ powerW: 30, azimuthDeg: 0, sensitivityDb: 112 }] },
  });
  expect((await ask('GET', '/dependence/sites/S1')).body.counts.silent).toBe(0);
  expect((await ask('PATCH', '/clusters/k-viettel', { uplinkSiteCode: null })).status).toBe(200);

  const page = (await ask('GET', '/dependence/clusters?limit=4')).body;
  expect(page.items.map(({ clusterId, singleSite }) => [clusterId, singleSite])).toEqual([
    ['k-fibre', null],
    ['k-nobody', null],
    ['k-told', true],
    ['k-viettel', true],
  ]);
  expect(page.items[3]?.servers).toMatchObject([{ siteCode: 'S1' }]);
  const rest = (await ask('GET', `/dependence/clusters?cursor=${page.nextCursor}`)).body;
  expect(rest.items).toMatchObject([
    { clusterId: 'k-vnpt', operator: 'vnpt', servers: [{ siteCode: 'S2' }] },
  ]);
});

test.each<[string, string, object | undefined, number, string]>([
  ['POST', '/dependence/outage', {}, 400, 'sites'],
  ['POST', '/dependence/outage', { sites: ['S1', 'nowhere'] }, 400, 'sites.1'],
  ['POST', '/dependence/outage', { operator: 'nobody' }, 400, 'operator'],
  ['POST', '/dependence/outage', { backhaulGroup: 'none' }, 400, 'backhaulGroup'],
  ['POST', '/dependence/outage', { powerGroup: 'none' }, 400, 'powerGroup'],
  ['POST', '/dependence/outage', { mast: 'S1' }, 400, 'mast'],
  ['GET', '/dependence/sites/nowhere', undefined, 404, ''],
])('%s %s %j answers %i about "%s"', async (method, path, body, status, field) => {
  const answer = await ask(method, path, body);
  expect(answer.status).toBe(status);
  if (field) expect(answer.body.errors.map((e) => e.field)).toContain(field);
});
