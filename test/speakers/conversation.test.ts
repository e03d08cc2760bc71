import { randomUUID } from 'node:crypto';
import { OUTBOX_PUBLISHED } from '../../src/common/database/outbox.js';
import {
  birthExamples,
  reportedExamples,
  type AckPhase,
  type BirthMessage,
  type DesiredMessage,
  type MediaRef,
  type PlanItem,
} from '../../src/contract/index.js';
import { COMMAND_PROGRESSED, type CommandProgress } from '../../src/modules/speakers/speakers.events.js';
import { clusterRow, createSpeakersWorld, JOURNAL, type SpeakersWorld } from './support.js';

let world: SpeakersWorld;
const progressed: CommandProgress[] = [];

beforeAll(async () => {
  world = await createSpeakersWorld();
  world.events.inTransaction(COMMAND_PROGRESSED, async (told) => void progressed.push(...told));
});
afterAll(() => world?.stop());

let nr = 0;
/** A cluster of its own for a test, with nothing waiting to be sent. */
async function freshCluster(): Promise<string> {
  const id = `cluster-${(nr += 1)}`;
  await world.clusters.importClusters([clusterRow(world, id)]);
  await world.query(`delete from outbox`);
  progressed.length = 0;
  return id;
}
const soon = () => new Date(Date.now() + 600_000);
const outbox = <T>(leaf: string, id: string) =>
  world
    .query<{ payload: T }>(`select payload from outbox where topic = $1 order by id`, [
      `phusong/v1/c/${id}/${leaf}`,
    ])
    .then((rows) => rows.map(({ payload }) => payload));
const twin = async (id: string) => (await world.clusters.get(id)).twin;
const birth = (more: Partial<BirthMessage> = {}): BirthMessage => ({
  ...birthExamples[0]!,
  session: randomUUID(),
  at: new Date().toISOString(),
  log: { journal: JOURNAL, lastSeq: 0, ackedSeq: 0 },
  ...more,
});

describe('presence', () => {
  it('follows the session rule and never takes silence for absence', async () => {
    const id = await freshCluster();
    const say = (online: boolean, session: string, retained = false) =>
      world.twins.onStates([
        { clusterId: id, message: { online, session, at: new Date().toISOString() }, retained },
      ]);
    expect(await twin(id)).toMatchObject({ online: null, lastSeenAt: null });
    const [a, b] = [randomUUID(), randomUUID()];
    await say(true, a);
    await say(true, b);
    await say(false, a);
    expect(await twin(id)).toMatchObject({ online: true, session: b });
    await world.query(
      `update cluster_twins set last_seen_at = now() - interval '3 days' where cluster_id = $1`,
      [id],
    );
    const stale = await world.clusters.get(id);
    expect(stale.online).toBe(true);
    expect(stale.ageS).toBeGreaterThanOrEqual(3 * 86_400);
    // A word that the broker kept is no sign of life now.
    await say(true, b, true);
    expect((await world.clusters.get(id)).ageS).toBeGreaterThanOrEqual(3 * 86_400);
    await say(false, b);
    expect(await twin(id)).toMatchObject({ online: false, session: b });
  });

  it('tells of clusters that are none of ours', async () => {
    const id = await freshCluster();
    const message = { online: true, session: randomUUID(), at: new Date().toISOString() };
    const unknown = await world.twins.onStates([
      { clusterId: 'stranger', message, retained: false },
      { clusterId: id, message, retained: false },
    ]);
    expect(unknown).toEqual(['stranger']);
    expect(await twin(id)).toMatchObject({ online: true });
  });
});

describe('the desired document', () => {
  const media: MediaRef = { sha256: 'cd'.repeat(32), bytes: 1000, durationS: 3, codec: 'wav' };
  const item = (): PlanItem => ({
    playId: randomUUID(),
    broadcastId: randomUUID(),
    occurrenceId: randomUUID(),
    class: 'NORMAL',
    rank: 0,
    approvedAt: '2026-03-02T15:40:00+07:00',
    media: { sha256: media.sha256, bytes: 1000, durationS: 3 },
    notAfter: '2036-03-02T17:05:00+07:00',
    startAt: '2036-03-02T17:00:00+07:00',
    onInterrupt: 'RESUME',
    repeat: 1,
  });

  it('goes from version to version with the plan, whoever changes what', async () => {
    const id = await freshCluster();
    const plan = [item()];
    await Promise.all([
      world.uow.run((tx) => world.twins.replacePlans(tx, new Map([[id, plan]]), [media])),
      ...[10, 20, 30, 40].map((volumePercent) =>
        world.writer.change(
          { kind: 'user', id: 'u', name: 'u', permissions: new Set(), jurisdictionAreaId: null },
          id,
          { volumePercent },
        ),
      ),
    ]);
    const { desired, desiredVersion } = await twin(id);
    expect(desiredVersion).toBe(6);
    expect(desired).toMatchObject({ version: 6, plan, media: [media] });
    // None of them had been sent: the last one stands for all.
    expect(await outbox<DesiredMessage>('desired', id)).toEqual([desired]);
  });

  it('refuses a plan whose files are unknown, or that no cluster would understand, and changes nothing', async () => {
    const id = await freshCluster();
    const replace = (plan: PlanItem[], refs: MediaRef[]) =>
      world.uow.run((tx) => world.twins.replacePlans(tx, new Map([[id, plan]]), refs));
    await expect(replace([item()], [])).rejects.toThrow('without its details');
    await expect(replace([{ ...item(), rank: 5000 }], [media])).rejects.toThrow('rank');
    expect((await twin(id)).desiredVersion).toBe(1);
    expect(await outbox('desired', id)).toEqual([]);
  });

  it('is made for 3,500 clusters in one transaction', async () => {
    const ids = Array.from({ length: 3500 }, (_, i) => `many-${i}`);
    await world.clusters.importClusters(ids.map((id) => clusterRow(world, id)));
    const plans = new Map(ids.map((id) => [id, [item(), item()]]));
    const started = Date.now();
    await world.uow.run((tx) => world.twins.replacePlans(tx, plans, [media]));
    console.log(`3,500 documents in ${Date.now() - started} ms`);
    const [sum] = await world.query<{ n: number }>(
      `select count(*)::int as n from cluster_twins where cluster_id like 'many-%' and desired_version = 2`,
    );
    expect(sum!.n).toBe(3500);
    await world.query(`delete from clusters where id like 'many-%'`);
  });

  it('is sent again to a cluster that comes behind, and only to such a one', async () => {
    const id = await freshCluster();
    const born = (applied: number, session = randomUUID()) =>
      world.twins.onBirths([
        { clusterId: id, message: birth({ session, applied: { desiredVersion: applied } }), retained: false },
      ]);
    await born(0);
    expect(await outbox('desired', id)).toMatchObject([{ version: 1 }]);
    await born(0);
    expect(await outbox('desired', id)).toHaveLength(1);
    await world.query(`delete from outbox`);
    await born(1);
    expect(await outbox('desired', id)).toEqual([]);
    // Read again from the broker, a birth is older than what was reported in its session.
    const session = randomUUID();
    const reported = { ...reportedExamples[0]!, session, version: 1 };
    await world.twins.onReported([{ clusterId: id, message: reported, retained: false }]);
    await born(0, session);
    expect(await outbox('desired', id)).toEqual([]);
    expect(await world.clusters.get(id)).toMatchObject({ reportedVersion: 1 });
  });

  it('goes on above what a cluster holds when the database is the older one', async () => {
    const id = await freshCluster();
    await world.twins.onBirths([
      { clusterId: id, message: birth({ applied: { desiredVersion: 41 } }), retained: false },
    ]);
    expect(await outbox('desired', id)).toMatchObject([{ version: 42 }]);
  });
});

describe('commands', () => {
  const ack = (clusterId: string, id: string, phase: AckPhase, code?: string) =>
    world.commands.onAcks([{ clusterId, ack: { id, phase, at: new Date().toISOString(), code } }]);
  /** The broker's word on what went to one cluster, or on what went to all of an area by one message. */
  const published = (to: string, outcome: 'published' | 'expired') =>
    world.uow.run(async (tx) => tx.emit(OUTBOX_PUBLISHED, { ref: `command:${to}`, outcome, at: new Date() }));
  const state = async (clusterId: string) => (await world.clusters.get(clusterId)).commands[0];
  const send = async (clusterId: string, id?: string) =>
    (
      await world.uow.run((tx) =>
        world.commands.send(tx, [{ id, clusterId, type: 'self-test', notAfter: soon() }]),
      )
    )[0]!;

  it('go from PENDING by the broker to what the cluster says', async () => {
    const cluster = await freshCluster();
    const id = await send(cluster);
    expect(await state(cluster)).toMatchObject({ id, state: 'PENDING', type: 'self-test' });
    await published(`${id} ${cluster}`, 'published');
    expect(await state(cluster)).toMatchObject({ state: 'SENT' });
    await ack(cluster, id, 'ACCEPTED');
    await ack(cluster, id, 'STARTED');
    await ack(cluster, id, 'FINISHED');
    expect(progressed.map((p) => p.state)).toEqual(['SENT', 'ACCEPTED', 'STARTED', 'FINISHED']);
    expect(progressed.every((p) => p.commandId === id && p.clusterId === cluster)).toBe(true);
    const done = await state(cluster);
    expect([done!.sentAt, done!.acceptedAt, done!.startedAt, done!.endedAt].every(Boolean)).toBe(true);
  });

  it('do nothing at repeated and late acks, and tell nobody', async () => {
    const cluster = await freshCluster();
    const id = await send(cluster);
    await ack(cluster, id, 'REJECTED', 'QUIET_HOURS');
    const { endedAt } = (await state(cluster))!;
    for (const phase of ['REJECTED', 'ACCEPTED', 'STARTED', 'FINISHED', 'FAILED'] as const)
      await ack(cluster, id, phase);
    await published(`${id} ${cluster}`, 'published');
    expect(progressed).toHaveLength(1);
    expect(await state(cluster)).toMatchObject({ state: 'REJECTED', code: 'QUIET_HOURS', endedAt });
  });

  it('are EXPIRED when too late to send, until the cluster says otherwise', async () => {
    const cluster = await freshCluster();
    const id = await send(cluster);
    await published(`${id} ${cluster}`, 'expired');
    expect(await state(cluster)).toMatchObject({ state: 'EXPIRED', code: 'NEVER_SENT', sentAt: null });
    // The worker that published it died before it could say so.
    await ack(cluster, id, 'STARTED');
    expect(await state(cluster)).toMatchObject({ state: 'STARTED', code: null, endedAt: null });
  });

  it('take no ack from another cluster, and none for what was never ordered', async () => {
    const [one, two] = [await freshCluster(), await freshCluster()];
    const id = await send(one);
    expect(await ack(two, id, 'FINISHED')).toBe(1);
    expect(await ack(one, randomUUID(), 'FINISHED')).toBe(1);
    expect(await state(one)).toMatchObject({ state: 'PENDING' });
  });

  it('with an id given before are not sent again', async () => {
    const cluster = await freshCluster();
    const id = await send(cluster);
    expect(await send(cluster, id)).toBe(id);
    expect(await outbox('command', cluster)).toHaveLength(1);
  });

  it('that break the contract fail whoever gives them', async () => {
    const cluster = await freshCluster();
    const send = world.uow.run((tx) =>
      world.commands.send(tx, [{ clusterId: cluster, type: 'volume', volumePercent: 170, notAfter: soon() }]),
    );
    await expect(send).rejects.toThrow('volumePercent');
    expect(await outbox('command', cluster)).toEqual([]);
  });

  it('that are open are said again to a cluster that comes back', async () => {
    const cluster = await freshCluster();
    const id = await send(cluster);
    await published(`${id} ${cluster}`, 'published');
    await world.query(`delete from outbox`);
    await world.twins.onBirths([
      { clusterId: cluster, message: birth({ applied: { desiredVersion: 1 } }), retained: false },
    ]);
    expect(await outbox('command', cluster)).toMatchObject([{ id, type: 'self-test' }]);
    await world.query(`delete from outbox`);
    await ack(cluster, id, 'FINISHED');
    await world.twins.onBirths([
      { clusterId: cluster, message: birth({ applied: { desiredVersion: 1 } }), retained: false },
    ]);
    expect(await outbox('command', cluster)).toEqual([]);
  });
});

describe('alarms and dead letters', () => {
  it('raise once, resolve once, and may be raised again', async () => {
    const id = await freshCluster();
    const since = '2026-03-02T11:20:00+07:00';
    const message = { since, at: since, severity: 'WARNING' as const, detail: 'x' };
    const say = (m: typeof message | null) =>
      world.twins.onAlarms([{ clusterId: id, code: 'clock', message: m, retained: false }]);
    await say(message);
    await say({ ...message, detail: 'worse' });
    expect(await world.clusters.get(id)).toMatchObject({
      openAlarms: 1,
      alarms: [{ detail: 'worse', resolvedAt: null }],
    });
    await say(null);
    await say(null);
    expect(await world.clusters.get(id)).toMatchObject({ openAlarms: 0 });
    await say(message);
    expect((await world.clusters.get(id)).alarms).toHaveLength(2);
  });

  it('are resolved by a report that does not name them, unless they are newer', async () => {
    const id = await freshCluster();
    const raise = (code: string, since: string) =>
      world.twins.onAlarms([
        {
          clusterId: id,
          code,
          message: { since, at: since, severity: 'INFO', detail: 'x' },
          retained: false,
        },
      ]);
    const open = async () =>
      (await world.clusters.get(id)).alarms
        .filter(({ resolvedAt }) => resolvedAt === null)
        .map(({ code }) => code)
        .sort();
    const report = (alarms: string[] | undefined) =>
      world.twins.onReported([
        {
          clusterId: id,
          message: { ...reportedExamples[0]!, at: '2026-03-02T12:00:00+07:00', alarms },
          retained: true,
        },
      ]);
    await raise('clock', '2026-03-02T11:00:00+07:00');
    await raise('door', '2026-03-02T11:30:00+07:00');
    await raise('power', '2026-03-02T12:30:00+07:00');
    await report(undefined);
    expect(await open()).toEqual(['clock', 'door', 'power']);
    await report(['door']);
    expect(await open()).toEqual(['door', 'power']);
    await report([]);
    expect(await open()).toEqual(['power']);
  });

  it('keeps the newest and counts them all', async () => {
    const id = await freshCluster();
    const letter = (clusterId: string | null, n: number) => ({
      clusterId,
      topic: `t/${n}\0\ud800`,
      payload: Buffer.alloc(9000, 0xff),
      code: 'NOT_JSON',
      reason: 'bad \0',
    });
    for (let i = 0; i < 6; i += 1)
      await world.bad.record(Array.from({ length: 20 }, (_, n) => letter(id, i * 20 + n)));
    await world.bad.record(Array.from({ length: 1200 }, (_, n) => letter(n % 2 ? 'stranger' : null, n)));
    const [kept] = await world.query<{ n: number; bytes: number }>(
      `select count(*)::int as n, max(length(payload)) as bytes from dead_letters`,
    );
    expect(kept).toEqual({ n: 1000, bytes: 4096 });
    await world.bad.record([letter(id, 0)]);
    const counts = await world.query(
      `select cluster_id, code, count::int from dead_letter_counts order by 1`,
    );
    expect(counts).toEqual([
      { cluster_id: '', code: 'NOT_JSON', count: 1200 },
      { cluster_id: id, code: 'NOT_JSON', count: 121 },
    ]);
    const { deadLetters } = await world.clusters.get(id);
    expect(deadLetters).toMatchObject({ total: 121, newest: [{ payloadBytes: 9000 }] });
  });

  it('keeps fifty of one cluster', async () => {
    const id = await freshCluster();
    const letter = { clusterId: id, topic: 't', payload: Buffer.from('x'), code: 'INVALID', reason: '' };
    await world.bad.record(Array.from({ length: 70 }, () => letter));
    const [kept] = await world.query(`select count(*)::int as n from dead_letters where cluster_id = $1`, [
      id,
    ]);
    expect(kept).toEqual({ n: 50 });
  });
});
