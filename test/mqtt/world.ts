import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { loadConfig } from '../../src/config/config.js';
import { DeviceCredentials } from '../../src/modules/identity/index.js';
import { BrokerAccess } from '../../src/mqtt/access.js';
import { MqttConnection } from '../../src/mqtt/connection.js';
import { InboundRouter } from '../../src/mqtt/inbound.js';
import { MosquittoFiles } from '../../src/mqtt/mosquitto-files.js';
import { OutboxRelay } from '../../src/mqtt/relay.js';
import { clusterRow, createSpeakersWorld, logger, type SpeakersWorld } from '../speakers/support.js';
import { until } from '../support/until.js';
import { type BrokerKind, testBroker, type TestBroker } from './brokers.js';

/** A worker's transport: what MqttTransport makes, with short waits. */
export interface TestTransport {
  connection: MqttConnection;
  relay: OutboxRelay;
  router: InboundRouter;
  stop(): Promise<void>;
}

export interface MqttWorld extends SpeakersWorld {
  access: BrokerAccess;
  credentials: DeviceCredentials;
  files: MosquittoFiles;
  broker: TestBroker;
  /** A registered cluster and its secret. */
  cluster(id: string): Promise<string>;
  transport(): TestTransport;
  /** Connected with the cluster's own credential. Messages are collected by topic. */
  device(id: string, options?: IClientOptions): Promise<Device>;
}

export interface Device {
  client: MqttClient;
  messages: { topic: string; payload: Record<string, unknown>; retain: boolean }[];
  say(leaf: string, message: object | string | Buffer, retain?: boolean): Promise<void>;
}

export async function createMqttWorld(kind: BrokerKind): Promise<MqttWorld> {
  const speakers = await createSpeakersWorld();
  await speakers.listener.start();
  const credentials = new DeviceCredentials(speakers.uow, speakers.events);
  const access = new BrokerAccess(loadConfig({}), credentials, speakers.clusters, speakers.events);
  const files = new MosquittoFiles(credentials, speakers.clusters);
  const broker = await testBroker(kind, access, files);
  await broker.start();
  const secrets = new Map<string, string>();
  const clients: MqttClient[] = [];
  const transports: TestTransport[] = [];
  const services = {
    twins: speakers.twins,
    commands: speakers.commands,
    playLog: speakers.playLog,
    badMessages: speakers.bad,
  };
  return {
    ...speakers,
    credentials,
    access,
    files,
    broker,
    cluster: async (id) => {
      await speakers.clusters.importClusters([clusterRow(speakers, id)]);
      const secret = await speakers.uow.run((tx) => credentials.issue(tx, id));
      secrets.set(id, secret);
      await broker.refresh();
      return secret;
    },
    transport: () => {
      const router = new InboundRouter(services, logger);
      const connection = new MqttConnection({
        ...broker.account,
        logger,
        take: (message) => router.take(message),
        delayMs: () => 50,
      });
      const relay = new OutboxRelay(speakers.uow, speakers.listener, connection, logger);
      relay.start();
      connection.start();
      const transport = {
        connection,
        relay,
        router,
        stop: async () => {
          await relay.stop();
          await connection.stop();
          await router.stop();
        },
      };
      transports.push(transport);
      return transport;
    },
    device: async (id, options = {}) => {
      const password = secrets.get(id);
      let client: MqttClient | undefined;
      // A broker reads changed accounts in its own time.
      await until(
        async () => {
          client = connect(broker.account.url, {
            clientId: id,
            username: id,
            password,
            reconnectPeriod: 0,
            ...options,
          });
          return connected(client);
        },
        { what: `${id} is let in` },
      );
      const device: Device = {
        client: client!,
        messages: [],
        say: async (leaf, message, retain = false) => {
          const payload =
            typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
          await client!.publishAsync(`phusong/v1/c/${id}/${leaf}`, payload, { qos: 1, retain });
        },
      };
      clients.push(device.client);
      device.client.on('message', (topic, payload, packet) =>
        device.messages.push({
          topic,
          payload: JSON.parse(payload.toString()) as Record<string, unknown>,
          retain: packet.retain,
        }),
      );
      return device;
    },
    stop: async () => {
      for (const client of clients) client.end(true);
      for (const transport of transports) await transport.stop();
      await broker.stop();
      await speakers.listener.stop();
      await speakers.stop();
    },
  };
}

/** Whether the broker lets a client in. */
export function connected(client: MqttClient): Promise<boolean> {
  return new Promise((resolve) => {
    client.once('connect', () => resolve(true));
    client.once('error', () => {
      client.end(true);
      resolve(false);
    });
    client.once('close', () => resolve(false));
  });
}
