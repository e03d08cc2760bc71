import fc from 'fast-check';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { jest } from '@jest/globals';
import { leaseOutbox } from '../../src/common/database/outbox.js';
import { RESOURCE_CHANGED } from '../../src/common/events/event-bus.js';
import type { LogRecord } from '../../src/contract/index.js';
import { logRecord } from '../speakers/support.js';
import {
  ack,
  actorWith,
  addClusters,
  commandsIn,
  createBroadcastWorld,
  deliveriesOf,
  relay,
  type BroadcastWorld,
} from './support.js';

let world: BroadcastWorld;
let breakDown = false;
const ADMIN = actorWith('administrator');

beforeAll(async () => {
  world = await createBroadcastWorld();
  world.events.inTransaction(RESOURCE_CHANGED, async () => {
    if (breakDown) throw new Error('the process ends here');
  });
});
afterAll(() => world?.stop());
beforeEach(async () => {
  breakDown = false;
  await world.query(`truncate deliveries, occurrences, broadcasts cascade`);
  await world.query(`truncate clusters, cluster_groups cascade`);
  await world.query(`truncate outbox`);
});

const announce = () =>
  world.broadcasts.announce(ADMIN, { title: 'Bản tin', sha256: world.tone.sha256, target: { all: true } });

describe('a server that ends in the middle', () => {
  it('has announced all or nothing', async () => {
    await addClusters(world, ['loa-1', 'loa-2']);
    breakDown = true;
    await expect(announce()).rejects.toThrow('the process ends here');
    for (const table of ['broadcasts', 'occurrences', 'deliveries', 'commands', 'outbox'])
      expect(await world.query(`select 1 from ${table}`)).toEqual([]);
  });

  it('sends the same command again, which is the same play', async () => {
    await addClusters(world, ['loa-1', 'loa-2']);
    const { id } = await announce();
    // Handed to the broker, and the process ends before it can say so: the lease runs out.
    const lost = await leaseOutbox(world.uow.reader, 100, 30);
    const [one, two] = await deliveriesOf(world, id);
    await ack(world, 'loa-1', one!.playId, 'ACCEPTED');
    await world.query(`update outbox set locked_until = now() - interval '1 second'`);
    const again = await relay(world);
    expect(commandsIn(again)).toEqual(commandsIn(lost));
    expect(
      commandsIn(again)
        .map((command) => command.id)
        .sort(),
    ).toEqual([one!.playId, two!.playId].sort());
    // The cluster answers the repeated id with its last ack.
    await ack(world, 'loa-1', one!.playId, 'ACCEPTED');
    expect((await deliveriesOf(world, id)).map(({ state }) => state)).toEqual(['ACCEPTED', 'SENT']);
  });

  it('ends in the true state, in whatever order and however often the records come', async () => {
    await addClusters(world, ['loa-1']);
    const kinds: Partial<LogRecord>[] = [
      { kind: 'started' },
      { kind: 'interrupted', next: 'RESUME', reason: 'OUTRANKED', positionS: 0.4 },
      { kind: 'resumed', positionS: 0.4 },
      { kind: 'finished', positionS: 1 },
    ];
    let journalNr = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 6 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        async (some, all) => {
          await world.query(`truncate deliveries, occurrences, broadcasts cascade`);
          const { id } = await announce();
          const [play] = await deliveriesOf(world, id);
          const journal = `a7d6b1f2-0c0f-4f0e-9a43-${String((journalNr += 1)).padStart(12, '0')}`;
          for (const i of [...some, ...all]) {
            const record = logRecord(i + 1, { journal, playId: play!.playId, ...kinds[i] });
            await world.playLog.onLog('loa-1', [record]);
          }
          expect((await deliveriesOf(world, id))[0]).toMatchObject({ state: 'FINISHED', settled: true });
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('many clusters', () => {
  it('need no more statements than few', async () => {
    const statements = async (clusters: number): Promise<number> => {
      await world.query(`truncate deliveries, occurrences, broadcasts cascade`);
      await world.query(`truncate clusters, cluster_groups cascade`);
      await addClusters(
        world,
        Array.from({ length: clusters }, (_, i) => `loa-${i}`),
      );
      const spy = jest.spyOn(PostgresQueryRunner.prototype, 'query');
      try {
        const { id, counts } = await announce();
        expect(counts.total).toBe(clusters);
        expect((await world.broadcasts.stop(ADMIN, id)).state).toBe('STOPPED');
        await world.settlement.settle(new Date(Date.now() + 3_600_000));
        expect((await world.reader.get(id)).counts.byState.UNKNOWN).toBe(clusters);
        return spy.mock.calls.length;
      } finally {
        spy.mockRestore();
      }
    };
    expect(await statements(300)).toBe(await statements(3));
  });
});
