/**
 * Clusters as the emergency bench needs them, many in one process: each has its own connection and answers what its area is told with ACCEPTED.
 * They check no signature and play nothing, so that what is measured is the server and the broker, not 3,500 controllers on one processor.
 */
import { connectAsync, type MqttClient } from 'mqtt';
import { buildTopic } from '../../src/contract/index.js';

export interface Connect {
  type: 'connect';
  url: string;
  protocol: 4 | 5;
  areaCode: string;
  devices: { id: string; secret: string }[];
}
/** From now on each device answers once more. */
export interface Begin {
  type: 'begin';
}
export type ToDevices = Connect | Begin;
export type FromDevices =
  | { type: 'connected' }
  | { type: 'ready' }
  /** All have answered, and the broker has said that it has each answer; milliseconds since 1970. */
  | { type: 'answered'; firstAtMs: number; lastAtMs: number };

const CONNECT_AT_ONCE = 50;
const clients: { id: string; client: MqttClient }[] = [];
const answered = new Set<string>();
let acknowledged = 0;
let firstAtMs = 0;

const nowMs = (): number => performance.timeOrigin + performance.now();
const say = (message: FromDevices): void => void process.send?.(message);

async function connectAll({ url, protocol, areaCode, devices }: Connect): Promise<void> {
  const area = buildTopic({ kind: 'areaCommand', areaCode });
  const waiting = [...devices];
  const connectSome = async (): Promise<void> => {
    for (let device = waiting.pop(); device; device = waiting.pop()) {
      const { id, secret } = device;
      const client = await connectAsync(url, {
        clientId: id,
        username: id,
        password: secret,
        protocolVersion: protocol,
        reconnectPeriod: 0,
        keepalive: 300,
      });
      client.on('error', fail);
      client.on('message', (topic, payload) => {
        if (topic === area) answer(id, client, payload);
      });
      for (const topic of [area, buildTopic({ kind: 'command', clusterId: id })])
        await client.subscribeAsync(topic, { qos: 1 });
      clients.push({ id, client });
    }
  };
  await Promise.all(Array.from({ length: CONNECT_AT_ONCE }, connectSome));
  say({ type: 'connected' });
}

function answer(clusterId: string, client: MqttClient, payload: Buffer): void {
  const { id, type } = JSON.parse(payload.toString('utf8')) as { id: string; type: string };
  if (type !== 'play' || answered.has(clusterId)) return;
  answered.add(clusterId);
  const ack = JSON.stringify({ id, phase: 'ACCEPTED', at: new Date().toISOString() });
  client.publish(buildTopic({ kind: 'ack', clusterId }), ack, { qos: 1 }, (error) => {
    if (error) fail(error);
    acknowledged += 1;
    const atMs = nowMs();
    if (acknowledged === 1) firstAtMs = atMs;
    if (acknowledged === clients.length) say({ type: 'answered', firstAtMs, lastAtMs: atMs });
  });
}

function fail(error: unknown): never {
  console.error(error);
  process.exit(1);
}

process.on('message', (message: ToDevices) => {
  if (message.type === 'connect') connectAll(message).catch(fail);
  else {
    answered.clear();
    acknowledged = 0;
    say({ type: 'ready' });
  }
});
process.once('disconnect', () => process.exit(0));
