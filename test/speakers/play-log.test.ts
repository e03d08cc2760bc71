import fc from 'fast-check';
import { birthExamples, type LogAckCommand } from '../../src/contract/index.js';
import { PLAYS_RECORDED, type PlaysRecorded } from '../../src/modules/speakers/speakers.events.js';
import { clusterRow, createSpeakersWorld, JOURNAL, logRecord, type SpeakersWorld } from './support.js';

let world: SpeakersWorld;
const played: PlaysRecorded[] = [];

beforeAll(async () => {
  world = await createSpeakersWorld();
  world.events.inTransaction(PLAYS_RECORDED, async (told) => void played.push(...told));
});
afterAll(() => world?.stop());

let nr = 0;
async function freshCluster(): Promise<string> {
  const id = `cluster-${(nr += 1)}`;
  await world.clusters.importClusters([clusterRow(world, id)]);
  played.length = 0;
  return id;
}

describe('the record of plays', () => {
  const watermark = async (id: string) => {
    await world.query(`delete from outbox`);
    await world.playLog.confirm();
    const rows = await world.query<{ payload: LogAckCommand }>(
      `select payload from outbox where topic = $1 order by id`,
      [`phusong/v1/c/${id}/command`],
    );
    return rows.map(({ payload }) => payload.watermark);
  };

  it('is stored once, told once, and confirmed up to the first gap', async () => {
    const id = await freshCluster();
    const records = [1, 2, 3, 4, 5, 6].map((seq) => logRecord(seq));
    await world.playLog.onLog(id, [records[1]!, records[0]!, records[1]!]);
    expect(played.map((p) => p.records.map(({ seq }) => seq))).toEqual([[1, 2]]);
    expect(await watermark(id)).toEqual([{ journal: JOURNAL, seq: 2 }]);
    expect(await watermark(id)).toEqual([]);
    await world.playLog.onLog(id, [records[3]!, records[4]!]);
    expect(await watermark(id)).toEqual([{ journal: JOURNAL, seq: 2 }]);
    await world.playLog.onLog(id, [records[2]!]);
    expect(await watermark(id)).toEqual([{ journal: JOURNAL, seq: 5 }]);
    played.length = 0;
    // Said again because the confirmation was lost: nothing new, and the confirmation comes again.
    await world.playLog.onLog(id, records.slice(0, 5));
    expect(played).toEqual([]);
    expect(await watermark(id)).toEqual([{ journal: JOURNAL, seq: 5 }]);
  });

  it('comes to the same whatever the order, the batches and the repeats', async () => {
    const records = Array.from({ length: 8 }, (_, i) => logRecord(i + 1));
    const deliveries = fc.shuffledSubarray([...records, ...records], { minLength: 16 }).chain((list) =>
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 16, maxLength: 16 }).map((sizes) => {
        const rest = [...list];
        return sizes.map((size) => rest.splice(0, size)).filter((batch) => batch.length > 0);
      }),
    );
    await fc.assert(
      fc.asyncProperty(deliveries, async (batches) => {
        const id = await freshCluster();
        for (const batch of batches) await world.playLog.onLog(id, batch);
        expect(played.flatMap((p) => p.records.map(({ seq }) => seq)).sort()).toEqual([
          1, 2, 3, 4, 5, 6, 7, 8,
        ]);
        expect(await watermark(id)).toEqual([{ journal: JOURNAL, seq: 8 }]);
      }),
      { numRuns: 15 },
    );
  });

  it('of two workers at a time loses and doubles nothing', async () => {
    const id = await freshCluster();
    const records = Array.from({ length: 40 }, (_, i) => logRecord(i + 1));
    await Promise.all(
      [records.slice(0, 25), records.slice(15), ...records.map((record) => [record])].map((batch) =>
        world.playLog.onLog(id, batch),
      ),
    );
    expect(played.flatMap((p) => p.records)).toHaveLength(40);
    expect(await watermark(id)).toEqual([{ journal: JOURNAL, seq: 40 }]);
  });

  it('goes on where a cluster was told that all is safe, when the database knows less', async () => {
    const id = await freshCluster();
    const log = { journal: JOURNAL, lastSeq: 120, ackedSeq: 118 };
    await world.twins.onBirths([{ clusterId: id, message: { ...birthExamples[0]!, log }, retained: false }]);
    await world.playLog.onLog(id, [logRecord(119), logRecord(120)]);
    expect(await watermark(id)).toEqual([{ journal: JOURNAL, seq: 120 }]);
    // The cluster has missed that, as its next birth shows.
    await world.twins.onBirths([{ clusterId: id, message: { ...birthExamples[0]!, log }, retained: false }]);
    expect(await watermark(id)).toEqual([{ journal: JOURNAL, seq: 120 }]);
  });
});
