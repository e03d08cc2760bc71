import { randomUUID } from 'node:crypto';
import {
  connect,
  type IConnackPacket,
  type IClientOptions,
  type IPublishPacket,
  type MqttClient,
} from 'mqtt';
import type { Logger } from '../common/logging/logger.js';
import { buildTopic, decode, encode, serverFilters, type Encoded } from '../contract/index.js';
import { reconnectDelayMs } from './backoff.js';
import { connected } from './metrics.js';
import { Permits } from './permits.js';

export interface Received {
  topic: string;
  payload: Buffer;
  /** The broker had kept it; false for what is said just now. */
  retained: boolean;
  correlationId?: string;
}

export interface MqttConnectionOptions {
  url: string;
  username: string;
  password?: string;
  /** 5 brings shared subscriptions and expiry; everything needed works over 4 (MQTT 3.1.1). */
  protocol: 4 | 5;
  logger: Logger;
  /** Resolves when the message is in safe hands; only then is it confirmed to the broker. */
  take: (message: Received) => Promise<void>;
  /** Changed by tests only. */
  delayMs?: (failures: number) => number;
}

export interface Outgoing extends Encoded {
  /** Discarded by a broker that speaks MQTT 5 when older than this. */
  expiryS?: number;
  correlationId?: string;
  /** Before all that wait for the broker's confirmations. */
  urgent?: boolean;
}

/** The message was not confirmed; it may have arrived all the same. */
export class NotConfirmed extends Error {}

const SHARE_GROUP = 'phusong';
const CONNECT_MS = 10_000;
const KEEPALIVE_S = 60;
const PUBLISH_MS = 20_000;
/** In flight to the broker; one that allows less says so over MQTT 5. */
const IN_FLIGHT = 500;
const SERVER_STATE = buildTopic({ kind: 'serverState' });

/** Owns the one connection to the broker: comes back by itself, tells clusters that the server is there (rule 1, 13). */
export class MqttConnection {
  private client: MqttClient | undefined;
  private up = false;
  private stopped = true;
  private failures = 0;
  private retry: NodeJS.Timeout | undefined;
  private permits = new Permits(IN_FLIGHT);
  private readonly waiting = new Set<(error: Error) => void>();
  private readonly upListeners: (() => void)[] = [];

  constructor(private readonly options: MqttConnectionOptions) {}

  get isUp(): boolean {
    return this.up;
  }

  /** Called each time the connection is there and subscribed. */
  onUp(listener: () => void): void {
    this.upListeners.push(listener);
  }

  /** Begins to connect; does not wait for a broker that is away. */
  start(): void {
    this.stopped = false;
    this.open();
  }

  /** Says that the server goes, then ends the connection. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    const client = this.client;
    if (client && this.up) await this.publish(serverState(false)).catch(() => undefined);
    this.lost(client, new Error('stopping'));
    if (client) await client.endAsync(true).catch(() => undefined);
  }

  /** Resolves when the broker has confirmed. Throws NotConfirmed. */
  async publish(message: Outgoing): Promise<void> {
    const { client, permits } = this;
    if (!client || !this.up) throw new NotConfirmed('there is no connection to the broker');
    await permits.take(message.urgent);
    try {
      await this.confirmed(client, message);
    } finally {
      permits.give();
    }
  }

  private confirmed(client: MqttClient, message: Outgoing): Promise<void> {
    return new Promise((resolve, reject) => {
      if (client !== this.client) return reject(new NotConfirmed('the connection was lost'));
      const timer = setTimeout(() => done(new Error('no answer from the broker')), PUBLISH_MS);
      const done = (error?: Error | null) => {
        clearTimeout(timer);
        this.waiting.delete(done);
        if (error) reject(new NotConfirmed(error.message, { cause: error }));
        else resolve();
      };
      this.waiting.add(done);
      const { topic, payload, qos, retain } = message;
      client.publish(topic, payload, { qos, retain, ...this.properties(message) }, done);
    });
  }

  private properties({ expiryS, correlationId }: Outgoing) {
    if (this.options.protocol !== 5) return {};
    return {
      properties: {
        ...(expiryS !== undefined && { messageExpiryInterval: Math.max(1, Math.ceil(expiryS)) }),
        ...(correlationId !== undefined && { userProperties: { correlationId } }),
      },
    };
  }

  private open(): void {
    const { url, username, password, protocol } = this.options;
    const five = protocol === 5;
    const options: IClientOptions = {
      protocolVersion: protocol,
      clientId: `phusong-server-${randomUUID().slice(0, 13)}`,
      username,
      password,
      clean: true,
      // Each attempt is a new client: what was in flight is the relay's to repeat, and must not be repeated twice.
      reconnectPeriod: 0,
      resubscribe: false,
      connectTimeout: CONNECT_MS,
      keepalive: KEEPALIVE_S,
      will: serverState(false),
      ...(five && { properties: { receiveMaximum: 1000 } }),
    };
    const client = connect(url, options);
    this.client = client;
    let problem: Error | undefined;
    client.handleMessage = (packet, done) => void this.handle(packet).then(() => done(), done);
    client.on('error', (error) => {
      problem = error;
      client.end(true);
    });
    client.on('close', () => this.lost(client, problem ?? new Error('the connection was closed')));
    client.on('connect', (connack) => {
      this.subscribe(client, connack)
        .then(() => this.arrived(client, connack))
        .catch((error: Error) => {
          problem = error;
          client.end(true);
        });
    });
  }

  private async subscribe(client: MqttClient, connack: IConnackPacket): Promise<void> {
    const shared = this.options.protocol === 5 && connack.properties?.sharedSubscriptionAvailable !== false;
    const filters = shared ? serverFilters(SHARE_GROUP) : serverFilters();
    const asked = [...filters, SERVER_STATE];
    const granted = await client.subscribeAsync(asked, { qos: 1 });
    const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
    if (refused.length > 0) throw new Error(`the broker refuses to subscribe us to ${refused.join(', ')}`);
    if (!shared) return;
    // What the broker has kept is not told to shared subscriptions (MQTT 5, 4.8.2): ask for it in a plain one, for a moment.
    const plain = serverFilters();
    await client.subscribeAsync(plain, { qos: 0 });
    await client.unsubscribeAsync(plain);
  }

  private async arrived(client: MqttClient, connack: IConnackPacket): Promise<void> {
    if (this.client !== client || this.stopped) return;
    this.permits = new Permits(Math.min(IN_FLIGHT, connack.properties?.receiveMaximum ?? IN_FLIGHT));
    this.up = true;
    connected.set(1);
    await this.publish(serverState(true));
    this.failures = 0;
    this.options.logger.info({ url: safe(this.options.url) }, 'connected to the broker');
    for (const listener of this.upListeners) listener();
  }

  private lost(client: MqttClient | undefined, error: Error): void {
    if (!client || this.client !== client) return;
    this.client = undefined;
    this.up = false;
    connected.set(0);
    for (const done of [...this.waiting]) done(error);
    if (this.stopped) return;
    this.failures += 1;
    const delayMs = this.options.delayMs?.(this.failures) ?? reconnectDelayMs(this.failures, Math.random());
    const line = { err: error, url: safe(this.options.url), inMs: Math.round(delayMs) };
    this.options.logger.warn(line, 'no connection to the broker; trying again');
    this.retry = setTimeout(() => this.open(), delayMs);
  }

  private async handle(packet: IPublishPacket): Promise<void> {
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    if (packet.topic === SERVER_STATE) return this.correct(payload);
    const given = packet.properties?.userProperties?.['correlationId'];
    await this.options.take({
      topic: packet.topic,
      payload,
      retained: packet.retain,
      correlationId: Array.isArray(given) ? given[0] : given,
    });
  }

  /** Another worker's will says that the server is gone, and it is not. */
  private correct(payload: Buffer): void {
    const said = decode(SERVER_STATE, payload);
    const wrong = said.ok && said.kind === 'serverState' && !said.message.online;
    if (wrong && this.up && !this.stopped) void this.publish(serverState(true)).catch(() => undefined);
  }
}

function serverState(online: boolean): Encoded {
  return encode({ kind: 'serverState' }, { online, at: new Date().toISOString() });
}

function safe(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
