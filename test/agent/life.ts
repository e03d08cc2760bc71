import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClusterClock, Timer } from '../../agent/clock.js';
import { Controller, type ControllerLink } from '../../agent/controller.js';
import { Limiter } from '../../agent/limiter.js';
import type { Playback, Sink, SinkRequest } from '../../agent/player/sink.js';
import { timedPlayback } from '../../agent/player/null-sink.js';
import {
  clusterFilters,
  encode,
  type AckMessage,
  type CommandMessage,
  type DesiredMessage,
  type LogRecord,
  type TopicKind,
} from '../../src/contract/index.js';
import { ManualClock, rest } from './manual-clock.js';

export const CLUSTER = 'loa-1';
const AREA = '31318';
const LONGEST_S = 30;

/** What came out of the loudspeaker, by true time. */
export interface Sound {
  playId: string;
  volumePercent: number;
  fromMs: number;
  toMs: number | undefined;
}

/** How many tasks are at the disk, so that a test can wait until there are none. */
class CountedReads extends Limiter {
  running = 0;

  override async run<T>(task: () => Promise<T>): Promise<T> {
    this.running += 1;
    try {
      return await super.run(task);
    } finally {
      this.running -= 1;
    }
  }
}

/** The clock of one life of a controller: off by `skewMs` until it is synchronised, and still after a power cut. */
class LifeClock implements ClusterClock {
  readonly #truth: ManualClock;
  readonly #timers = new Set<Timer>();
  synced: boolean;
  skewMs: number;
  #dead = false;

  constructor(truth: ManualClock, synced: boolean, skewMs: number) {
    this.#truth = truth;
    this.synced = synced;
    this.skewMs = skewMs;
  }

  now = (): number => this.#truth.now() + this.skewMs;
  elapsedMs = (): number => this.#truth.elapsedMs();
  reading = (): ReturnType<ClusterClock['reading']> => ({ synced: this.synced, offsetMs: null });
  source = (): 'NTP' | 'NONE' => (this.synced ? 'NTP' : 'NONE');

  after(delayMs: number, task: () => void): Timer {
    if (this.#dead) return { cancel: () => undefined };
    const timer = this.#truth.after(delayMs, () => {
      this.#timers.delete(timer);
      task();
    });
    this.#timers.add(timer);
    return timer;
  }

  kill(): void {
    this.#dead = true;
    for (const timer of this.#timers) timer.cancel();
  }
}

/** A loudspeaker that keeps a record of its own. */
class Loudspeaker implements Sink {
  readonly name = 'recorded';
  readonly canSeek = true;
  volumePercent = -1;
  sound: Sound | undefined;
  most = 0;
  #sounding = 0;
  readonly #clock: LifeClock;
  readonly #truth: ManualClock;
  readonly #sounds: Sound[];

  constructor(clock: LifeClock, truth: ManualClock, sounds: Sound[]) {
    this.#clock = clock;
    this.#truth = truth;
    this.#sounds = sounds;
  }

  setVolume(percent: number): void {
    this.volumePercent = percent;
  }

  play({ playId, durationS, fromS }: SinkRequest, onEnd: () => void): Playback {
    const { volumePercent } = this;
    const sound: Sound = { playId, volumePercent, fromMs: this.#truth.now(), toMs: undefined };
    this.#sounds.push(sound);
    this.sound = sound;
    this.#sounding += 1;
    this.most = Math.max(this.most, this.#sounding);
    const over = (): void => {
      sound.toMs = this.#truth.now();
      this.#sounding -= 1;
      if (this.sound === sound) this.sound = undefined;
    };
    const playback = timedPlayback(this.#clock, durationS, fromS, () => {
      over();
      onEnd();
    });
    return {
      positionS: () => playback.positionS(),
      stop: async () => {
        over();
        await playback.stop();
      },
    };
  }

  check(): Promise<string> {
    return Promise.resolve('recorded');
  }

  /** The power is gone. */
  cut(): void {
    if (this.sound !== undefined) this.sound.toMs = this.#truth.now();
    this.sound = undefined;
  }
}

/** DOWN: nothing passes. FAILING: what the cluster says arrives, but the cluster cannot know; nothing comes from the server. */
export type Net = 'UP' | 'FAILING' | 'DOWN';

/**
 * One cluster with its disk and loudspeaker, and a server that knows only what it is told, both under one clock that is held
 * in hand. The connection may fail and the power may be cut at any moment.
 */
export class Life {
  readonly clock: ManualClock;
  readonly folder = mkdtempSync(join(tmpdir(), 'life-'));
  readonly sounds: Sound[] = [];
  /** Every record that was written, and every word about a command, in order, whether it arrived or not. */
  readonly written: LogRecord[] = [];
  readonly answers: AckMessage[] = [];
  /** As the server stores them: by (journal, seq). */
  readonly stored = new Map<string, LogRecord>();
  readonly problems: string[] = [];
  /** Told of what reaches the cluster. */
  received: (what: DesiredMessage | CommandMessage) => void = () => undefined;
  net: Net = 'DOWN';
  power = false;
  speaker: Loudspeaker | undefined;
  cluster: LifeClock | undefined;
  #controller: Controller | undefined;
  #session: string | undefined;
  #reads = new CountedReads(4);
  #desired: DesiredMessage | undefined;
  #queue: (() => void)[] = [];
  readonly #open = new Map<string, CommandMessage>();

  constructor(start: string) {
    this.clock = new ManualClock(start, () => this.settle());
    mkdirSync(this.#mediaFolder, { recursive: true });
    for (let durationS = 1; durationS <= LONGEST_S; durationS += 1)
      writeFileSync(join(this.#mediaFolder, this.media(durationS).sha256), contentOf(durationS));
  }

  /** One of the files that lie on the cluster already, of as many seconds as asked. */
  media(durationS: number): { sha256: string; bytes: number; durationS: number } {
    const content = contentOf(durationS);
    return { sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length, durationS };
  }

  get desired(): DesiredMessage | undefined {
    return this.#desired;
  }

  /** The server has a new document; a cluster that is away gets it when it is back. */
  publish(desired: DesiredMessage): void {
    this.#desired = desired;
    this.#toCluster(() => this.#receiveDesired());
  }

  /** The server says it so many times, and again at each birth until it is answered. */
  order(command: CommandMessage, copies = 1, byArea = false): void {
    this.#open.set(command.id, command);
    for (let copy = 0; copy < copies; copy += 1) this.#toCluster(() => this.#receive(command, byArea));
  }

  async boot(synced: boolean, skewMs: number): Promise<void> {
    const clock = new LifeClock(this.clock, synced, skewMs);
    this.#reads = new CountedReads(4);
    this.cluster = clock;
    this.speaker = new Loudspeaker(clock, this.clock, this.sounds);
    this.#controller = new Controller(
      {
        serverUrl: 'http://127.0.0.1:9',
        mqttUrl: 'mqtt://127.0.0.1:9',
        clusterId: CLUSTER,
        secret: 'a secret',
        stateFolder: this.folder,
        clock,
        sink: this.speaker,
        fetches: new Limiter(1),
        reads: this.#reads,
        fsync: false,
        log: (level, message, fields) => {
          if (level === 'error') this.problems.push(`${message} ${JSON.stringify(fields)}`);
        },
        observe: (record) => this.written.push(record),
      },
      this.#link(),
      () => undefined,
    );
    this.power = true;
    this.#controller.start();
    await this.settle();
    if (this.net === 'UP') await this.#connect();
  }

  /** The power goes: no code of the controller's runs any more. */
  cut(): void {
    this.cluster?.kill();
    this.speaker?.cut();
    this.#controller = undefined;
    this.#session = undefined;
    this.#queue = [];
    this.power = false;
  }

  async setNet(net: Net): Promise<void> {
    const before = this.net;
    this.net = net;
    if (net === 'UP' && before !== 'UP') await this.#connect();
    if (net === 'DOWN' && before !== 'DOWN') {
      this.#session = undefined;
      this.#controller?.offline();
    }
    await this.settle();
  }

  async setClock(synced: boolean): Promise<void> {
    if (this.cluster === undefined) return;
    this.cluster.synced = synced;
    if (synced) this.cluster.skewMs = 0;
    this.#controller?.clockChanged();
    await this.settle();
  }

  /** Until nothing moves any more at this instant. */
  async settle(): Promise<void> {
    do {
      await rest();
      const queue = this.#queue;
      this.#queue = [];
      for (const task of queue) task();
    } while (this.#queue.length > 0 || this.#reads.running > 0);
    await rest();
    if (this.#queue.length > 0 || this.#reads.running > 0) await this.settle();
  }

  remove(): void {
    this.cut();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #mediaFolder(): string {
    return join(this.folder, 'media');
  }

  async #connect(): Promise<void> {
    if (this.#controller === undefined) return;
    this.#session = randomUUID();
    this.#controller.online(this.#session);
    this.#receiveDesired();
    for (const command of this.#open.values()) this.#receive(command, false);
    await this.settle();
  }

  #receiveDesired(): void {
    const desired = this.#desired;
    if (desired === undefined) return;
    this.received(desired);
    this.#say({ kind: 'desired', clusterId: CLUSTER }, desired);
  }

  #receive(command: CommandMessage, byArea: boolean): void {
    const area =
      byArea && clusterFilters(CLUSTER, this.#chain()).some((filter) => filter.includes(`/a/${AREA}/`));
    this.received(command);
    if (area) this.#say({ kind: 'areaCommand', areaCode: AREA }, command);
    else this.#say({ kind: 'command', clusterId: CLUSTER }, command);
  }

  #chain(): string[] {
    return this.#desired?.config.areaChain ?? [];
  }

  #say(...message: Parameters<typeof encode>): void {
    const { topic, payload } = encode(...message);
    this.#controller?.message(topic, payload, false);
  }

  /** On its way now; lost when the connection is gone before it is there. */
  #toCluster(arrive: () => void): void {
    if (this.net !== 'UP' || !this.power) return;
    this.#queue.push(() => {
      if (this.net === 'UP' && this.power) arrive();
    });
  }

  #link(): ControllerLink {
    const session = (): string | undefined => this.#session;
    return {
      get session() {
        return session();
      },
      publish: (topic, message) => {
        if (topic.kind === 'ack') this.answers.push(message as AckMessage);
        if (this.net !== 'DOWN' && this.#session !== undefined) this.#hear(topic.kind, message);
        return Promise.resolve(this.net === 'UP' && this.#session !== undefined);
      },
      setFilters: () => undefined,
    };
  }

  #hear(kind: TopicKind, message: unknown): void {
    if (kind === 'ack') this.#open.delete((message as AckMessage).id);
    if (kind !== 'log') return;
    const record = message as LogRecord;
    this.stored.set(`${record.journal} ${record.seq}`, record);
    this.#toCluster(() => this.#confirm(record.journal));
  }

  /** All that has come without a hole. */
  #confirm(journal: string): void {
    let seq = 0;
    while (this.stored.has(`${journal} ${seq + 1}`)) seq += 1;
    const at = new Date(this.clock.now()).toISOString();
    this.#say(
      { kind: 'command', clusterId: CLUSTER },
      {
        id: randomUUID(),
        issuedAt: at,
        notAfter: at,
        priority: 'NORMAL',
        type: 'log-ack',
        watermark: { journal, seq },
      },
    );
  }
}

function contentOf(durationS: number): Buffer {
  return Buffer.from(`${durationS} s of sound`);
}
