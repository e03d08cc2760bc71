import fc from 'fast-check';
import { FATES, verdictOf, type ClusterUplink, type Failure } from './dependence.js';

const uplink = (changes: Partial<ClusterUplink> = {}): ClusterUplink => ({
  clusterId: 'k',
  kind: '4G',
  operator: 'viettel',
  siteCode: null,
  servers: [
    { siteCode: 'S1', levelDbm: -80 },
    { siteCode: 'S2', levelDbm: -95 },
  ],
  ...changes,
});
const failure = (siteCodes: string[], operators: string[] = []): Failure => ({
  siteCodes: new Set(siteCodes),
  operators: new Set(operators),
});

test.each<[string, Partial<ClusterUplink>, Failure, string, string, string | null]>([
  ['its network', {}, failure([], ['viettel']), 'silent', 'OPERATOR', null],
  ['another network', {}, failure([], ['vnpt']), 'unaffected', 'OTHER_SITES', null],
  [
    'another network, nothing predicted',
    { servers: null },
    failure([], ['vnpt']),
    'unaffected',
    'OTHER_SITES',
    null,
  ],
  ['its best site', {}, failure(['S1']), 'moves', 'BEST_SITE', 'S2'],
  ['its second site', {}, failure(['S2']), 'unaffected', 'OTHER_SITES', null],
  ['both sites', {}, failure(['S1', 'S2']), 'silent', 'ALL_SERVING_SITES', null],
  ['a reported site', { siteCode: 'S9' }, failure(['S9']), 'silent', 'REPORTED_SITE', null],
  [
    'what is predicted, not reported',
    { siteCode: 'S9' },
    failure(['S1', 'S2']),
    'unaffected',
    'OTHER_SITES',
    null,
  ],
  ['a site, by fibre', { kind: 'fibre' }, failure(['S1', 'S2'], ['viettel']), 'unaffected', 'FIBRE', null],
  [
    'a reported site, by fibre',
    { kind: 'fibre', siteCode: 'S1' },
    failure(['S1']),
    'silent',
    'REPORTED_SITE',
    null,
  ],
  ['a site, somehow', { kind: null }, failure(['S1']), 'unknown', 'UPLINK_UNKNOWN', null],
  ['a site, of whomever', { operator: null }, failure(['S1']), 'unknown', 'OPERATOR_UNKNOWN', null],
  [
    'a network, of whomever',
    { operator: null },
    failure([], ['viettel']),
    'unknown',
    'OPERATOR_UNKNOWN',
    null,
  ],
  ['a site without a run', { servers: null }, failure(['S1']), 'unknown', 'NO_PREDICTION', null],
  ['a site where none serves', { servers: [] }, failure(['S1']), 'unknown', 'NOT_SERVED', null],
])('a cluster that loses %s', (_what, changes, failed, fate, reason, nextSite) => {
  expect(verdictOf(uplink(changes), failed)).toMatchObject({ fate, reason, nextSite });
});

test('more failures never bring a cluster back', () => {
  const sites = fc.uniqueArray(fc.constantFrom('S1', 'S2', 'S3', 'S4'));
  fc.assert(
    fc.property(sites, sites, fc.constantFrom('4G', 'fibre', null), (served, failed, kind) => {
      const cluster = uplink({ kind, servers: served.map((siteCode) => ({ siteCode, levelDbm: -90 })) });
      const order = ['unaffected', 'moves', 'silent'];
      const fates = failed.map((_, n) => verdictOf(cluster, failure(failed.slice(0, n + 1))).fate);
      expect(fates.every((fate) => FATES.includes(fate))).toBe(true);
      const known = fates.filter((fate) => fate !== 'unknown').map((fate) => order.indexOf(fate));
      expect(known).toEqual(known.toSorted((a, b) => a - b));
    }),
  );
});
