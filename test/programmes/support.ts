import { AreasWriter } from '../../src/modules/areas/index.js';
import { makeChime } from '../../src/modules/media/index.js';
import { ClusterService } from '../../src/modules/speakers/index.js';
import { formatLocal, localOf } from '../../src/modules/programmes/domain/local-time.js';
import type { PlanItem } from '../../src/contract/index.js';
import { createIdentityApp, type Answer, type IdentityApp, type Method } from '../identity/identity-app.js';

export interface ProgrammesApp extends IdentityApp {
  /** The hash of a chime of a second and a half. */
  sha256: string;
  units: { province: string; here: string; there: string };
  tokens: Record<'author' | 'approver' | 'elsewhere' | 'viewer', string>;
  as(who: keyof ProgrammesApp['tokens'], method: Method, path: string, body?: object): Promise<Answer>;
  query<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  /** The plan that a cluster has been sent last. */
  planOf(clusterId: string): Promise<PlanItem[]>;
}

/** Two communes, three clusters here (one of them always quiet) and one there, and who writes and who approves. */
export async function createProgrammesApp(): Promise<ProgrammesApp> {
  const test = await createIdentityApp();
  const { app } = test;
  const unit = { validFrom: '2000-01-01', validTo: null };
  await app.get(AreasWriter).importAreas([
    { ...unit, code: '93', kind: 'province', type: 'Tỉnh', name: 'Hậu Giang', parentCode: null },
    { ...unit, code: '31318', kind: 'commune', type: 'Phường', name: 'I', parentCode: '93' },
    { ...unit, code: '31321', kind: 'commune', type: 'Phường', name: 'III', parentCode: '93' },
  ]);
  const query = <T>(sql: string, parameters: unknown[] = []) =>
    test.database.dataSource.query<T[]>(sql, parameters);
  const idOf = async (code: string) =>
    (await query<{ id: string }>(`select id from areas where code = $1`, [code]))[0]!.id;
  const units = { province: await idOf('93'), here: await idOf('31318'), there: await idOf('31321') };
  const horns = [{ powerW: 30, azimuthDeg: 0 }];
  const cluster = { name: 'Cụm', lon: 105.47, lat: 9.78, horns, source: 'test', areaId: units.here };
  await app.get(ClusterService).importClusters([
    { ...cluster, id: 'loa-1', quietHours: [] },
    { ...cluster, id: 'loa-2', quietHours: [] },
    { ...cluster, id: 'loa-quiet', quietHours: [{ from: '00:00', to: '12:30' }] },
    { ...cluster, id: 'loa-there', areaId: units.there, quietHours: [] },
  ]);
  const form = new FormData();
  form.set('title', 'Nhạc hiệu');
  form.set('file', new Blob([new Uint8Array(makeChime())]), 'chime.wav');
  const stored = await fetch(`${test.url}/api/v1/media`, {
    method: 'POST',
    headers: { authorization: `Bearer ${test.adminToken}` },
    body: form,
  });
  const { sha256 } = (await stored.json()) as { sha256: string };
  const tokens = {
    author: (await test.signedIn('author', ['broadcaster'], units.here)).token,
    approver: (await test.signedIn('approver', ['approver', 'broadcaster'], units.here)).token,
    elsewhere: (await test.signedIn('elsewhere', ['broadcaster', 'approver'], units.there)).token,
    viewer: (await test.signedIn('viewer', ['viewer'])).token,
  };
  return {
    ...test,
    sha256,
    units,
    tokens,
    query,
    as: (who, method, path, body) =>
      test.call(method, path, { token: tokens[who], ...(body ? { body } : {}) }),
    planOf: async (clusterId) => {
      const [row] = await query<{ plan: PlanItem[] }>(
        `select payload->'plan' as plan from outbox where topic like $1 order by id desc limit 1`,
        [`%/${clusterId}/desired`],
      );
      return row?.plan ?? [];
    },
  };
}

/** Local time of a day that is so many days from today: never in the past for 1 and more. */
export function localDay(days: number, time: string): string {
  return `${formatLocal(localOf(Date.now() + days * 24 * 3600_000)).slice(0, 10)}T${time}`;
}

export const once = (startsAt: string) => ({ startsAt, rrule: null, exdates: [], overrides: [] });
export const daily = (startsAt: string) => ({ ...once(startsAt), rrule: 'FREQ=DAILY' });
