import { playIdOf, type CommandMessage } from '../../src/contract/index.js';
import type { Announcement } from '../../src/modules/broadcasts/index.js';
import { clusterRow } from '../speakers/support.js';
import {
  ack,
  actorWith,
  addClusters,
  commandsIn,
  createBroadcastWorld,
  deliveriesOf,
  log,
  plansIn,
  problemOf,
  relay,
  type BroadcastWorld,
} from './support.js';

let world: BroadcastWorld;
const ADMIN = actorWith('administrator');

beforeAll(async () => {
  world = await createBroadcastWorld();
});
afterAll(() => world?.stop());
beforeEach(async () => {
  await world.query(`truncate deliveries, occurrences, broadcasts cascade`);
  await world.query(`truncate clusters, cluster_groups cascade`);
  await world.query(`truncate outbox`);
  await addClusters(world, ['loa-1', 'loa-2', 'loa-3']);
  world.changes.length = 0;
});

const announcement = (more: Partial<Announcement> = {}): Announcement => ({
  title: 'Lịch tiêm chủng',
  sha256: world.tone.sha256,
  target: { all: true },
  ...more,
});
const announce = (more: Partial<Announcement> = {}, actor = ADMIN) =>
  world.broadcasts.announce(actor, announcement(more));
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
const stateOf = async (id: string, clusterId: string) =>
  (await deliveriesOf(world, id)).find((delivery) => delivery.clusterId === clusterId)?.state;

describe('an announcement at once', () => {
  it('is one delivery and one command for each cluster, under the id of the play', async () => {
    const broadcast = await announce({ repeat: 2, volumePercent: 80 });
    expect(broadcast).toMatchObject({
      state: 'RUNNING',
      class: 'NORMAL',
      durationS: 1,
      createdBy: 'nguyen.van.a',
      counts: { total: 3, byState: { PLANNED: 3 }, accepted: 0, started: 0, finished: 0, settled: 0 },
    });
    const deliveries = await deliveriesOf(world, broadcast.id);
    expect(deliveries.map(({ playId }) => playId)).toEqual(
      ['loa-1', 'loa-2', 'loa-3'].map((id) => playIdOf(broadcast.id, deliveries[0]!.occurrenceId, id)),
    );
    const commands = commandsIn(await relay(world));
    expect(commands).toHaveLength(3);
    const first = commands.find(({ id }) => id === deliveries[0]!.playId) as CommandMessage & {
      type: 'play';
    };
    expect(first).toMatchObject({
      type: 'play',
      priority: 'NORMAL',
      play: {
        playId: deliveries[0]!.playId,
        broadcastId: broadcast.id,
        class: 'NORMAL',
        repeat: 2,
        volumePercent: 80,
        onInterrupt: 'RESUME',
        media: { sha256: world.tone.sha256, durationS: 1 },
      },
    });
    expect(Date.parse(first.notAfter) - Date.parse(first.issuedAt)).toBeLessThanOrEqual(60_000);
    expect(world.changes).toMatchObject([{ resource: 'broadcast', id: broadcast.id, action: 'create' }]);
  });

  it('is told by the clusters themselves, from sent to finished', async () => {
    const { id } = await announce();
    await relay(world);
    expect(await stateOf(id, 'loa-1')).toBe('SENT');
    const [one, two, three] = await deliveriesOf(world, id);
    await ack(world, 'loa-1', one!.playId, 'ACCEPTED');
    expect(await stateOf(id, 'loa-1')).toBe('ACCEPTED');
    await ack(world, 'loa-1', one!.playId, 'STARTED');
    await log(world, one!, 'started', { volumePercent: 64, clock: { synced: true, offsetMs: -12 } });
    expect(await stateOf(id, 'loa-1')).toBe('STARTED');
    await log(world, one!, 'finished', {
      volumePercent: 64,
      clock: { synced: true, offsetMs: -12 },
      positionS: 1,
    });
    await log(world, two!, 'started');
    await log(world, two!, 'interrupted', { reason: 'OUTRANKED', next: 'RESUME', positionS: 0.4 });
    await ack(world, 'loa-3', three!.playId, 'REJECTED', 'QUIET_HOURS');
    const [first, second, third] = await deliveriesOf(world, id);
    expect(first).toMatchObject({
      state: 'FINISHED',
      settled: true,
      volumePercent: 64,
      clockSynced: true,
      clockOffsetMs: -12,
      sha256Played: world.tone.sha256,
      code: null,
    });
    for (const time of ['sentAt', 'acceptedAt', 'startedAt', 'finishedAt', 'endedAt', 'lastWordAt'] as const)
      expect(first![time]).toBeInstanceOf(Date);
    expect(second).toMatchObject({ state: 'INTERRUPTED', settled: false, code: 'OUTRANKED', endedAt: null });
    expect(third).toMatchObject({
      state: 'REJECTED',
      settled: true,
      code: 'QUIET_HOURS',
      sha256Played: null,
    });
    expect((await world.reader.get(id)).counts).toMatchObject({
      total: 3,
      accepted: 2,
      started: 2,
      finished: 1,
      settled: 2,
    });
  });

  it('does not believe one cluster about the play of another', async () => {
    const { id } = await announce();
    await relay(world);
    const [one] = await deliveriesOf(world, id);
    await log(world, { clusterId: 'loa-2', playId: one!.playId }, 'finished');
    expect(await stateOf(id, 'loa-1')).toBe('SENT');
  });

  it('is EXPIRED where the broker was not reached in time, unless the cluster knows better', async () => {
    const { id } = await announce();
    await relay(world, 'expired');
    expect(await stateOf(id, 'loa-1')).toBe('EXPIRED');
    const [one] = await deliveriesOf(world, id);
    expect(one).toMatchObject({ code: 'NEVER_SENT', sentAt: null });
    await log(world, one!, 'finished');
    expect(await stateOf(id, 'loa-1')).toBe('FINISHED');
  });

  it('is UNKNOWN when nobody has said anything by the time it must be over, and the records still tell', async () => {
    const { id } = await announce();
    await relay(world);
    const [one] = await deliveriesOf(world, id);
    await log(world, one!, 'started');
    await world.settlement.settle();
    expect((await world.reader.get(id)).state).toBe('RUNNING');
    await world.settlement.settle(inHours(1));
    expect(await world.reader.get(id)).toMatchObject({
      state: 'DONE',
      counts: { byState: { UNKNOWN: 3 }, settled: 3 },
    });
    await log(world, one!, 'finished', { positionS: 1 });
    expect(await world.reader.get(id)).toMatchObject({ counts: { byState: { UNKNOWN: 2, FINISHED: 1 } } });
  });

  it('is done when the last cluster is', async () => {
    const { id } = await announce();
    await relay(world);
    for (const play of await deliveriesOf(world, id)) await log(world, play, 'finished');
    await world.settlement.settle();
    const broadcast = await world.reader.get(id);
    expect(broadcast.state).toBe('DONE');
    expect(broadcast.settledAt).toBeInstanceOf(Date);
  });
});

describe('a target', () => {
  it('is what is named, each cluster once', async () => {
    await world.groups.importGroups([
      { id: 'nhom-1', name: 'Nhóm', clusterIds: ['loa-1', 'loa-2'], source: 'test' },
    ]);
    const clustersOf = async (target: Announcement['target']) =>
      (await deliveriesOf(world, (await announce({ target })).id)).map(({ clusterId }) => clusterId);
    expect(await clustersOf({ clusterIds: ['loa-3'] })).toEqual(['loa-3']);
    expect(await clustersOf({ groupIds: ['nhom-1'], clusterIds: ['loa-2'] })).toEqual(['loa-1', 'loa-2']);
    expect(await clustersOf({ areas: ['31318'] })).toEqual(['loa-1', 'loa-2', 'loa-3']);
    expect(await clustersOf({ areas: [world.province] })).toEqual(['loa-1', 'loa-2', 'loa-3']);
  });

  it('is refused with every name that does not exist', async () => {
    const problem = await problemOf(
      announce({ target: { clusterIds: ['loa-1', 'nowhere'], groupIds: ['none'] } }),
    );
    expect(problem).toMatchObject({ status: 400 });
    expect(problem.errors?.map(({ field }) => field)).toEqual(['target.clusterIds.1', 'target.groupIds.0']);
    expect((await problemOf(announce({ target: { areas: ['99999'] } }))).errors?.[0]?.field).toBe(
      'target.areas.0',
    );
    expect(await problemOf(announce({ target: { areas: ['31321'] } }))).toMatchObject({ status: 400 });
    for (const target of [{}, { all: true, areas: ['31318'] }, { clusterIds: [] }])
      expect(await problemOf(announce({ target }))).toMatchObject({ status: 400 });
    expect(await world.query(`select 1 from broadcasts`)).toEqual([]);
    expect(await world.query(`select 1 from outbox`)).toEqual([]);
  });

  it('lies within the jurisdiction of who announces', async () => {
    const other = world.communes[1];
    await world.clusters.importClusters([clusterRow(world, 'loa-4', { areaId: other, quietHours: [] })]);
    const broadcaster = actorWith('broadcaster', other);
    const all = await announce({}, broadcaster);
    expect((await deliveriesOf(world, all.id)).map(({ clusterId }) => clusterId)).toEqual(['loa-4']);
    for (const target of [{ clusterIds: ['loa-1', 'loa-4'] }, { areas: ['93'] }])
      expect(await problemOf(announce({ target }, broadcaster))).toMatchObject({
        status: 403,
        code: 'JURISDICTION',
      });
    const foreign = await announce({ target: { clusterIds: ['loa-1'] } });
    expect(await problemOf(world.broadcasts.stop(broadcaster, foreign.id))).toMatchObject({ status: 403 });
  });
});

describe('what is refused', () => {
  it.each<[string, () => Partial<Announcement>, number, string]>([
    ['an unknown audio file', () => ({ sha256: '0'.repeat(64) }), 400, 'sha256'],
    ['a time in the past', () => ({ startAt: inHours(-1) }), 400, 'startAt'],
    ['a time in years', () => ({ startAt: inHours(24 * 400) }), 400, 'startAt'],
    ['no title', () => ({ title: '   ' }), 400, 'title'],
    ['an EMERGENCY without a reason', () => ({ class: 'EMERGENCY', reason: ' ' }), 400, 'reason'],
  ])('is %s', async (_what, more, status, field) => {
    const problem = await problemOf(announce(more()));
    expect(problem.status).toBe(status);
    expect(problem.errors?.[0]?.field).toBe(field);
  });

  it('is an EMERGENCY by who may not', async () => {
    const planner = { ...actorWith('viewer'), permissions: new Set(['broadcasts:write' as const]) };
    expect(await problemOf(announce({ class: 'EMERGENCY', reason: 'bão' }, planner))).toMatchObject({
      status: 403,
    });
  });

  it('is what would be heard in quiet hours, and only EMERGENCY passes, with its reason in the audit', async () => {
    const always = [{ from: '00:00', to: '00:00' }];
    await world.clusters.importClusters([clusterRow(world, 'loa-q', { quietHours: always })]);
    expect(await problemOf(announce())).toMatchObject({ status: 409, code: 'QUIET_HOURS' });
    expect(await problemOf(announce({ class: 'PRIORITY' }))).toMatchObject({ status: 409 });
    expect(await problemOf(announce({ startAt: inHours(5) }))).toMatchObject({ status: 409 });
    expect(await problemOf(world.broadcasts.announce(null, announcement()))).toMatchObject({ status: 409 });
    world.changes.length = 0;
    await announce({ class: 'EMERGENCY', reason: 'Vỡ đê' });
    expect(world.changes).toMatchObject([{ action: 'create', reason: 'Vỡ đê' }]);
    expect(commandsIn(await relay(world)).map(({ priority }) => priority)).toEqual(
      Array(4).fill('EMERGENCY'),
    );
  });

  it('is a time whose play would reach into the quiet hours', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const night = [{ from: '21:00', to: '05:00' }];
    await world.clusters.importClusters([clusterRow(world, 'loa-q', { quietHours: night })]);
    const target = { clusterIds: ['loa-q'] };
    const at = (time: string) => new Date(`${tomorrow}T${time}+07:00`);
    expect(await problemOf(announce({ target, startAt: at('20:59:50'), repeat: 20 }))).toMatchObject({
      code: 'QUIET_HOURS',
    });
    const late = await announce({ target, startAt: at('20:59:00'), repeat: 20 });
    expect((await deliveriesOf(world, late.id))[0]?.notAfter).toEqual(at('20:59:40'));
  });
});

describe('an announcement at a time', () => {
  it('goes into the plans of the clusters, beside what is there', async () => {
    const first = await announce({ startAt: inHours(3), target: { clusterIds: ['loa-1'] } });
    const second = await announce({ startAt: inHours(2), onOverrun: 'CUT' });
    expect(second).toMatchObject({ state: 'PLANNED', onOverrun: 'CUT', counts: { byState: { PLANNED: 3 } } });
    const sent = await relay(world);
    expect(commandsIn(sent)).toEqual([]);
    const plans = plansIn(sent);
    expect(plans.get('loa-1')?.map(({ broadcastId }) => broadcastId)).toEqual([second.id, first.id]);
    expect(plans.get('loa-2')?.map(({ broadcastId }) => broadcastId)).toEqual([second.id]);
    expect(plans.get('loa-2')?.[0]).toMatchObject({
      startAt: second.startAt!.toISOString(),
      repeat: 1,
      onOverrun: 'CUT',
    });
    expect(plans.get('loa-1')?.[1]).toMatchObject({ onOverrun: 'FINISH' });
    const [one] = await deliveriesOf(world, second.id);
    await log(world, one!, 'started');
    await log(world, one!, 'finished');
    expect(await stateOf(second.id, 'loa-1')).toBe('FINISHED');
  });

  it('loses none of the announcements made at the same time', async () => {
    const made = await Promise.all([1, 2, 3, 4, 5].map((hours) => announce({ startAt: inHours(hours) })));
    const plan = plansIn(await relay(world)).get('loa-2');
    expect(plan?.map(({ broadcastId }) => broadcastId)).toEqual(made.map(({ id }) => id));
  });

  it('waits outside of the plans while it is far off', async () => {
    const { id } = await announce({ startAt: inHours(72), target: { clusterIds: ['loa-1'] } });
    expect(await relay(world)).toEqual([]);
    expect(await world.plans.planComing()).toBe(0);
    await world.query(`update occurrences set starts_at = starts_at - interval '30 hours'`);
    expect(await world.plans.planComing()).toBe(1);
    expect(await world.plans.planComing()).toBe(0);
    expect(
      plansIn(await relay(world))
        .get('loa-1')
        ?.map(({ broadcastId }) => broadcastId),
    ).toEqual([id]);
  });

  it('runs when its time has come', async () => {
    const { id } = await announce({ startAt: inHours(1) });
    await world.settlement.settle();
    expect((await world.reader.get(id)).state).toBe('PLANNED');
    await world.query(`update broadcasts set start_at = now() - interval '1 second'`);
    await world.settlement.settle();
    expect((await world.reader.get(id)).state).toBe('RUNNING');
  });
});

describe('lists', () => {
  it('give broadcasts by state and time, newest first, page by page', async () => {
    const ids: string[] = [];
    for (const hours of [1, 2, 3]) ids.unshift((await announce({ startAt: inHours(hours) })).id);
    ids.unshift((await announce()).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.reader.list({ limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids);
    const planned = await world.reader.list({
      limit: 10,
      state: 'PLANNED',
      from: inHours(1.5),
      to: inHours(2.5),
    });
    expect(planned.items.map(({ id }) => id)).toEqual([ids[2]]);
  });

  it('give deliveries by state, page by page', async () => {
    const { id } = await announce();
    await relay(world);
    const [one] = await deliveriesOf(world, id);
    await log(world, one!, 'finished');
    const finished = await world.reader.deliveries(id, { limit: 10, state: 'FINISHED' });
    expect(finished.items).toMatchObject([
      { clusterId: 'loa-1', clusterName: 'Cụm loa loa-1', areaCode: '31318' },
    ]);
    const page = await world.reader.deliveries(id, { limit: 2 });
    const next = await world.reader.deliveries(id, { limit: 2, cursor: page.nextCursor! });
    expect([...page.items, ...next.items].map(({ clusterId }) => clusterId)).toEqual([
      'loa-1',
      'loa-2',
      'loa-3',
    ]);
    expect(next.nextCursor).toBeNull();
    expect(await problemOf(world.reader.deliveries(id, { limit: 2, cursor: 'eA' }))).toMatchObject({
      status: 400,
    });
    expect(await problemOf(world.reader.get('nonsense'))).toMatchObject({ status: 404 });
  });
});
