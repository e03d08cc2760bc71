import { connect as connectTcp } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { EmbeddedBroker } from '../../src/embedded/broker/embedded-broker.js';
import { until } from './database-harness.js';

interface Principal {
  readonly cluster: string | null;
}

const PASSWORDS = new Map([
  ['server', 's3cret'],
  ['cluster-a', 'pa'],
  ['cluster-b', 'pb'],
]);

/** Real MQTT.js clients against the embedded broker. */
describe('embedded broker', () => {
  const lines: string[] = [];
  const broker = new EmbeddedBroker<Principal>({
    host: '127.0.0.1',
    port: 0,
    maxPayloadBytes: 4_096,
    maxRetainedBytes: 8_192,
    authenticate: async ({ clientId, username, password }) => {
      if (username === 'broken') throw new Error('the database is away');
      if (PASSWORDS.get(username) !== password) return null;
      if (username === 'server') return { cluster: null };
      return clientId === username ? { cluster: username } : null;
    },
    authorizePublish: ({ cluster }, topic, { retain }) => {
      if (topic === 'explode') throw new Error('a fault in the rules');
      return (
        cluster === null || (topic.startsWith(`c/${cluster}/`) && !(retain && topic.endsWith('/command')))
      );
    },
    authorizeSubscribe: ({ cluster }, filter) => cluster === null || filter.startsWith(`c/${cluster}/`),
    log: (_level, message) => lines.push(message),
  });
  const open: MqttClient[] = [];

  beforeAll(() => broker.start());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.endAsync(true)));
    await until('all gone', () => broker.clientCount === 0);
  });
  afterAll(() => broker.stop());

  function dial(username: string, options: IClientOptions = {}): MqttClient {
    const client = mqtt.connect({
      ...{ host: '127.0.0.1', port: broker.port, protocolVersion: 4, reconnectPeriod: 0 },
      ...{ clientId: username, username, password: PASSWORDS.get(username) ?? 'none', resubscribe: false },
      ...options,
    });
    client.on('error', () => undefined);
    open.push(client);
    return client;
  }

  async function login(username: string, options: IClientOptions = {}): Promise<MqttClient> {
    const client = dial(username, options);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
    });
    return client;
  }

  async function refusalCode(client: MqttClient): Promise<unknown> {
    return new Promise((resolve, reject) => {
      client.once('error', (error) => resolve('code' in error ? error.code : error.message));
      client.once('connect', () => reject(new Error('was let in')));
    });
  }

  function collect(client: MqttClient): string[] {
    const got: string[] = [];
    client.on('message', (topic, payload, packet) =>
      got.push(`${topic}=${payload.toString()}${packet.retain ? ' (retained)' : ''}`),
    );
    return got;
  }

  function isClosed(client: MqttClient): Promise<void> {
    return until('closed by the broker', () => !client.connected);
  }

  test('strangers, wrong passwords, foreign client ids and no credentials are refused with code 5', async () => {
    expect(await refusalCode(dial('stranger'))).toBe(5);
    expect(await refusalCode(dial('cluster-a', { password: 'pb' }))).toBe(5);
    expect(await refusalCode(dial('cluster-a', { clientId: 'cluster-b' }))).toBe(5);
    expect(await refusalCode(dial('', { clientId: 'x', username: undefined, password: undefined }))).toBe(5);
    expect(lines).toContain('embedded broker: login refused');
  });

  test('when logins cannot be checked the answer is "server unavailable"', async () => {
    expect(await refusalCode(dial('broken'))).toBe(3);
  });

  test('nobody takes the client id of another user', async () => {
    const a = await login('cluster-a');
    expect(await refusalCode(dial('server', { clientId: 'cluster-a' }))).toBe(5);
    expect(a.connected).toBe(true);
  });

  test('a second connection of the same device ends the first', async () => {
    const first = await login('cluster-a');
    const second = await login('cluster-a');
    await isClosed(first);
    expect(second.connected).toBe(true);
    await until('one is left', () => broker.clientCount === 1);
  });

  test('an MQTT 5 client is told that its version is not accepted', async () => {
    expect(await refusalCode(dial('server', { protocolVersion: 5 }))).toBe(1);
  });

  test('messages go between server and cluster at QoS 1, and a cluster hears nothing of another', async () => {
    const [server, a, b] = [await login('server'), await login('cluster-a'), await login('cluster-b')];
    const [atServer, atA, atB] = [collect(server), collect(a), collect(b)];
    await server.subscribeAsync('c/+/ack', { qos: 1 });
    await a.subscribeAsync('c/cluster-a/#', { qos: 1 });
    await b.subscribeAsync('c/cluster-b/#', { qos: 1 });
    await server.publishAsync('c/cluster-a/command', 'stop', { qos: 1 });
    await a.publishAsync('c/cluster-a/ack', 'ok', { qos: 1 });
    await server.publishAsync('c/cluster-b/command', 'last', { qos: 1 });
    await until('delivered', () => atServer.length > 0 && atA.length > 1 && atB.length > 0);
    expect(atServer).toEqual(['c/cluster-a/ack=ok']);
    expect(atA.sort()).toEqual(['c/cluster-a/ack=ok', 'c/cluster-a/command=stop']);
    expect(atB).toEqual(['c/cluster-b/command=last']);
  });

  test.each([
    ['another’s topic', 'c/cluster-b/ack'],
    ['the broker’s own topics', '$SYS/fake'],
    ['a topic whose rule fails', 'explode'],
  ])('a publish to %s is never delivered and ends the connection', async (_what, topic) => {
    const [server, a] = [await login('server'), await login('cluster-a')];
    const got = collect(server);
    await server.subscribeAsync('#', { qos: 1 });
    a.publish(topic, 'forged', { qos: 1 });
    await isClosed(a);
    await server.publishAsync('after', '', { qos: 1 });
    await until('the next message', () => got.length > 0);
    expect(got).toEqual(['after=']);
    expect(lines).toContain('embedded broker: publish refused');
  });

  test('a retained command is refused where the rules say so', async () => {
    const a = await login('cluster-a');
    a.publish('c/cluster-a/command', 'x', { qos: 1, retain: true });
    await isClosed(a);
  });

  test('a refused filter is answered by SUBACK 128, the allowed one beside it works', async () => {
    const [server, a] = [await login('server'), await login('cluster-a')];
    const got = collect(a);
    const granted = await new Promise<number[]>((resolve) =>
      a.subscribe(
        {
          'c/cluster-b/#': { qos: 1 },
          '#': { qos: 1 },
          '$share/g/c/cluster-a/#': { qos: 1 },
          'c/cluster-a/#': { qos: 1 },
        },
        (_error, _granted, packet) => resolve((packet?.granted ?? []) as number[]),
      ),
    );
    expect(granted).toEqual([128, 128, 128, 1]);
    await server.publishAsync('c/cluster-b/command', 'secret', { qos: 1 });
    await server.publishAsync('c/cluster-a/command', 'mine', { qos: 1 });
    await until('mine', () => got.length > 0);
    expect(got).toEqual(['c/cluster-a/command=mine']);
  });

  test('a retained message is received upon subscribing, and no more once it is emptied', async () => {
    const server = await login('server');
    await server.publishAsync('c/cluster-a/desired', 'v1', { qos: 1, retain: true });
    await server.publishAsync('c/cluster-a/desired', 'v2', { qos: 1, retain: true });
    const a = await login('cluster-a');
    const got = collect(a);
    await a.subscribeAsync('c/cluster-a/desired', { qos: 1 });
    await until('desired', () => got.length > 0);
    expect(got).toEqual(['c/cluster-a/desired=v2 (retained)']);
    await server.publishAsync('c/cluster-a/desired', '', { qos: 1, retain: true });
    await until('emptied', () => got.length > 1);
    const b = await login('server', { clientId: 'server-2' });
    const later = collect(b);
    await b.subscribeAsync(['c/cluster-a/desired', 'c/cluster-a/ack'], { qos: 1 });
    await server.publishAsync('c/cluster-a/ack', 'after', { qos: 1 });
    await until('the later message', () => later.length > 0);
    expect(later).toEqual(['c/cluster-a/ack=after']);
  });

  test('retained messages beyond the memory for them are refused', async () => {
    const a = await login('cluster-a');
    await a.publishAsync('c/cluster-a/x1', 'x'.repeat(4_000), { qos: 1, retain: true });
    await a.publishAsync('c/cluster-a/x2', 'x'.repeat(4_000), { qos: 1, retain: true });
    await a.publishAsync('c/cluster-a/x2', 'y'.repeat(4_000), { qos: 1, retain: true });
    a.publish('c/cluster-a/x3', 'x'.repeat(4_000), { qos: 1, retain: true });
    await isClosed(a);
    const again = await login('cluster-a');
    await again.publishAsync('c/cluster-a/x1', '', { qos: 1, retain: true });
    await again.publishAsync('c/cluster-a/x2', '', { qos: 1, retain: true });
  });

  test('the will of a device that is cut off is delivered, a forged one and that of an orderly leave are not', async () => {
    const server = await login('server');
    const got = collect(server);
    await server.subscribeAsync('c/#', { qos: 1 });
    const will = (topic: string): IClientOptions => ({
      will: { topic, payload: Buffer.from('offline'), qos: 1 },
    });
    const orderly = await login('cluster-b', will('c/cluster-b/state'));
    await orderly.endAsync();
    const forger = await login('cluster-b', will('c/cluster-a/state'));
    forger.stream.destroy();
    await until('the forger is gone', () => broker.clientCount === 1);
    const honest = await login('cluster-a', will('c/cluster-a/state'));
    honest.stream.destroy();
    await until('the will', () => got.length > 0);
    expect(got).toEqual(['c/cluster-a/state=offline']);
  });

  test('a session is never kept: a client that asks for one is told so, and nothing queues for it', async () => {
    const server = await login('server');
    const first = await login('cluster-a', { clean: false });
    await first.subscribeAsync('c/cluster-a/#', { qos: 1 });
    await first.endAsync();
    await server.publishAsync('c/cluster-a/command', 'old', { qos: 1 });
    const second = dial('cluster-a', { clean: false });
    const got = collect(second);
    const connack = await new Promise<{ sessionPresent: boolean }>((resolve) =>
      second.once('connect', resolve),
    );
    expect(connack.sessionPresent).toBe(false);
    await second.subscribeAsync('c/cluster-a/#', { qos: 1 });
    await server.publishAsync('c/cluster-a/command', 'new', { qos: 1 });
    await until('the new command', () => got.length > 0);
    expect(got).toEqual(['c/cluster-a/command=new']);
  });

  test('a payload above the limit ends the connection, one at the limit goes through', async () => {
    const server = await login('server');
    const got: number[] = [];
    server.on('message', (_topic, payload) => got.push(payload.length));
    await server.subscribeAsync('c/#', { qos: 1 });
    const a = await login('cluster-a');
    await a.publishAsync('c/cluster-a/log', Buffer.alloc(4_096), { qos: 1 });
    a.publish('c/cluster-a/log', Buffer.alloc(4_097), { qos: 1 });
    await isClosed(a);
    const again = await login('cluster-a');
    again.publish('c/cluster-a/log', Buffer.alloc(1_000_000), { qos: 1 });
    await isClosed(again);
    await until('the one at the limit', () => got.length > 0);
    expect(got).toEqual([4_096]);
  });

  test('strangers cannot make it keep a huge packet, and bytes that are no MQTT end the connection', async () => {
    for (const bytes of [Buffer.from('10ffffff7f', 'hex'), Buffer.from('GET / HTTP/1.1\r\n\r\n')]) {
      const socket = connectTcp(broker.port, '127.0.0.1');
      let closed = false;
      socket.on('close', () => (closed = true)).on('error', () => undefined);
      socket.resume();
      socket.write(bytes);
      await until('closed', () => closed);
    }
    expect((await login('server')).connected).toBe(true);
  });

  test('thousands of messages at once do not end the program while somebody reads slowly', async () => {
    const [server, a, b] = [await login('server'), await login('cluster-a'), await login('cluster-b')];
    await b.subscribeAsync('c/cluster-b/slow', { qos: 0 });
    b.stream.pause();
    // More than the sockets hold: the broker waits for cluster-b with these in hand …
    const large = Buffer.alloc(4_000);
    for (let nr = 0; nr < 4_000; nr++) server.publish('c/cluster-b/slow', large, { qos: 0 });
    // … while these come, which nobody has asked for.
    for (let nr = 0; nr < 20_000; nr++) a.publish('c/cluster-a/ack', '', { qos: 0 });
    await a.publishAsync('c/cluster-a/ack', 'the last', { qos: 1 });
    b.stream.resume();
    await server.publishAsync('c/cluster-b/slow', 'the last', { qos: 1 });
    expect((await login('cluster-a')).connected).toBe(true);
  });

  test('a revoked user is disconnected, others stay', async () => {
    const [a, b] = [await login('cluster-a'), await login('cluster-b')];
    expect(await broker.disconnect('cluster-a')).toBe(1);
    await isClosed(a);
    expect(b.connected).toBe(true);
    expect(await broker.disconnect('nobody')).toBe(0);
  });

  test('a taken port is said in one line; stopping ends clients and frees the port', async () => {
    const rules = {
      authenticate: async () => ({}),
      authorizePublish: () => true,
      authorizeSubscribe: () => true,
    };
    const make = (port: number): EmbeddedBroker<object> =>
      new EmbeddedBroker({ host: '127.0.0.1', port, ...rules, log: () => undefined });
    const first = make(0);
    await first.start();
    const port = first.port;
    await expect(make(port).start()).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      message: `port ${port} on 127.0.0.1 is taken by another program`,
    });
    const client = await login('x', { port });
    await first.stop();
    await isClosed(client);
    const second = make(port);
    await second.start();
    await second.stop();
  });
});
