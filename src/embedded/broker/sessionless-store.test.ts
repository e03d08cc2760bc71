import type { PublishPacket } from 'aedes';
import type { Readable } from 'node:stream';
import { SessionlessStore } from './sessionless-store.js';

const packet = (topic: string, payload: string): PublishPacket => ({
  cmd: 'publish',
  ...{ topic, payload: Buffer.from(payload), qos: 1, retain: true, dup: false },
});

async function read(stream: Readable): Promise<string[]> {
  const said: string[] = [];
  for await (const one of stream as AsyncIterable<PublishPacket>)
    said.push(`${one.topic}=${one.payload.toString()}`);
  return said;
}

describe('what the embedded broker keeps', () => {
  it('finds retained messages by topic and by wildcard, the newest of each topic, until it is emptied', async () => {
    const store = new SessionlessStore();
    for (const [topic, payload] of [
      ['c/1/desired', 'old'],
      ['c/2/desired', 'two'],
      ['c/1/state', 'on'],
      ['c/1/desired', 'new'],
    ] as const)
      await store.storeRetained(packet(topic, payload));
    expect(await read(store.createRetainedStreamCombi(['c/1/desired', 'c/1/none']))).toEqual([
      'c/1/desired=new',
    ]);
    expect((await read(store.createRetainedStream('c/+/desired'))).sort()).toEqual([
      'c/1/desired=new',
      'c/2/desired=two',
    ]);
    await store.storeRetained(packet('c/1/desired', ''));
    expect(await read(store.createRetainedStreamCombi(['c/1/desired', 'c/#']))).toEqual([
      'c/2/desired=two',
      'c/1/state=on',
    ]);
  });

  it('does not look through everything for a plain topic', async () => {
    const store = new SessionlessStore();
    const clusters = 3_500;
    for (let i = 0; i < clusters * 4; i++) await store.storeRetained(packet(`c/${i}/desired`, 'x'));
    const beganMs = performance.now();
    let found = 0;
    for (let i = 0; i < clusters; i++)
      found += (await read(store.createRetainedStreamCombi([`c/${i}/desired`, `c/${i}/command`, 'server'])))
        .length;
    expect(found).toBe(clusters);
    // Some 100 ms here; 150 million looks would take minutes.
    expect(performance.now() - beganMs).toBeLessThan(10_000);
  });

  it('keeps QoS 2 messages until they are released, and no longer than the connection', async () => {
    const store = new SessionlessStore();
    const client = { id: 'a' };
    await store.incomingStorePacket(client, { messageId: 7 });
    expect(await store.incomingGetPacket(client, { messageId: 7 })).toEqual({ messageId: 7 });
    await store.incomingDelPacket(client, { messageId: 7 });
    await expect(store.incomingDelPacket(client, { messageId: 7 })).rejects.toThrow('no such packet');
    await store.incomingStorePacket(client, { messageId: 8 });
    await store.cleanIncoming(client);
    await expect(store.incomingGetPacket(client, { messageId: 8 })).rejects.toThrow('no such packet');
  });

  it('keeps a will until it is taken', async () => {
    const store = new SessionlessStore();
    await store.setup({ id: 'broker' });
    await store.putWill({ id: 'a' }, packet('c/a/state', 'off'));
    expect(await store.getWill({ id: 'a' })).toMatchObject({ clientId: 'a', brokerId: 'broker' });
    expect(await read(store.streamWill({ broker: 1 }))).toEqual([]);
    expect(await read(store.streamWill())).toEqual(['c/a/state=off']);
    await store.delWill({ id: 'a' });
    expect(await store.getWill({ id: 'a' })).toBeUndefined();
  });
});
