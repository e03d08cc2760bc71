import { randomUUID } from 'node:crypto';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { encode, type MessageOf, type TopicKind, type TopicOf } from '../src/contract/index.js';
import { backoffDelayMs, RECONNECT_BACKOFF, type BackoffOptions } from './backoff.js';
import { isoTime, type ClusterClock, type Timer } from './clock.js';
import type { AgentLog } from './options.js';

export interface LinkOptions {
  mqttUrl: string;
  clusterId: string;
  secret: string;
  clock: ClusterClock;
  log: AgentLog;
  /** 4 is MQTT 3.1.1, which is all the protocol needs; 5 delays the will, so that a short loss is no outage. */
  mqttVersion?: 4 | 5;
  keepaliveS?: number;
  backoff?: BackoffOptions;
  random?: () => number;
}

export interface LinkEvents {
  /** Connected and subscribed under a new session. */
  online(session: string): void;
  offline(): void;
  message(topic: string, payload: Buffer, retained: boolean): void;
}

const WILL_DELAY_S = 30;
const CONNECT_TIMEOUT_MS = 30_000;

/**
 * The one connection of a cluster. A new client with a new session id each time (rule 7), its own back-off (rule 13: the
 * client's own reconnect period is fixed), a clean session: the server is the store, not the broker (rule 8).
 */
export class MqttLink {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  #client: MqttClient | undefined;
  #session: string | undefined;
  #filters: string[] = [];
  /** What the connection is subscribed to. */
  #held = new Set<string>();
  #attempt = 0;
  #retry: Timer | undefined;
  #stopped = true;

  constructor(options: LinkOptions, events: LinkEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** The session under which the cluster is connected; undefined when it is not. */
  get session(): string | undefined {
    return this.#session;
  }

  start(): void {
    this.#stopped = false;
    this.#connect();
  }

  /** Says goodbye and closes. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    await this.#leave();
  }

  /** Ends the connection and makes a new one, as after a restart. */
  async renew(): Promise<void> {
    await this.#leave();
    if (!this.#stopped) this.#connect();
  }

  /** The topics to be subscribed to, now and at each connection. */
  setFilters(filters: string[]): void {
    this.#filters = filters;
    // A connection that is just being made takes them up by itself.
    if (this.#client !== undefined && this.#session !== undefined) void this.#subscribe(this.#client);
  }

  /** True once the broker has confirmed. False when there is no connection or it broke: the caller sends it again. */
  async publish<K extends TopicKind>(topic: TopicOf<K>, message: MessageOf[K]): Promise<boolean> {
    const client = this.#client;
    if (client === undefined || !client.connected) return false;
    const { topic: text, payload, qos, retain } = encode(topic, message);
    try {
      await client.publishAsync(text, payload, { qos, retain });
      return true;
    } catch {
      return false;
    }
  }

  #connect(): void {
    const { clusterId, clock, log } = this.#options;
    const session = randomUUID();
    const client = connect(this.#options.mqttUrl, this.#connectOptions(session));
    this.#client = client;
    this.#held = new Set();
    client.on('connect', () => {
      void this.#subscribe(client).then(() => {
        if (client !== this.#client || !client.connected) return;
        this.#attempt = 0;
        this.#session = session;
        this.#events.online(session);
      });
    });
    client.on('message', (topic, payload, packet) => this.#events.message(topic, payload, packet.retain));
    client.on('error', (error) => log('warn', 'connection', { clusterId, error: error.message }));
    client.on('close', () => {
      if (client !== this.#client) return;
      this.#drop(client);
      if (this.#stopped) return;
      const random = (this.#options.random ?? Math.random)();
      const delayMs = backoffDelayMs(this.#attempt, this.#options.backoff ?? RECONNECT_BACKOFF, random);
      this.#attempt += 1;
      this.#retry = clock.after(delayMs, () => this.#connect());
    });
  }

  #connectOptions(session: string): IClientOptions {
    const { clusterId, secret, clock, mqttVersion = 4, keepaliveS = 60 } = this.#options;
    const will = encode({ kind: 'state', clusterId }, { online: false, session, at: isoTime(clock.now()) });
    return {
      protocolVersion: mqttVersion,
      clientId: clusterId,
      username: clusterId,
      password: secret,
      clean: true,
      keepalive: keepaliveS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0,
      will: {
        ...will,
        ...(mqttVersion === 5 && { properties: { willDelayInterval: WILL_DELAY_S } }),
      },
    };
  }

  /** Brings the subscriptions in line with the filters, which may change while it does so. */
  async #subscribe(client: MqttClient): Promise<void> {
    const held = this.#held;
    while (client === this.#client && client.connected) {
      const added = this.#filters.filter((filter) => !held.has(filter));
      const gone = [...held].filter((filter) => !this.#filters.includes(filter));
      if (added.length + gone.length === 0) return;
      for (const filter of added) held.add(filter);
      for (const filter of gone) held.delete(filter);
      try {
        if (gone.length > 0) await client.unsubscribeAsync(gone);
        const grants = added.length > 0 ? await client.subscribeAsync(added, { qos: 1 }) : [];
        const refused = grants.filter(({ qos }) => qos > 2).map(({ topic }) => topic);
        if (refused.length > 0) this.#options.log('warn', 'subscription refused', { refused });
      } catch (error) {
        this.#options.log('warn', 'subscription failed', { error: (error as Error).message });
        // Deaf is worse than away: the next connection tries again.
        if (client.connected) client.stream.destroy();
        return;
      }
    }
  }

  async #leave(): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    const session = this.#session;
    const { clusterId, clock } = this.#options;
    if (session !== undefined && client.connected) {
      const farewell = this.publish(
        { kind: 'state', clusterId },
        { online: false, session, at: isoTime(clock.now()) },
      );
      await Promise.race([farewell, new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
    }
    this.#client = undefined;
    this.#session = undefined;
    if (session !== undefined) this.#events.offline();
    await client.endAsync(session === undefined).catch(() => undefined);
  }

  #drop(client: MqttClient): void {
    this.#client = undefined;
    const wasOnline = this.#session !== undefined;
    this.#session = undefined;
    client.end(true);
    if (wasOnline) this.#events.offline();
  }
}
