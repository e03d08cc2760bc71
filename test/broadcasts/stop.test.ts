import { reportedExamples, type CommandMessage } from '../../src/contract/index.js';
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
});

const announce = (startAt: Date | null = null, clusterIds?: string[]) =>
  world.broadcasts.announce(ADMIN, {
    title: 'Bản tin',
    sha256: world.tone.sha256,
    target: clusterIds ? { clusterIds } : { all: true },
    startAt,
  });
const stop = (id: string) => world.broadcasts.stop(ADMIN, id);
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
const statesOf = async (id: string) => (await deliveriesOf(world, id)).map(({ state }) => state);
const stopsIn = (commands: readonly CommandMessage[]) => commands.filter(({ type }) => type === 'stop');

describe('stopping', () => {
  it('tells every cluster that may still play it, and waits for what they say', async () => {
    const { id } = await announce();
    await relay(world);
    const [one, two, three] = await deliveriesOf(world, id);
    await log(world, one!, 'started');
    await log(world, one!, 'finished');
    await ack(world, 'loa-2', two!.playId, 'ACCEPTED');
    await ack(world, 'loa-2', two!.playId, 'STARTED');
    const stopped = await stop(id);
    expect(stopped).toMatchObject({ state: 'STOPPED', stoppedBy: 'nguyen.van.a', settledAt: null });
    const stops = stopsIn(commandsIn(await relay(world)));
    expect(stops).toHaveLength(2);
    expect(stops[0]).toMatchObject({ target: { scope: 'BROADCAST', broadcastId: id } });
    // Nothing is claimed before the clusters have spoken.
    expect(await statesOf(id)).toEqual(['FINISHED', 'STARTED', 'SENT']);

    const stopOf = async (clusterId: string) =>
      (
        await world.query<{ id: string }>(`select id from commands where type = 'stop' and cluster_id = $1`, [
          clusterId,
        ])
      )[0]!.id;
    await ack(world, 'loa-2', await stopOf('loa-2'), 'FINISHED');
    expect(await statesOf(id)).toEqual(['FINISHED', 'STARTED', 'SENT']);
    await log(world, two!, 'stopped', { reason: 'STOPPED', positionS: 0.5 });
    await ack(world, 'loa-3', await stopOf('loa-3'), 'FINISHED');
    expect(await statesOf(id)).toEqual(['FINISHED', 'INTERRUPTED', 'CANCELLED']);
    await world.settlement.settle();
    const after = await world.reader.get(id);
    expect(after.state).toBe('STOPPED');
    expect(after.settledAt).toBeInstanceOf(Date);
    // What was cancelled was heard after all: the record of the cluster decides.
    await log(world, three!, 'started');
    await log(world, three!, 'finished');
    expect(await statesOf(id)).toEqual(['FINISHED', 'INTERRUPTED', 'FINISHED']);
  });

  it('leaves unknown what no cluster has told', async () => {
    const { id } = await announce();
    await relay(world);
    await stop(id);
    await relay(world);
    expect(await statesOf(id)).toEqual(['SENT', 'SENT', 'SENT']);
    await world.settlement.settle(inHours(1));
    expect(await statesOf(id)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
  });

  it('sends the stop after the play when neither had left yet', async () => {
    const { id } = await announce(null, ['loa-1']);
    await stop(id);
    expect(commandsIn(await relay(world)).map(({ type }) => type)).toEqual(['play', 'stop']);
  });

  it('takes a timed one out of every plan, and the others stay there', async () => {
    const other = await announce(inHours(4));
    const { id } = await announce(inHours(3));
    await relay(world);
    await stop(id);
    const sent = await relay(world);
    expect(stopsIn(commandsIn(sent))).toHaveLength(3);
    for (const plan of plansIn(sent).values())
      expect(plan.map(({ broadcastId }) => broadcastId)).toEqual([other.id]);
    expect(await statesOf(id)).toEqual(['PLANNED', 'PLANNED', 'PLANNED']);
  });

  describe('a timed one, at clusters that were away', () => {
    const reportedBy = async (clusterId: string, version: number) => {
      const message = { ...reportedExamples[0]!, version, at: new Date().toISOString() };
      await world.twins.onReported([{ clusterId, message, retained: false }]);
    };
    const versionOf = async (clusterId: string) => {
      const rows = await world.query<{ version: number }>(
        `select desired_version::int as version from cluster_twins where cluster_id = $1`,
        [clusterId],
      );
      return rows[0]!.version;
    };

    it('is cancelled when they have the plan without it before its time, and not by an older plan', async () => {
      const { id } = await announce(inHours(3));
      const other = await announce(inHours(4));
      await relay(world);
      for (const clusterId of ['loa-1', 'loa-2', 'loa-3'])
        await reportedBy(clusterId, await versionOf(clusterId));
      expect(await statesOf(id)).toEqual(['PLANNED', 'PLANNED', 'PLANNED']);
      const before = await versionOf('loa-2');
      await stop(id);
      await reportedBy('loa-1', await versionOf('loa-1'));
      await reportedBy('loa-2', before);
      expect(await statesOf(id)).toEqual(['CANCELLED', 'PLANNED', 'PLANNED']);
      expect((await deliveriesOf(world, id))[0]).toMatchObject({ settled: true, code: 'STOPPED' });
      // What was not stopped is still to come.
      expect(await statesOf(other.id)).toEqual(['PLANNED', 'PLANNED', 'PLANNED']);
      // It had begun it all the same, by its own record: that is believed.
      await log(world, (await deliveriesOf(world, id))[0]!, 'started');
      expect(await statesOf(id)).toEqual(['STARTED', 'PLANNED', 'PLANNED']);
    });

    it('stays unknown when they have it after its time: they may have played it by the old one', async () => {
      const { id } = await announce(inHours(3));
      await relay(world);
      await stop(id);
      await world.query(`update occurrences set starts_at = now() - interval '1 minute'`);
      await reportedBy('loa-1', await versionOf('loa-1'));
      expect(await statesOf(id)).toEqual(['PLANNED', 'PLANNED', 'PLANNED']);
      await world.settlement.settle(inHours(24));
      await reportedBy('loa-1', await versionOf('loa-1'));
      expect(await statesOf(id)).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
    });
  });

  it('cancels at once what was in no plan yet', async () => {
    const { id } = await announce(inHours(100));
    expect(await stop(id)).toMatchObject({ state: 'STOPPED', counts: { byState: { CANCELLED: 3 } } });
    expect(await relay(world)).toEqual([]);
    await world.query(`update occurrences set starts_at = now() + interval '1 hour'`);
    expect(await world.plans.planComing()).toBe(0);
  });

  it('is done once', async () => {
    const { id } = await announce();
    await relay(world);
    const first = await stop(id);
    await relay(world);
    const second = await stop(id);
    expect(second.stoppedAt).toEqual(first.stoppedAt);
    expect(await relay(world)).toEqual([]);
    expect(await problemOf(stop('0b5a3b0e-6f0a-4f57-8c39-0b3f6f1f7a11'))).toMatchObject({ status: 404 });
    expect(await problemOf(stop('nonsense'))).toMatchObject({ status: 404 });
  });
});
