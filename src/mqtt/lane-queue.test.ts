import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { LaneQueue, type LaneQueueOptions } from './lane-queue.js';

type Item = { lane: string; nr: number };
function queueOf(
  handle: (group: string, items: Item[]) => Promise<void>,
  more: Partial<LaneQueueOptions<Item>> = {},
) {
  return new LaneQueue<Item>({
    capacity: 1000,
    batch: 50,
    parallel: 3,
    handle,
    onRetry: () => undefined,
    onLength: () => undefined,
    ...more,
  });
}

describe('a queue of lanes', () => {
  it('handles everything once, each lane in its order, never one lane twice at a time', async () => {
    const items = fc.array(
      fc.record({ lane: fc.constantFrom('a', 'b', 'c', 'd'), group: fc.constantFrom('x', 'y') }),
      {
        maxLength: 60,
      },
    );
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 5 }), async (list, batch) => {
        const seen: Item[] = [];
        const busy = new Set<string>();
        const queue = queueOf(
          async (_group, taken) => {
            const lanes = new Set(taken.map(({ lane }) => lane));
            for (const lane of lanes) expect(busy.has(lane)).toBe(false);
            for (const lane of lanes) busy.add(lane);
            await turn();
            for (const lane of lanes) busy.delete(lane);
            seen.push(...taken);
          },
          { batch },
        );
        await Promise.all(list.map(({ lane, group }, nr) => queue.push(lane, group, { lane, nr })));
        await queue.idle();
        for (const lane of ['a', 'b', 'c', 'd'])
          expect(seen.filter((item) => item.lane === lane).map(({ nr }) => nr)).toEqual(
            list.flatMap((item, nr) => (item.lane === lane ? [nr] : [])),
          );
      }),
    );
  });

  it('takes the heads of a thousand lanes together', async () => {
    const batches: number[] = [];
    const queue = queueOf(async (_group, items) => void batches.push(items.length), {
      batch: 2000,
      capacity: 5000,
    });
    await Promise.all(
      Array.from({ length: 1000 }, (_, nr) => queue.push(`lane-${nr}`, 'ack', { lane: `lane-${nr}`, nr })),
    );
    await queue.idle();
    expect(batches).toEqual([1000]);
  });

  it('lets the others go on while one lane fails, and comes back to it', async () => {
    let failures = 3;
    const seen: Item[] = [];
    const queue = queueOf(
      async (_group, items) => {
        if (items.some(({ lane }) => lane === 'bad') && failures > 0) {
          failures -= 1;
          throw new Error('not now');
        }
        seen.push(...items);
      },
      { batch: 1 },
    );
    await queue.push('bad', 'x', { lane: 'bad', nr: 0 });
    await queue.push('bad', 'x', { lane: 'bad', nr: 1 });
    for (let nr = 0; nr < 5; nr += 1) await queue.push('good', 'x', { lane: 'good', nr });
    await queue.idle();
    expect(seen.filter(({ lane }) => lane === 'bad').map(({ nr }) => nr)).toEqual([0, 1]);
    expect(seen.findIndex(({ lane }) => lane === 'bad')).toBe(5);
  });

  it('lets nobody in when it is full', async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const lengths: number[] = [];
    const queue = queueOf(() => gate, { capacity: 3, onLength: (length) => lengths.push(length) });
    const pushes = Array.from({ length: 10 }, (_, nr) => queue.push('a', 'x', { lane: 'a', nr }));
    await turn();
    expect(lengths.at(-1)).toBe(3);
    open();
    await Promise.all(pushes);
    await queue.idle();
    expect(Math.max(...lengths)).toBe(3);
    expect(lengths.at(-1)).toBe(0);
  });

  it('stops although something never ends', async () => {
    const queue = queueOf(() => new Promise(() => undefined), { capacity: 1 });
    await queue.push('a', 'x', { lane: 'a', nr: 0 });
    const outside = queue.push('a', 'x', { lane: 'a', nr: 1 });
    await queue.stop(20);
    await outside;
  });
});
