import fc from 'fast-check';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus } from '../../src/common/events/event-bus.js';
import { AreasService } from '../../src/modules/areas/index.js';
import { DELIVERY_STATES } from '../../src/modules/broadcasts/index.js';
import { periodOfDays, periodOfMonth } from '../../src/modules/reports/domain/period.js';
import { GROUPINGS, type PlayProof } from '../../src/modules/reports/report.types.js';
import { ReportsReader } from '../../src/modules/reports/reports.reader.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { addPlays, makeWorld, OTHER, type PlayFixture, type Query, type ReportWorld } from './support.js';

let database: TestDatabase;
let query: Query;
let world: ReportWorld;
let reports: ReportsReader;
beforeAll(async () => {
  database = await createTestDatabase();
  query = <T>(sql: string, parameters: unknown[] = []) => database.dataSource.query<T[]>(sql, parameters);
  world = await makeWorld(query);
  const uow = new UnitOfWork(database.dataSource, new EventBus(() => undefined));
  reports = new ReportsReader(uow, new AreasService(uow));
});
afterAll(() => database?.stop());
beforeEach(async () => {
  for (const table of ['deliveries', 'programme_occurrences', 'occurrences', 'broadcasts', 'cluster_twins'])
    await query(`delete from ${table}`);
});

const march = periodOfMonth('2025-03');
const april = periodOfMonth('2025-04');
const play = (clusterId: string, startsAt: string, more: Partial<PlayFixture> = {}): PlayFixture => ({
  clusterId,
  areaId: ['loa-1', 'loa-2', 'loa-3'].includes(clusterId) ? world.units.west : world.units.east,
  startsAt,
  state: 'FINISHED',
  startedAt: startsAt,
  ...more,
});
const lines = async (...[scope, groupBy]: Parameters<ReportsReader['report']>) =>
  (await reports.report(scope, groupBy)).lines.map(({ total, finished, ...line }) => ({
    ...Object.fromEntries(Object.entries(line).filter(([name]) => /Code$|month|Title$|clusterId/.test(name))),
    total,
    finished,
  }));

it('counts each play in the unit of its day, and, when asked, in the units of another day', async () => {
  await addPlays(query, [
    play('loa-1', '2025-03-10T22:00:00Z'),
    play('loa-2', '2025-03-10T22:00:00Z', { state: 'MISSED', startedAt: null }),
    play('loa-4', '2025-03-31T16:59:59Z'),
    // Planned before the reform, heard on its first day.
    play('loa-1', '2025-03-31T17:00:00Z'),
    play('loa-4', '2025-04-02T22:00:00Z', { areaId: world.units.merged }),
  ]);
  expect(await lines({ period: march }, ['unit'])).toEqual([
    { unitCode: '31318', total: 2, finished: 1 },
    { unitCode: '31321', total: 1, finished: 1 },
  ]);
  expect(await lines({ period: april }, ['unit'])).toEqual([{ unitCode: '31338', total: 2, finished: 2 }]);
  // The old month by the new units, and the new month by the old ones.
  expect(await lines({ period: march, unitsOn: '2025-04-01' }, ['unit'])).toEqual([
    { unitCode: '31338', total: 3, finished: 2 },
  ]);
  expect(await lines({ period: april, unitsOn: '2025-03-31' }, ['district', 'unit'])).toEqual([
    { districtCode: '930', unitCode: '31318', total: 1, finished: 1 },
    { districtCode: '930', unitCode: '31321', total: 1, finished: 1 },
  ]);
  // A unit means what it meant in the period, or on the day whose units count.
  expect(await lines({ period: march, unit: '930' }, ['month'])).toEqual([
    { month: '2025-03', total: 3, finished: 2 },
  ]);
  expect(await lines({ period: march, unit: '31338', unitsOn: '2025-04-01' }, ['cluster'])).toEqual([
    { clusterId: 'loa-1', total: 1, finished: 1 },
    { clusterId: 'loa-2', total: 1, finished: 0 },
    { clusterId: 'loa-4', total: 1, finished: 1 },
  ]);
  await expect(reports.report({ period: march, unit: '31338' }, ['unit'])).rejects.toMatchObject({
    status: 404,
  });
  expect(await lines({ period: march, unit: world.units.merged }, ['unit'])).toEqual([]);
  // Before there were any units nobody knows where a cluster would have been.
  expect(await lines({ period: march, unitsOn: '1950-01-01' }, ['unit'])).toEqual([
    { unitCode: null, total: 3, finished: 2 },
  ]);
});

it('says unknown with the age of the last word, and when media is there', async () => {
  await query(
    `insert into cluster_twins (cluster_id, last_seen_at, reported)
     values ('loa-1', '2025-03-12T00:00:00Z', $1), ('loa-2', '2025-03-11T00:00:00Z', null)`,
    [JSON.stringify({ media: { ready: ['a'.repeat(64)] } })],
  );
  const silent = { state: 'UNKNOWN', startedAt: null } as const;
  const planned = { state: 'PLANNED', startedAt: null } as const;
  await addPlays(query, [
    play('loa-1', '2025-03-10T22:00:00Z', silent),
    play('loa-2', '2025-03-10T22:00:00Z', silent),
    play('loa-4', '2025-03-10T22:00:00Z', silent),
    play('loa-1', '2025-03-20T22:00:00Z', planned),
    play('loa-2', '2025-03-20T22:00:00Z', planned),
    play('loa-4', '2025-03-20T22:00:00Z', planned),
    play('loa-5', '2025-03-20T22:00:00Z', { sha256Played: OTHER }),
  ]);
  const { total } = await reports.report({ period: march }, ['unit']);
  expect(total).toMatchObject({
    total: 7,
    byState: { UNKNOWN: 3, PLANNED: 3, FINISHED: 1 },
    settled: 4,
    mediaReady: 2,
    otherAudio: 1,
    unknownNeverHeard: 1,
    unknownHeardAt: new Date('2025-03-11T00:00:00Z'),
  });
  const { items } = await reports.plays({ period: march }, { limit: 100 });
  const told = items.map(({ clusterId, state, mediaReady, clusterHeardAt }) => [
    clusterId,
    state,
    mediaReady,
    clusterHeardAt?.toISOString() ?? null,
  ]);
  expect(told.sort()).toEqual([
    ['loa-1', 'PLANNED', true, '2025-03-12T00:00:00.000Z'],
    ['loa-1', 'UNKNOWN', null, '2025-03-12T00:00:00.000Z'],
    ['loa-2', 'PLANNED', null, '2025-03-11T00:00:00.000Z'],
    ['loa-2', 'UNKNOWN', null, '2025-03-11T00:00:00.000Z'],
    ['loa-4', 'PLANNED', null, null],
    ['loa-4', 'UNKNOWN', null, null],
    ['loa-5', 'FINISHED', true, null],
  ]);
});

it('proves each play with the clock of the cluster and its offset, and who approved it', async () => {
  await addPlays(query, [
    play('loa-1', '2025-03-10T22:00:00Z', {
      programmeId: world.programmes.morning,
      startedAt: '2025-03-10T22:00:02.500Z',
      clockOffsetMs: 1500,
      approvedBy: 'tran.thi.b',
    }),
    play('loa-2', '2025-03-11T22:00:00Z', { title: 'Thông báo', class: 'EMERGENCY' }),
  ]);
  const { items } = await reports.plays({ period: march }, { limit: 100 });
  expect(items).toMatchObject([
    {
      programmeTitle: 'Bản tin sáng',
      startedAt: new Date('2025-03-10T22:00:02.500Z'),
      startedAtTrue: new Date('2025-03-10T22:00:01.000Z'),
      clockOffsetMs: 1500,
      sha256Ordered: 'a'.repeat(64),
      sha256Played: 'a'.repeat(64),
      volumePercent: 70,
      approvedBy: 'tran.thi.b',
      createdBy: 'nguyen.van.a',
    },
    { title: 'Thông báo', programmeId: null, startedAtTrue: null, approvedBy: null },
  ]);
  const scope = { period: march, programmeId: world.programmes.morning };
  expect(await lines(scope, ['programme'])).toEqual([
    { programmeTitle: 'Bản tin sáng', total: 1, finished: 1 },
  ]);
  expect(await lines({ period: march, class: 'EMERGENCY' }, ['programme'])).toEqual([
    { programmeTitle: null, total: 1, finished: 1 },
  ]);
});

it('names the occurrences that no cluster was ever sent', async () => {
  await query(
    `insert into programme_occurrences (programme_id, recurrence_id, starts_at, state, content_hash, code, reason_en,
                                        reason_vi, changed_at)
     values ($1, '2025-03-10T05:00:00', '2025-03-09T22:00:00Z', 'REFUSED', 'x', 'QUIET_HOURS', 'quiet', 'giờ yên tĩnh', now()),
            ($1, '2025-04-10T05:00:00', '2025-04-09T22:00:00Z', 'MISSED', 'x', null, null, null, now())`,
    [world.programmes.morning],
  );
  const { neverBroadcast, total } = await reports.report({ period: march, unit: '31318' }, ['unit']);
  expect(total.total).toBe(0);
  expect(neverBroadcast).toMatchObject([
    { programmeTitle: 'Bản tin sáng', unitCode: '31318', state: 'REFUSED', code: 'QUIET_HOURS' },
  ]);
  expect((await reports.report({ period: march, unit: '31321' }, ['unit'])).neverBroadcast).toEqual([]);
});

it('adds up: whatever it is broken down by, no play is left out and none is counted twice', async () => {
  const anyPlay = fc.record({
    cluster: fc.integer({ min: 1, max: 5 }),
    startsAt: fc
      .date({
        min: new Date('2025-02-27T00:00:00Z'),
        max: new Date('2025-05-02T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((at) => at.toISOString()),
    state: fc.constantFrom(...DELIVERY_STATES),
    programme: fc.constantFrom('morning', 'evening', null),
    class: fc.constantFrom('NORMAL', 'EMERGENCY'),
  });
  const groupings = fc.uniqueArray(fc.constantFrom(...GROUPINGS), { minLength: 1 });
  const period = periodOfDays('2025-03-01', '2025-04-30');
  await fc.assert(
    fc
      .asyncProperty(
        fc.uniqueArray(anyPlay, {
          maxLength: 40,
          selector: ({ cluster, startsAt, programme }) => `${cluster} ${startsAt} ${programme}`,
        }),
        groupings,
        fc.constantFrom(undefined, '2025-03-31', '2025-04-01'),
        async (made, groupBy, unitsOn) => {
          const fixtures = made.map(({ cluster, programme, ...one }) =>
            play(`loa-${cluster}`, one.startsAt, {
              state: one.state,
              startedAt: ['FINISHED', 'STARTED', 'INTERRUPTED'].includes(one.state) ? one.startsAt : null,
              // A broadcast of a programme has one class.
              ...(programme === null
                ? { class: one.class as 'NORMAL' }
                : { programmeId: world.programmes[programme] }),
            }),
          );
          await addPlays(query, fixtures);
          const inside = fixtures.filter(({ startsAt }) => {
            const atMs = Date.parse(startsAt);
            return atMs >= period.fromMs && atMs < period.toMs;
          });
          const { lines: found, total } = await reports.report({ period, unitsOn }, groupBy);
          expect(total.total).toBe(inside.length);
          for (const state of DELIVERY_STATES)
            expect([state, total.byState[state]]).toEqual([
              state,
              inside.filter((one) => one.state === state).length,
            ]);
          for (const line of [...found, total]) {
            expect(Object.values(line.byState).reduce((sum, count) => sum + count, 0)).toBe(line.total);
            expect(line.finished).toBe(line.byState['FINISHED']);
            expect(line.sent).toBeGreaterThanOrEqual(line.accepted);
            expect(line.accepted).toBeGreaterThanOrEqual(line.started);
            expect(line.started).toBeGreaterThanOrEqual(line.finished);
          }
          // Every play comes once in the list as well, page by page.
          const all: PlayProof[] = [];
          for (let cursor: string | undefined; ;) {
            const page = await reports.plays({ period, unitsOn }, { limit: 7, cursor });
            all.push(...page.items);
            if (page.nextCursor === null) break;
            cursor = page.nextCursor;
          }
          expect(new Set(all.map(({ playId }) => playId)).size).toBe(inside.length);
          expect(all).toHaveLength(inside.length);
        },
      )
      .beforeEach(async () => {
        for (const table of ['deliveries', 'programme_occurrences', 'occurrences', 'broadcasts'])
          await query(`delete from ${table}`);
      }),
    { numRuns: Number(process.env.RUNS ?? 25) },
  );
});
