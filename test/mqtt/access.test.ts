import { randomUUID } from 'node:crypto';
import { connect, type MqttClient } from 'mqtt';
import type { Actor } from '../../src/modules/identity/index.js';
import { clusterRow } from '../speakers/support.js';
import { until } from '../support/until.js';
import { BROKERS } from './brokers.js';
import { connected, createMqttWorld, type Device, type MqttWorld } from './world.js';

const everywhere: Actor = {
  kind: 'user',
  id: 'u',
  name: 'u',
  permissions: new Set(),
  jurisdictionAreaId: null,
};
const ROOT = 'phusong/v1';

describe.each(BROKERS)('who may do what at the broker: %s', (kind) => {
  let world: MqttWorld;
  let server: MqttClient;
  let one: Device;
  const heard: string[] = [];
  const clients: MqttClient[] = [];

  beforeAll(async () => {
    world = await createMqttWorld(kind);
    for (const id of ['one', 'two']) await world.cluster(id);
    await world.clusters.importClusters([clusterRow(world, 'two', { areaId: world.communes[1] })]);
    await world.broker.refresh();
    const { url, protocol, ...account } = world.broker.account;
    server = connect(url, { ...account, protocolVersion: protocol, reconnectPeriod: 0 });
    expect(await connected(server)).toBe(true);
    await server.subscribeAsync([`${ROOT}/c/+/state`, `${ROOT}/c/+/ack`], { qos: 1 });
    server.on('message', (topic) => heard.push(topic));
    clients.push(server);
    one = await world.device('one');
  });
  afterAll(async () => {
    for (const client of clients) client.end(true);
    await world?.stop();
  });

  async function letIn(username: string, password: string, clientId = username): Promise<boolean> {
    const client = connect(world.broker.account.url, { username, password, clientId, reconnectPeriod: 0 });
    clients.push(client);
    const ok = await connected(client);
    client.end(true);
    return ok;
  }
  const say = (topic: string) => server.publishAsync(topic, '{"n":1}', { qos: 1 });
  /** Everything published before this has come, or never will. */
  async function marker(device: Device, topic: string): Promise<void> {
    const id = randomUUID();
    await server.publishAsync(topic, JSON.stringify({ id }), { qos: 1 });
    await until(() => device.messages.some(({ payload }) => payload.id === id), { what: 'the marker' });
  }

  it('refuses strangers, wrong passwords, and the server’s name', async () => {
    expect(await letIn('stranger', 'x')).toBe(false);
    expect(await letIn('one', 'wrong')).toBe(false);
    expect(await letIn('server', 'wrong')).toBe(false);
    expect(await letIn('', '')).toBe(false);
  });

  it('lets a cluster hear its own topics, its units and the server, and nothing else', async () => {
    const own = [`${ROOT}/c/one/desired`, `${ROOT}/c/one/command`, `${ROOT}/server/state`];
    const units = ['31318', '930', '93'].map((code) => `${ROOT}/a/${code}/command`);
    const others = [`${ROOT}/c/two/command`, `${ROOT}/c/two/desired`, `${ROOT}/a/31321/command`];
    const filters = [...own, ...units, ...others, `${ROOT}/#`, '#', `${ROOT}/c/+/command`];
    // A broker answers a refused filter or lets it be without effect: only what arrives counts.
    for (const filter of filters) await one.client.subscribeAsync(filter, { qos: 1 }).catch(() => undefined);
    for (const topic of [...others, ...units, ...own]) await say(topic);
    await marker(one, `${ROOT}/c/one/command`);
    const topics = new Set(one.messages.map(({ topic }) => topic));
    expect([...topics].sort()).toEqual([...own, ...units].sort());
  });

  it('lets a cluster speak of itself and for nobody else', async () => {
    for (const topic of [
      `${ROOT}/c/two/state`,
      `${ROOT}/c/one/command`,
      `${ROOT}/c/one/desired`,
      `${ROOT}/a/31318/command`,
      `${ROOT}/server/state`,
    ]) {
      // One broker ends the connection, the other says yes and drops the message.
      const device = await world.device('one');
      const { client } = device;
      await new Promise<void>((resolve) => {
        client.once('close', () => resolve());
        client.publish(topic, '{}', { qos: 1, retain: true }, () => resolve());
      });
      client.end(true);
    }
    one = await world.device('one');
    await one.client.subscribeAsync(
      [`${ROOT}/c/one/command`, `${ROOT}/a/31318/command`, `${ROOT}/server/state`],
      { qos: 1 },
    );
    const before = heard.length;
    await one.say('state', { online: true, session: randomUUID(), at: new Date().toISOString() });
    await one.say('ack', { id: randomUUID() });
    await until(() => heard.length >= before + 2, { what: 'its own words' });
    expect(heard.filter((topic) => topic.includes('/two/'))).toEqual([]);
    await marker(one, `${ROOT}/c/one/command`);
    expect(one.messages.filter(({ retain }) => retain)).toEqual([]);
  });

  it('shuts out a cluster whose secret is revoked or replaced, or that is out of service', async () => {
    const secret = await world.cluster('three');
    await until(() => letIn('three', secret), { what: 'the cluster is let in' });
    const next = await world.cluster('three');
    await until(async () => !(await letIn('three', secret)), { what: 'the old secret is void' });
    await until(() => letIn('three', next), { what: 'the new secret holds' });
    await world.writer.change(everywhere, 'three', { active: false });
    await world.broker.refresh();
    await until(async () => !(await letIn('three', next)), { what: 'out of service' });
    await world.writer.change(everywhere, 'three', { active: true });
    await world.broker.refresh();
    await until(() => letIn('three', next), { what: 'in service again' });
    await world.uow.run((tx) => world.credentials.revoke(tx, 'three'));
    await world.broker.refresh();
    await until(async () => !(await letIn('three', next)), { what: 'revoked' });
  });

  it('takes no other client id than the cluster’s name', async () => {
    const password = await world.cluster('four');
    await until(() => letIn('four', password), { what: 'the cluster is let in' });
    // Mosquitto has no rule for it; the rights are the username's there.
    expect(await letIn('four', password, 'another-name')).toBe(kind !== 'embedded');
  });

  it('gives a cluster that is moved the rights of its new place', async () => {
    await world.cluster('five');
    const device = await world.device('five');
    let ended = false;
    device.client.on('close', () => (ended = true));
    await world.writer.change(everywhere, 'five', { name: 'Tên khác' });
    expect(ended).toBe(false);
    await world.writer.change(everywhere, 'five', { areaId: world.communes[1] });
    await world.broker.refresh();
    if (kind === 'embedded') await until(() => ended, { what: 'the connection is ended' });
    const moved = kind === 'embedded' ? await world.device('five') : device;
    for (const code of ['31321', '930', '31318'])
      await moved.client.subscribeAsync(`${ROOT}/a/${code}/command`, { qos: 1 }).catch(() => undefined);
    await until(
      async () => {
        await say(`${ROOT}/a/31321/command`);
        return moved.messages.some(({ topic }) => topic.includes('31321'));
      },
      { what: 'orders to the new unit' },
    );
    await say(`${ROOT}/a/31318/command`);
    await marker(moved, `${ROOT}/a/930/command`);
    expect(moved.messages.filter(({ topic }) => topic.includes('31318'))).toEqual([]);
  });

  it('has files for Mosquitto with the accounts that hold, the same as long as nothing changes', async () => {
    await world.clusters.importClusters([clusterRow(world, 'no-secret')]);
    const account = { username: 'server', password: 'secret of the server' };
    const { passwords, acl } = await world.files.contents(account);
    expect(passwords).toMatch(/^server:\$7\$101\$[^$]+\$[^$]+\n(five|four|one|two):\$7\$101\$[^$]+\$[^$]+\n/);
    expect(passwords).not.toContain('three');
    expect(acl).not.toContain('no-secret');
    expect(acl.split('\n\n').find((part) => part.startsWith('user one\n'))).toBe(
      [
        'user one',
        'topic read phusong/v1/c/one/#',
        ...['state', 'birth', 'reported', 'ack', 'log', 'alarm/+'].map(
          (leaf) => `topic write phusong/v1/c/one/${leaf}`,
        ),
        ...['a/31318/command', 'a/930/command', 'a/93/command', 'server/state'].map(
          (leaf) => `topic read phusong/v1/${leaf}`,
        ),
      ].join('\n'),
    );
    expect(await world.files.contents(account)).toEqual({ passwords, acl });
  });
});
