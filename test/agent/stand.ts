import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import { Agent } from '../../agent/agent.js';
import type { ClusterClock, Timer } from '../../agent/clock.js';
import { SystemClock, type SystemClockOptions } from '../../agent/clock.js';
import { Limiter } from '../../agent/limiter.js';
import type { AgentOptions } from '../../agent/options.js';
import { NullSink } from '../../agent/player/null-sink.js';
import {
  clusterMayPublish,
  decode,
  desiredExamples,
  encode,
  type AckMessage,
  type CommandMessage,
  type Decoded,
  type DesiredMessage,
  type LogRecord,
  type MessageOf,
  type PlanItem,
  type PlayOrder,
  type TopicKind,
} from '../../src/contract/index.js';
import { freePort } from '../support/free-port.js';

export const CLUSTER = '31318-01';
export const SECRET = 'a-secret-of-the-cluster';

interface Alarm {
  atMs: number;
  task: () => void;
  armed?: Timer | undefined;
}

/**
 * The machine's clock, which can be held in hand: set to a time, at which it stands until it goes on, so that what is due
 * then is on time however slow the machine is. Its timers can be taken away: an agent under it can then do nothing more,
 * as after kill -9.
 */
export class MortalClock implements ClusterClock {
  readonly #clock: SystemClock;
  readonly #alarms = new Set<Alarm>();
  #aheadMs = 0;
  #heldAtMs: number | undefined;
  #dead = false;

  constructor(options: SystemClockOptions = {}) {
    this.#clock = new SystemClock(options);
  }

  now = (): number => this.#heldAtMs ?? this.#clock.now() + this.#aheadMs;
  /** A test that moves this clock moves all time. */
  elapsedMs = (): number => this.now();
  reading = (): ReturnType<ClusterClock['reading']> => this.#clock.reading();
  source = (): ReturnType<ClusterClock['source']> => this.#clock.source();

  after(delayMs: number, task: () => void): Timer {
    const alarm: Alarm = { atMs: this.now() + Math.max(0, delayMs), task };
    this.#alarms.add(alarm);
    this.#arm(alarm);
    return { cancel: () => this.#cancel(alarm) };
  }

  /** Sets the clock, in ms since 1970, and holds it there. What is due by then is carried out, with this time. */
  holdAt(atMs: number): void {
    this.#heldAtMs = atMs;
    for (const alarm of this.#alarms) this.#arm(alarm);
  }

  /** Lets a clock that was held go on from where it stands. */
  goOn(): void {
    this.#aheadMs = this.now() - this.#clock.now();
    this.#heldAtMs = undefined;
    for (const alarm of this.#alarms) this.#arm(alarm);
  }

  kill(): void {
    this.#dead = true;
    for (const alarm of this.#alarms) this.#cancel(alarm);
  }

  #arm(alarm: Alarm): void {
    alarm.armed?.cancel();
    alarm.armed = undefined;
    const leftMs = alarm.atMs - this.now();
    if (this.#dead || (leftMs > 0 && this.#heldAtMs !== undefined)) return;
    alarm.armed = this.#clock.after(leftMs, () => {
      this.#alarms.delete(alarm);
      alarm.task();
    });
  }

  #cancel(alarm: Alarm): void {
    alarm.armed?.cancel();
    this.#alarms.delete(alarm);
  }
}

/** A broker, a media server and what the agents said: the other side of the protocol, without the server. */
export class Stand {
  readonly folder = mkdtempSync(join(tmpdir(), 'agent-'));
  readonly heard: Exclude<Decoded, { ok: false }>[] = [];
  readonly refused: string[] = [];
  readonly requests: { sha256: string; range: string | undefined; status: number }[] = [];
  /** Confirm log records as they come, as the server does. */
  confirmLogs = true;
  /** Break off the next download after so many bytes. */
  breakAfter: number | undefined;
  readonly #media = new Map<string, Buffer>();
  readonly #clients = new Map<string, Client>();
  readonly #agents: { agent: Agent; clock: MortalClock }[] = [];
  #broker!: Aedes;
  #tcp!: ReturnType<typeof createServer>;
  #http!: Server;
  #version = 0;
  mqttPort = 0;
  httpPort = 0;

  async start(): Promise<void> {
    this.#http = createHttpServer((request, response) => this.#serve(request, response));
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve));
    this.httpPort = (this.#http.address() as AddressInfo).port;
    this.mqttPort = await freePort();
    await this.openBroker();
  }

  async openBroker(): Promise<void> {
    this.#broker = await Aedes.createBroker();
    this.#broker.authenticate = (client, username, password, done) => {
      const welcome = username === client.id && password?.toString() === SECRET;
      done(welcome ? null : Object.assign(new Error('no'), { returnCode: 4 }), welcome);
    };
    this.#broker.authorizePublish = (client, packet, done) => {
      if (client !== null && !clusterMayPublish(client.id, packet.topic)) this.refused.push(packet.topic);
      done(null);
    };
    this.#broker.on('client', (client) => this.#clients.set(client.id, client));
    this.#broker.on('publish', (packet, client) => {
      if (packet.topic.startsWith('phusong/')) this.#hear(packet, client);
    });
    this.#tcp = createServer((socket) => {
      socket.setNoDelay(true);
      this.#broker.handle(socket);
    });
    await new Promise<void>((resolve) => this.#tcp.listen(this.mqttPort, '127.0.0.1', resolve));
  }

  async closeBroker(): Promise<void> {
    await new Promise<void>((resolve) => this.#broker.close(() => resolve()));
    await new Promise<void>((resolve) => this.#tcp.close(() => resolve()));
  }

  async stop(): Promise<void> {
    for (const { agent, clock } of this.#agents) {
      await agent.stop();
      clock.kill();
    }
    await this.closeBroker();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An agent on the state of CLUSTER, started. */
  agent(
    options: Partial<AgentOptions> = {},
    clockOptions: SystemClockOptions = {},
    clock = new MortalClock(clockOptions),
  ): Agent {
    const agent = new Agent({
      serverUrl: `http://127.0.0.1:${this.httpPort}`,
      mqttUrl: `mqtt://127.0.0.1:${this.mqttPort}`,
      clusterId: CLUSTER,
      secret: SECRET,
      stateFolder: join(this.folder, CLUSTER),
      clock,
      sink: new NullSink(clock),
      fetches: new Limiter(4),
      reads: new Limiter(4),
      log: () => undefined,
      fsync: false,
      backoff: { minMs: 20, maxMs: 50, jitter: 0.25 },
      ...options,
    });
    this.#agents.push({ agent, clock });
    agent.start();
    return agent;
  }

  /** Drops an agent as kill -9 does: its timers are gone and its socket is cut, nothing of its own code is run. */
  kill(agent: Agent): void {
    const index = this.#agents.findIndex((other) => other.agent === agent);
    this.#agents[index]?.clock.kill();
    this.#agents.splice(index, 1);
    this.cut();
  }

  /** Cuts the cluster's connection. */
  cut(): void {
    this.#clients.get(CLUSTER)?.conn.destroy();
  }

  /** A media file of the length, and its reference. */
  media(durationS: number, bytes = 20_000): PlanItem['media'] {
    const content = Buffer.alloc(bytes, randomUUID());
    const sha256 = createHash('sha256').update(content).digest('hex');
    this.#media.set(sha256, content);
    return { sha256, bytes, durationS };
  }

  /** Replaces the bytes that the server gives for a hash. */
  corrupt(sha256: string): void {
    this.#media.set(sha256, Buffer.alloc(this.#media.get(sha256)?.length ?? 1, 'x'));
  }

  order(durationS: number, change: Partial<PlayOrder> = {}): PlayOrder & { playId: string } {
    return {
      playId: randomUUID(),
      broadcastId: randomUUID(),
      occurrenceId: randomUUID(),
      class: 'NORMAL',
      rank: 1,
      approvedAt: '2026-01-01T00:00:00Z',
      media: this.media(durationS),
      notAfter: inSeconds(600),
      onInterrupt: 'RESUME',
      repeat: 1,
      ...change,
    };
  }

  desired(change: Partial<DesiredMessage> = {}): DesiredMessage {
    this.#version += 1;
    const [example] = desiredExamples;
    if (example === undefined) throw new Error('the contract has no example');
    return {
      ...example,
      version: this.#version,
      at: inSeconds(0),
      config: { ...example.config, quietHours: [] },
      plan: [],
      media: [],
      logWatermark: null,
      ...change,
    };
  }

  async publishDesired(change: Partial<DesiredMessage> = {}): Promise<DesiredMessage> {
    const desired = this.desired(change);
    await this.#publish(encode({ kind: 'desired', clusterId: CLUSTER }, desired));
    return desired;
  }

  async command(command: CommandMessage, by: { area?: string; retain?: boolean } = {}): Promise<void> {
    const { area, retain = false } = by;
    const encoded =
      area === undefined
        ? encode({ kind: 'command', clusterId: CLUSTER }, command)
        : encode({ kind: 'areaCommand', areaCode: area }, command);
    await this.#publish({ ...encoded, retain });
  }

  async say(topic: string, payload: string, retain = false): Promise<void> {
    await this.#publish({ topic, payload: Buffer.from(payload), qos: 1, retain });
  }

  acks(commandId: string): AckMessage[] {
    return this.all('ack').filter(({ id }) => id === commandId);
  }

  phases(commandId: string): string[] {
    return this.acks(commandId).map(({ phase, code }) => (code === undefined ? phase : `${phase} ${code}`));
  }

  /** Records of a play as the server would store them: once each, in order. */
  records(playId: string): LogRecord[] {
    const unique = new Map(this.all('log').map((record) => [`${record.journal}/${record.seq}`, record]));
    return [...unique.values()].filter((record) => record.playId === playId).sort((a, b) => a.seq - b.seq);
  }

  kinds(playId: string): string[] {
    return this.records(playId).map(({ kind }) => kind);
  }

  last<K extends 'state' | 'birth' | 'reported'>(kind: K): MessageOf[K] | undefined {
    return this.all(kind).at(-1);
  }

  all<K extends TopicKind>(kind: K): MessageOf[K][] {
    return this.heard.flatMap((decoded) => (decoded.kind === kind ? [decoded.message as MessageOf[K]] : []));
  }

  /** Connected, subscribed and born under another session than `before`. */
  async online(agent: Agent, before?: string): Promise<string> {
    return until('online', () => {
      const { session } = agent;
      return session !== before && session === this.last('birth')?.session ? session : undefined;
    });
  }

  #hear(packet: AedesPublishPacket, client: Client | null): void {
    const fromServer = client === null && !packet.topic.endsWith('/state');
    if (fromServer) return;
    const decoded = decode(packet.topic, Buffer.from(packet.payload));
    if (!decoded.ok) {
      this.refused.push(`${packet.topic}: ${decoded.reason}`);
      return;
    }
    this.heard.push(decoded);
    if (decoded.kind !== 'log' || !this.confirmLogs) return;
    const { journal, seq } = decoded.message;
    void this.command(command({ type: 'log-ack', watermark: { journal, seq } }));
  }

  #publish(encoded: { topic: string; payload: Buffer; qos: 1; retain: boolean }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#broker.publish({ cmd: 'publish', dup: false, ...encoded }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const sha256 = request.url?.replace('/media/', '') ?? '';
    const range = request.headers.range;
    const answer = (status: number, headers: Record<string, string> = {}, body?: Buffer): void => {
      this.requests.push({ sha256, range, status });
      response.writeHead(status, headers);
      if (this.breakAfter === undefined || body === undefined) return void response.end(body);
      const part = join(this.folder, CLUSTER, 'media', `${sha256}.part`);
      const { breakAfter } = this;
      this.breakAfter = undefined;
      response.write(body.subarray(0, breakAfter));
      void until('the part is saved', () => existsSync(part) && statSync(part).size >= breakAfter).then(() =>
        response.destroy(),
      );
    };
    const credential = Buffer.from(`${CLUSTER}:${SECRET}`).toString('base64');
    if (request.headers.authorization !== `Basic ${credential}`) return answer(401);
    const content = this.#media.get(sha256);
    if (content === undefined) return answer(404);
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (from === 0) return answer(200, { 'content-length': String(content.length) }, content);
    answer(
      206,
      { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` },
      content.subarray(from),
    );
  }
}

type Body = CommandMessage extends infer C ? (C extends CommandMessage ? Omit<C, Envelope> : never) : never;
type Envelope = 'id' | 'issuedAt' | 'notAfter' | 'priority' | 'correlationId';

export function command(
  body: Body,
  change: Partial<Pick<CommandMessage, Envelope>> = {},
): CommandMessage & { id: string } {
  return {
    id: randomUUID(),
    issuedAt: inSeconds(0),
    notAfter: inSeconds(600),
    priority: 'NORMAL',
    ...body,
    ...change,
  };
}

export function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString();
}

/** Waits until a value is there. The time after which it gives up is no demand on the machine's speed. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`did not come about: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
