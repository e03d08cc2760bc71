import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { appendToOutbox, leaseOutbox } from '../../src/common/database/outbox.js';
import { runAsSystem } from '../../src/common/context/request-context.js';
import { birthExamples, desiredExamples, reportedExamples } from '../../src/contract/index.js';
import { logRecord, JOURNAL } from '../speakers/support.js';
import { until } from '../support/until.js';
import { BROKERS } from './brokers.js';
import { createMqttWorld, type Device, type MqttWorld, type TestTransport } from './world.js';

const soon = (ms = 600_000) => new Date(Date.now() + ms);

describe.each(BROKERS)('the transport over the broker: %s', (kind) => {
  let world: MqttWorld;
  let transport: TestTransport;
  let nr = 0;

  beforeAll(async () => {
    world = await createMqttWorld(kind);
    transport = world.transport();
    await until(() => transport.connection.isUp, { what: 'the server is connected' });
  });
  afterAll(() => world?.stop());

  async function listening(
    leaf: string,
    id = `${kind.replaceAll(/[^a-z0-9]/g, '-')}-${(nr += 1)}`,
  ): Promise<[string, Device]> {
    await world.cluster(id);
    const device = await world.device(id);
    await device.client.subscribeAsync(`phusong/v1/c/${id}/${leaf}`, { qos: 1 });
    return [id, device];
  }
  const payloads = (device: Device, leaf: string) =>
    device.messages.filter(({ topic }) => topic.endsWith(leaf)).map(({ payload }) => payload);
  const order = (clusterId: string, count: number, notAfter = soon()) =>
    world.uow.run((tx) =>
      world.commands.send(
        tx,
        Array.from({ length: count }, (_, i) => ({
          clusterId,
          type: 'volume' as const,
          volumePercent: i,
          notAfter,
        })),
      ),
    );
  const allSent = () =>
    until(async () => (await world.query(`select id from outbox where done_at is null`)).length === 0, {
      what: 'nothing waits',
    });
  const commandStates = async (id: string) =>
    (await world.query<{ state: string }>(`select state from commands where cluster_id = $1`, [id])).map(
      ({ state }) => state,
    );

  it('sends what was committed, in the order of each topic, and says so', async () => {
    const [id, device] = await listening('command');
    await order(id, 20);
    await until(() => payloads(device, 'command').length === 20, { what: 'twenty commands' });
    expect(payloads(device, 'command').map(({ volumePercent }) => volumePercent)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    expect(device.messages.every(({ retain }) => !retain)).toBe(true);
    await until(async () => (await commandStates(id)).every((state) => state === 'SENT'), {
      what: 'all SENT',
    });
    await allSent();
  });

  it('keeps the newest document for whoever comes later', async () => {
    const id = `later-${(nr += 1)}`;
    await world.cluster(id);
    await world.writer.change(
      { kind: 'user', id: 'u', name: 'u', permissions: new Set(), jurisdictionAreaId: null },
      id,
      { volumePercent: 33 },
    );
    await until(
      async () =>
        (
          await world.query(`select id from outbox where topic like $1 and done_at is null`, [
            `%/${id}/desired`,
          ])
        ).length === 0,
      { what: 'the document is out' },
    );
    const device = await world.device(id);
    await device.client.subscribeAsync(`phusong/v1/c/${id}/desired`, { qos: 1 });
    await until(() => device.messages.length === 1, { what: 'the document' });
    expect(device.messages[0]).toMatchObject({
      retain: true,
      payload: { version: 2, config: { volumePercent: 33 } },
    });
  });

  it('carries the correlation id out and back', async () => {
    const [id, device] = await listening('command');
    await runAsSystem('test', () => order(id, 1), 'request-12345');
    await until(() => device.messages.length === 1, { what: 'the command' });
    expect(device.messages[0]!.payload).toMatchObject({ correlationId: 'request-12345' });
  });

  it('sends nothing that is too late', async () => {
    const [id, device] = await listening('command');
    await order(id, 1, new Date(Date.now() - 1));
    await order(id, 1);
    await until(() => payloads(device, 'command').length === 1, { what: 'the one in time' });
    await until(async () => (await commandStates(id)).sort().join() === 'EXPIRED,SENT', {
      what: 'both states',
    });
    expect(payloads(device, 'command')).toHaveLength(1);
  });

  it('sends nothing that breaks the contract, and goes on', async () => {
    const [id, device] = await listening('command');
    await world.uow.run(async (tx) => {
      await tx.send([
        { topic: 'phusong/v1/nonsense', payload: {} },
        { topic: `phusong/v1/c/${id}/command`, payload: { type: 'explode' } },
      ]);
    });
    await order(id, 1);
    await until(() => payloads(device, 'command').length === 1, { what: 'the good one' });
  });

  it('takes over what a dead worker had in hand', async () => {
    const [id, device] = await listening('command');
    await allSent();
    await transport.relay.stop();
    await order(id, 2);
    // The other worker leases the first, and dies.
    const leased = await leaseOutbox(world.uow.reader, 10, 1);
    expect(leased).toHaveLength(1);
    const successor = world.transport();
    await until(() => payloads(device, 'command').length === 2, { what: 'both, in order' });
    expect(payloads(device, 'command').map(({ volumePercent }) => volumePercent)).toEqual([0, 1]);
    await successor.stop();
    await transport.stop();
    transport = world.transport();
    await until(() => transport.connection.isUp);
  });

  it('hears everything a cluster says, and confirms its records', async () => {
    const [id, device] = await listening('command');
    const session = randomUUID();
    const at = new Date().toISOString();
    const log = { journal: JOURNAL, lastSeq: 0, ackedSeq: 0 };
    await device.say('state', { online: true, session, at }, true);
    await device.say('birth', { ...birthExamples[0]!, session, at, log }, true);
    await device.say('reported', { ...reportedExamples[0]!, session, at, version: 1 }, true);
    await device.say('alarm/door', { since: at, at, severity: 'INFO', detail: 'open' }, true);
    const [command] = await order(id, 1);
    await until(() => payloads(device, 'command').length >= 1, { what: 'the command' });
    for (const phase of ['ACCEPTED', 'STARTED', 'FINISHED'])
      await device.say('ack', { id: command, phase, at });
    for (const seq of [1, 2, 3, 2]) await device.say('log', logRecord(seq));
    await until(
      async () => (await world.query(`select seq from play_log where cluster_id = $1`, [id])).length === 3,
      {
        what: 'three records',
      },
    );
    await until(async () => (await commandStates(id))[0] === 'FINISHED', { what: 'FINISHED' });
    await transport.router.idle();
    const detail = await world.clusters.get(id);
    expect(detail).toMatchObject({ online: true, reportedVersion: 1, openAlarms: 1, twin: { session } });
    await device.say('alarm/door', '', true);
    await until(async () => (await world.clusters.get(id)).openAlarms === 0, { what: 'the alarm is gone' });
    await world.playLog.confirm();
    await until(() => device.messages.some(({ payload }) => payload.type === 'log-ack'), {
      what: 'the confirmation',
    });
    expect(device.messages.find(({ payload }) => payload.type === 'log-ack')!.payload).toMatchObject({
      watermark: { journal: JOURNAL, seq: 3 },
    });
  });

  it('reads what the broker has kept when it comes back', async () => {
    const [id, device] = await listening('command');
    await transport.stop();
    const session = randomUUID();
    await device.say('state', { online: true, session, at: new Date().toISOString() }, true);
    expect((await world.clusters.get(id)).online).toBeNull();
    transport = world.transport();
    await until(async () => (await world.clusters.get(id)).online === true, {
      what: 'the retained state is read',
    });
  });

  it('loses nothing while the broker is away', async () => {
    const [id] = await listening('command');
    await allSent();
    await world.broker.stop();
    await until(() => !transport.connection.isUp, { what: 'the connection is gone' });
    await order(id, 5);
    await world.broker.start();
    const device = await world.device(id);
    await device.client.subscribeAsync(`phusong/v1/c/${id}/command`, { qos: 1 });
    // What was sent before the cluster was back is said again at its birth.
    const birth = {
      ...birthExamples[0]!,
      session: randomUUID(),
      at: new Date().toISOString(),
      applied: { desiredVersion: 1 },
    };
    await until(() => transport.connection.isUp, { what: 'the server is back' });
    await until(async () => (await commandStates(id)).every((state) => state === 'SENT'), {
      what: 'all SENT',
    });
    await device.say('birth', birth, true);
    await until(() => new Set(payloads(device, 'command').map((p) => p.id)).size === 5, { what: 'all five' });
  });

  it('tells the clusters whether the server is there, also when it dies', async () => {
    const id = `watcher-${(nr += 1)}`;
    await world.cluster(id);
    const device = await world.device(id);
    await device.client.subscribeAsync('phusong/v1/server/state', { qos: 1 });
    const last = () => device.messages.at(-1)?.payload.online;
    await until(() => last() === true, { what: 'online' });
    await transport.stop();
    await until(() => last() === false, { what: 'offline' });
    transport = world.transport();
    await until(() => last() === true, { what: 'online again' });
    const other = world.transport();
    await until(() => other.connection.isUp);
    // One of two workers goes: the server is still there.
    await other.stop();
    await until(
      () => last() === true && device.messages.some((m, i) => i > 2 && m.payload.online === false),
      {
        what: 'the other worker says so',
      },
    );
  });

  it('survives any bytes on any topic', async () => {
    const [id, device] = await listening('command');
    const spoken = fc.constantFrom('state', 'birth', 'reported', 'ack', 'log', 'alarm/clock');
    const almost = fc.oneof(
      fc.constant(birthExamples[0]),
      fc.constant(reportedExamples[0]),
      fc.constant(desiredExamples[0]),
      fc.record({
        online: fc.boolean(),
        session: fc.uuid(),
        at: fc.constant('9999-12-31T23:59:59.999999999+00:00'),
      }),
      fc.record({ online: fc.boolean(), session: fc.uuid(), at: fc.constant('0000-01-01T00:00:00Z') }),
      fc.record({
        since: fc.constant('2026-03-02T11:20:00+07:00'),
        at: fc.constant('2026-03-02T11:20:00+07:00'),
        severity: fc.constant('INFO'),
        detail: fc.constantFrom('fine', 'a \0 in a text', '\ud800 half a character'),
      }),
    );
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.json(),
      almost.map((value) => JSON.stringify(value)),
    );
    const messages = fc.sample(fc.tuple(spoken, payload), { numRuns: 400, seed: 7 });
    for (const [leaf, bytes] of messages) await device.say(leaf, bytes);
    await device.say('log', Buffer.alloc(20_000, 0x20));
    await device.say('state', { online: true, session: randomUUID(), at: new Date().toISOString() });
    await until(async () => (await world.clusters.get(id)).online === true, {
      what: 'the good message after them',
    });
    await transport.router.idle();
    const { deadLetters } = await world.clusters.get(id);
    expect(deadLetters.total).toBeGreaterThan(200);
    expect(transport.connection.isUp).toBe(true);
  });
});

describe('the outbox', () => {
  it('hands out one message of a topic at a time, to one worker', async () => {
    const world = await createMqttWorld('embedded');
    try {
      await world.uow.run(async ({ manager }) => {
        await appendToOutbox(manager, [
          ...Array.from({ length: 5 }, (_, i) => ({ topic: 'one', payload: { i } })),
          ...Array.from({ length: 5 }, (_, i) => ({ topic: `other-${i}`, payload: { i } })),
        ]);
      });
      const leases = await Promise.all(
        Array.from({ length: 4 }, () => leaseOutbox(world.uow.reader, 10, 30)),
      );
      expect(
        leases
          .flat()
          .map(({ topic, payload }) => [topic, payload])
          .sort(),
      ).toEqual([['one', { i: 0 }], ...Array.from({ length: 5 }, (_, i) => [`other-${i}`, { i }])]);
    } finally {
      await world.stop();
    }
  });
});
