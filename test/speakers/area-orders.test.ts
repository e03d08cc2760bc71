import { randomUUID } from 'node:crypto';
import { OUTBOX_PUBLISHED } from '../../src/common/database/outbox.js';
import type { AckPhase } from '../../src/contract/index.js';
import {
  COMMANDS_SENT,
  COMMAND_PROGRESSED,
  type CommandProgress,
  type CommandsSent,
} from '../../src/modules/speakers/speakers.events.js';
import { clusterRow, createSpeakersWorld, type SpeakersWorld } from './support.js';

let world: SpeakersWorld;
const progressed: CommandProgress[] = [];
const sent: CommandsSent[] = [];

beforeAll(async () => {
  world = await createSpeakersWorld();
  world.events.inTransaction(COMMAND_PROGRESSED, async (told) => void progressed.push(...told));
  world.events.inTransaction(COMMANDS_SENT, async (told) => void sent.push(...told));
});
afterAll(() => world?.stop());

let nr = 0;
async function freshCluster(): Promise<string> {
  const id = `cluster-${(nr += 1)}`;
  await world.clusters.importClusters([clusterRow(world, id)]);
  return id;
}
const ack = (clusterId: string, id: string, phase: AckPhase) =>
  world.commands.onAcks([{ clusterId, ack: { id, phase, at: new Date().toISOString() } }]);
/** The broker's word on the message to all. */
const published = (id: string, outcome: 'published' | 'expired') =>
  world.uow.run(async (tx) => tx.emit(OUTBOX_PUBLISHED, { ref: `command:${id}`, outcome, at: new Date() }));
const state = async (clusterId: string) => (await world.clusters.get(clusterId)).commands[0];
const outbox = (leaf: string, id: string) =>
  world
    .query<{ payload: object }>(`select payload from outbox where topic = $1 order by id`, [
      `phusong/v1/c/${id}/${leaf}`,
    ])
    .then((rows) => rows.map(({ payload }) => payload));

describe('orders to an area', () => {
  const toArea = async (...clusterIds: string[]) => {
    const id = randomUUID();
    const target = { scope: 'ALL' as const };
    await world.uow.run((tx) =>
      world.commands.sendToArea(tx, {
        ...{
          id,
          areaCode: '93',
          clusterIds,
          notAfter: new Date(Date.now() + 600_000),
          priority: 'EMERGENCY',
        },
        ...{ type: 'stop', target },
      }),
    );
    progressed.length = 0;
    sent.length = 0;
    return id;
  };

  it('are SENT by one word of the broker, told once for all that have not spoken', async () => {
    const [one, two, third] = [await freshCluster(), await freshCluster(), await freshCluster()];
    const id = await toArea(one, two, third);
    expect(await outbox('command', one)).toEqual([]);
    expect(await state(one)).toBeUndefined();
    // A cluster that is quicker than the broker's word to us.
    expect(await ack(third, id, 'ACCEPTED')).toBe(0);
    expect(await state(third)).toMatchObject({ id, state: 'ACCEPTED', sentAt: null });
    await published(id, 'published');
    expect(progressed.map(({ clusterId, state }) => [clusterId, state])).toEqual([[third, 'ACCEPTED']]);
    expect(sent).toMatchObject([{ payload: { id } }]);
    expect(sent[0]!.clusterIds.toSorted()).toEqual([one, two].toSorted());
    expect(await state(one)).toMatchObject({ id, state: 'SENT', sentAt: sent[0]!.at });
    expect(await state(third)).toMatchObject({ state: 'ACCEPTED', sentAt: sent[0]!.at });
    await published(id, 'published');
    expect(sent).toHaveLength(1);
    await ack(one, id, 'FINISHED');
    expect(await state(one)).toMatchObject({ state: 'FINISHED' });
  });

  it('take no word from whom they were not for', async () => {
    const [one, stranger] = [await freshCluster(), await freshCluster()];
    const id = await toArea(one);
    expect(await ack(stranger, id, 'ACCEPTED')).toBe(1);
    expect(await state(stranger)).toBeUndefined();
  });

  it('that the broker never took are EXPIRED at each', async () => {
    const [one, two] = [await freshCluster(), await freshCluster()];
    const id = await toArea(one, two);
    await published(id, 'expired');
    for (const cluster of [one, two])
      expect(await state(cluster)).toMatchObject({ state: 'EXPIRED', code: 'NEVER_SENT', sentAt: null });
    expect(sent).toEqual([]);
  });

  it('are said to each by itself when nobody has been heard, though the broker has not taken them', async () => {
    const cluster = await freshCluster();
    const id = await toArea(cluster);
    expect(await world.uow.run((tx) => world.commands.repeatUnheard(tx, [id]))).toEqual([cluster]);
    expect(await outbox('command', cluster)).toMatchObject([{ id }]);
    expect(await state(cluster)).toMatchObject({ state: 'PENDING' });
    await published(id, 'published');
    expect(sent).toMatchObject([{ payload: { id }, clusterIds: [cluster] }]);
    expect(await state(cluster)).toMatchObject({ state: 'SENT' });
  });
});
