import type { SiteInput } from '../../src/modules/sites/index.js';
import { openRegisterApi, type RegisterApi } from './api-client.js';

/** Counts, sharing, certificates and the list of what to improve, over HTTP. */
const radio = {
  frequencyMhz: 1815,
  bandwidthMhz: 20,
  antennaHeightM: 40,
  txPowerDbm: 46,
  gainDbi: 17,
  feederLossDb: 0.5,
  verticalBeamwidthDeg: 7,
  mechanicalTiltDeg: 0,
  electricalTiltDeg: 4,
};
const cell = (code: string, operatorCode: string, technology: '4G' | '5G' = '4G') => ({
  code,
  operatorCode,
  technology,
  ...radio,
});
const SITES: SiteInput[] = [
  {
    code: 'A',
    name: 'A',
    lon: 105.45,
    lat: 9.75,
    ownerCode: 'viettel',
    backhaul: 'fibre',
    certificateExpiresOn: '2026-01-31',
    cells: [cell('1', 'viettel'), cell('2', 'viettel'), cell('3', 'vnpt'), cell('4', 'vnpt', '5G')],
  },
  // About 11 m north of A, with a network that A carries too.
  {
    code: 'B',
    name: 'B',
    lon: 105.45,
    lat: 9.7501,
    ownerCode: 'vnpt',
    backhaul: 'microwave',
    certificateExpiresOn: '2026-05-01',
    assumedFields: ['lon', 'lat'],
    cells: [
      { ...cell('1', 'vnpt'), assumedFields: ['electricalTiltDeg'], gainDbi: null },
      { ...cell('2', 'vnpt'), assumedFields: ['electricalTiltDeg'] },
    ],
  },
  // About 22 m north of B: nothing in common with it.
  { code: 'C', name: 'C', lon: 105.45, lat: 9.7503, ownerCode: 'viettel', tenantCodes: ['viettel'] },
  {
    code: 'D',
    name: 'D',
    lon: 105.65,
    lat: 9.75,
    lifecycle: 'planned',
    certificateExpiresOn: '2020-01-01',
    cells: [{ code: '1', operatorCode: 'vnpt', technology: '4G' }],
  },
];

let r: RegisterApi;
beforeAll(async () => {
  r = await openRegisterApi(SITES);
});
afterAll(async () => r?.app.stop());

interface Counts {
  items: { values: Record<string, string | null>; names: object; sites: number; cells: number }[];
}
const counts = async (query: string) =>
  (await r.get<Counts>(`sites/counts?${query}`)).body.items.map(
    ({ values, sites, cells }) => `${Object.values(values).join(' ')}: ${sites}/${cells}`,
  );

it.each([
  ['by=operator', ['viettel: 2/2', 'vnpt: 3/5']],
  ['by=operator,technology', ['viettel 4G: 1/2', 'vnpt 4G: 3/4', 'vnpt 5G: 1/1']],
  ['by=technology&operator=vnpt', ['4G: 3/4', '5G: 1/1']],
  ['by=operator&operator=viettel', ['viettel: 2/2']],
  ['by=status', ['active: 3/6', 'planned: 1/1']],
  ['by=backhaul', ['fibre: 1/4', 'microwave: 1/2', ': 2/1']],
  ['by=tenants', ['1: 3/3', '2: 1/4']],
  ['by=certificate&date=2026-03-01&within=90d', ['due: 1/2', 'expired: 2/5', 'none: 1/0']],
  ['by=certificate&date=2026-03-01&within=30d&unit=c1', ['expired: 1/4', 'none: 1/0', 'valid: 1/2']],
  ['by=commune,owner&date=2025-06-30', ['c1 viettel: 2/4', 'c1 vnpt: 1/2', 'c3 : 1/1']],
  ['by=district&date=2025-06-30', ['d1: 3/6', 'd2: 1/1']],
  ['by=district', [': 4/7']],
  ['by=province', ['p2: 4/7']],
])('counts %s', async (query, expected) => {
  expect(await counts(query)).toEqual(expected);
});

it('names the units that it counts by', async () => {
  const { body } = await r.get<Counts>('sites/counts?by=commune&date=2025-06-30');
  expect(body.items[0]?.names).toEqual({ commune: 'Xã Vị Tân' });
});

it('sums up sharing, 5G to 4G, and backhaul', async () => {
  expect((await r.get('sites/summary')).body).toEqual({
    sites: 4,
    cells: 7,
    sitesWith4g: 3,
    sitesWith5g: 1,
    cells4g: 6,
    cells5g: 1,
    ratio5gTo4g: 0.3333,
    fibreBackhaul: 1,
    otherBackhaul: 1,
    unknownBackhaul: 2,
    tenants: 5,
    tenantsPerMast: 1.25,
    shared: 1,
    coLocated: 3,
  });
  expect((await r.get('sites/summary?unit=c3&date=2025-06-30')).body).toMatchObject({
    sites: 1,
    coLocated: 0,
  });
  expect((await r.get('sites/summary?q=nothing')).body).toMatchObject({
    sites: 0,
    ratio5gTo4g: null,
    tenantsPerMast: null,
  });
});

interface Pairs {
  items: { codes: [string, string]; distanceM: number; sharedNetworks: string[] }[];
  nextCursor: string | null;
}
it('finds sites that stand near to each other', async () => {
  const pairs = async (query: string) =>
    (await r.get<Pairs>(`sites/duplicates?${query}`)).body.items.map(({ codes }) => codes.join('-'));
  expect(await pairs('')).toEqual(['A-B']);
  expect(await pairs('withinM=50')).toEqual(['A-B', 'A-C']);
  expect(await pairs('kind=co-located')).toEqual(['B-C']);
  expect(await pairs('kind=any&withinM=1000')).toEqual(['A-B', 'B-C', 'A-C']);
  expect(await pairs('unit=c3&date=2025-06-30')).toEqual([]);
  const first = await r.get<Pairs>('sites/duplicates?kind=any&withinM=50&limit=1');
  expect(first.body.items[0]).toMatchObject({
    sharedNetworks: ['vnpt'],
    distanceM: expect.closeTo(11.06, 1),
  });
  expect(await pairs(`kind=any&withinM=50&cursor=${first.body.nextCursor}`)).toEqual(['B-C', 'A-C']);
});

interface Due {
  items: { code: string; state: string; daysLeft: number | null }[];
  nextCursor: string;
}
it('lists the certificates that are due', async () => {
  const due = async (query: string) =>
    (await r.get<Due>(`sites/certificates/due?date=2026-03-01&${query}`)).body.items.map(
      ({ code, state, daysLeft }) => `${code} ${state} ${daysLeft}`,
    );
  expect(await due('within=90d')).toEqual(['A expired -29', 'B due 61', 'C none null']);
  expect(await due('within=60')).toEqual(['A expired -29', 'C none null']);
  expect(await due('owner=vnpt')).toEqual(['B due 61']);
  expect(await due('unit=c9')).toEqual([]);
  const first = await r.get<Due>('sites/certificates/due?date=2026-03-01&limit=2');
  expect(await due(`limit=2&cursor=${first.body.nextCursor}`)).toEqual(['C none null']);
});

interface Improve {
  items: { code: string; score: number; assumed: object[]; missing: object[] }[];
  nextCursor: string;
}
it('ranks what to improve by how many cells it touches', async () => {
  const { body } = await r.get<Improve>('sites/to-improve');
  expect(body.items.map(({ code, score }) => `${code} ${score}`)).toEqual(['D 9', 'B 7']);
  expect(body.items[1]).toMatchObject({
    assumed: [
      { field: 'electricalTiltDeg', count: 2 },
      { field: 'lat', count: 2 },
      { field: 'lon', count: 2 },
    ],
    missing: [{ field: 'gainDbi', count: 1 }],
  });
  const first = await r.get<Improve>('sites/to-improve?limit=1');
  const rest = await r.get<Improve>(`sites/to-improve?cursor=${first.body.nextCursor}`);
  expect(rest.body).toMatchObject({ items: [{ code: 'B' }], nextCursor: null });
  expect((await r.get<Improve>('sites/to-improve?confidence=confirmed')).body.items).toEqual([]);
});

it.each([
  ['by', 'counts'],
  ['by', 'counts?by=colour'],
  ['by', 'counts?by=operator,owner,status,power'],
  ['within', 'counts?by=certificate&within=soon'],
  ['within', 'certificates/due?within=99999'],
  ['withinM', 'duplicates?withinM=1001'],
  ['kind', 'duplicates?kind=twin'],
  ['cursor', `duplicates?cursor=${Buffer.from('[1,"A"]').toString('base64url')}`],
  ['cursor', `certificates/due?cursor=${Buffer.from('["2026-02-31","A"]').toString('base64url')}`],
  ['cursor', `to-improve?cursor=${Buffer.from('["x","A"]').toString('base64url')}`],
  ['coLocatedWithinM', 'summary?coLocatedWithinM=x'],
])('refuses a wrong %s: %s', async (field, path) => {
  const answer = await r.get<{ errors: { field: string }[] }>(`sites/${path}`);
  expect(answer.status).toBe(400);
  expect(answer.body.errors[0]?.field).toBe(field);
});
