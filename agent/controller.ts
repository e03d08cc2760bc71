import {
  decode,
  isClockTrusted,
  MEDIA_CODECS,
  type LogKind,
  type MessageOf,
  type ReportedMessage,
  type TopicKind,
  type TopicOf,
} from '../src/contract/index.js';
import { AlarmBoard } from './alarm-board.js';
import { isoTime } from './clock.js';
import { CommandDesk } from './command-desk.js';
import { CommandHandler } from './command-handler.js';
import { KeyRing } from './key-ring.js';
import { LiveFeed } from './live-feed.js';
import { LogSender } from './log-sender.js';
import { MediaCache } from './media-cache.js';
import { UNKNOWN_HEALTH, type AgentOptions } from './options.js';
import { PlanKeeper } from './plan-keeper.js';
import { PlayEngine, type PlayerConfig, type RecordDetail } from './player/engine.js';
import type { PlayItem } from './player/item.js';
import { Prefetcher } from './prefetcher.js';
import { closeOpenPlays, takeUpCommands } from './recovery.js';
import { Reporter } from './reporter.js';
import { selfTest } from './self-test.js';
import { AgentStore } from './store/agent-store.js';
import { phaseOfRecord } from './store/journal.js';

/** What the controller needs of the connection. */
export interface ControllerLink {
  readonly session: string | undefined;
  publish<K extends TopicKind>(topic: TopicOf<K>, message: MessageOf[K]): Promise<boolean>;
  setFilters(filters: string[]): void;
}

/** Until the first document says otherwise, nights are quiet. */
const FIRST_CONFIG: PlayerConfig = {
  volumePercent: 50,
  quietHours: [{ from: '21:00', to: '05:00' }],
  timeZone: 'Asia/Ho_Chi_Minh',
};
const DEFAULT_CACHE_BYTES = 2_000_000_000;
const RESEND_MS = 60_000;

/** One life of the controller, from power on to power off: everything but the connection, put together. */
export class Controller {
  readonly #options: AgentOptions;
  readonly #link: ControllerLink;
  readonly #store: AgentStore;
  readonly #prefetcher: Prefetcher;
  readonly #engine: PlayEngine;
  readonly #plan: PlanKeeper;
  readonly #desk: CommandDesk;
  readonly #commands: CommandHandler;
  readonly #sender: LogSender;
  readonly #alarms: AlarmBoard;
  readonly #keys: KeyRing;
  readonly #reporter: Reporter;
  #playingSince: string | undefined;
  #retainedCommands = 0;
  #recordsFail = false;

  constructor(options: AgentOptions, link: ControllerLink, reboot: () => void) {
    const { clock, clusterId, sink } = options;
    this.#options = options;
    this.#link = link;
    const store = new AgentStore(options.stateFolder, { fsync: options.fsync ?? true, nowMs: clock.now() });
    this.#store = store;
    const cache = new MediaCache({
      ...options,
      folder: store.mediaFolder,
      limitBytes: options.cacheBytes ?? DEFAULT_CACHE_BYTES,
    });
    const changed = (): void => this.#changed();
    this.#reporter = new Reporter(
      clock,
      () => this.#reported(),
      (message) => void link.publish({ kind: 'reported', clusterId }, message),
    );
    this.#alarms = new AlarmBoard({
      store,
      clock,
      publish: (code, alarm) => link.publish({ kind: 'alarm', clusterId, code }, alarm),
      changed: () => this.#reporter.soon(),
    });
    this.#keys = new KeyRing({
      clusterId,
      store,
      provisioned: options.keys ?? [],
      alarm: (detail) => this.#alarms.set('signature', 'CRITICAL', detail),
    });
    this.#sender = new LogSender({
      journal: store.journal,
      clock,
      send: (record) => link.publish({ kind: 'log', clusterId }, record),
      resendMs: options.resendMs ?? RESEND_MS,
    });
    this.#desk = new CommandDesk({
      memory: store.commands,
      clock,
      publish: (ack) => link.publish({ kind: 'ack', clusterId }, ack),
    });
    this.#prefetcher = new Prefetcher(cache, clock, changed);
    this.#engine = new PlayEngine({
      clock,
      sink,
      media: cache,
      config: () => this.#config(),
      record: (item, kind, detail) => this.#record(item, kind, detail),
      changed,
      fault: (error) => options.log('error', 'player', { clusterId, error: String(error) }),
    });
    const confirmed = (): void => this.#sender.confirmed();
    this.#plan = new PlanKeeper({
      clusterId,
      store,
      engine: this.#engine,
      prefetcher: this.#prefetcher,
      keys: this.#keys,
      setFilters: (filters) => link.setFilters(filters),
      confirmed,
      changed,
    });
    this.#commands = new CommandHandler({
      clusterId,
      clock,
      store,
      desk: this.#desk,
      engine: this.#engine,
      keys: this.#keys,
      liveSource: (broadcastId) => this.#liveSource(broadcastId),
      config: () => this.#config(),
      selfTest: () => selfTest({ folder: store.folder, sink, clock, media: this.#prefetcher.state() }),
      reboot,
      sync: () => this.#greet(),
      confirmed,
      changed,
    });
  }

  /** Commands that were retained, and so were dropped (rule 6). */
  get retainedCommands(): number {
    return this.#retainedCommands;
  }

  get playing(): boolean {
    return this.#engine.current !== undefined;
  }

  /** Takes up work from what is on disk. */
  start(): void {
    closeOpenPlays(this.#store, this.#options.clock, this.#options.observe);
    this.#options.sink.setVolume(this.#config().volumePercent);
    this.#plan.activate();
    takeUpCommands(this.#store, this.#desk, this.#engine);
    this.#setClockAlarm();
    this.#setStorageAlarm();
  }

  /** Silence; what sounded is recorded as cut off. */
  async stop(): Promise<void> {
    this.#sender.offline();
    this.#reporter.close();
    this.#prefetcher.close();
    await this.#engine.close();
    closeOpenPlays(this.#store, this.#options.clock, this.#options.observe);
  }

  online(session: string): void {
    const { clusterId, clock } = this.#options;
    const state = { online: true, session, at: isoTime(clock.now()) };
    void this.#link.publish({ kind: 'state', clusterId }, state);
    this.#greet();
    this.#desk.online();
  }

  offline(): void {
    this.#sender.offline();
  }

  /** The platform has learnt something about the clock. */
  clockChanged(): void {
    this.#setClockAlarm();
    this.#engine.look();
    this.#changed();
  }

  message(topicText: string, payload: Buffer, retained: boolean): void {
    const decoded = decode(topicText, payload);
    if (!decoded.ok) {
      this.#options.log('warn', 'unreadable message', { topic: topicText, reason: decoded.reason });
      if (topicText.endsWith('/desired')) this.#plan.unreadable(versionOf(payload), decoded.reason);
      return;
    }
    switch (decoded.kind) {
      case 'desired':
        return this.#plan.receive(decoded.message);
      case 'serverState':
        return this.#sender.serverIs(decoded.message.online);
      case 'command':
      case 'areaCommand':
        if (!retained) return this.#commands.receive(topicText, decoded.message);
        this.#retainedCommands += 1;
        this.#options.log('warn', 'retained command dropped', { topic: topicText });
        return;
      default:
        // What clusters say; we are not subscribed to it.
        return;
    }
  }

  /** Everything a server that knows nothing of us needs to know. */
  #greet(): void {
    const { cacheBytes, clock, clusterId, firmware, hardware } = this.#options;
    const { session } = this.#link;
    if (session === undefined) return;
    void this.#link.publish(
      { kind: 'birth', clusterId },
      {
        session,
        at: isoTime(clock.now()),
        firmware: firmware ?? 'phu-song-agent',
        hardware: hardware ?? 'reference',
        capabilities: {
          codecs: [...MEDIA_CODECS],
          storageBytes: cacheBytes ?? DEFAULT_CACHE_BYTES,
          tts: false,
          live: this.#options.sink.stream !== undefined,
        },
        clock: { ...clock.reading(), source: clock.source() },
        applied: { desiredVersion: this.#plan.appliedVersion },
        log: this.#store.journal.position(),
      },
    );
    this.#reporter.now();
    this.#alarms.online();
    this.#sender.online();
  }

  #record(item: PlayItem, kind: LogKind, detail: RecordDetail): boolean {
    const { clock } = this.#options;
    const at = isoTime(clock.now());
    if (kind === 'started' || kind === 'resumed') this.#playingSince = at;
    const { record, stored } = this.#store.journal.append(
      {
        kind,
        playId: item.playId,
        broadcastId: item.broadcastId,
        occurrenceId: item.occurrenceId,
        class: item.class,
        commandId: item.commandIds[0],
        at,
        clock: clock.reading(),
        sha256: item.stream?.sha256() ?? item.media.sha256,
        volumePercent: item.volumePercent ?? this.#config().volumePercent,
        positionS: Math.round(item.heardS * 1000) / 1000,
        ...detail,
      },
      Date.parse(item.notAfter),
    );
    this.#options.observe?.(record);
    this.#sender.wake();
    this.#recordsFail = !stored;
    this.#setStorageAlarm();
    const phase = phaseOfRecord(record);
    if (phase !== undefined) {
      for (const id of item.commandIds) this.#desk.follow(id, { phase, code: detail.reason });
    }
    return stored;
  }

  #liveSource(broadcastId: string): LiveFeed | undefined {
    const { clock, clusterId, secret, serverUrl, sink } = this.#options;
    if (sink.stream === undefined) return undefined;
    return new LiveFeed({
      url: `${serverUrl.replace(/\/+$/, '')}/live/${broadcastId}`,
      authorization: `Basic ${Buffer.from(`${clusterId}:${secret}`).toString('base64')}`,
      clock,
    });
  }

  #changed(): void {
    this.#reporter.soon();
    this.#setStorageAlarm();
  }

  #setClockAlarm(): void {
    const reading = this.#options.clock.reading();
    const seconds = Math.round((reading.offsetMs ?? 0) / 1000);
    const fault = reading.synced ? `The clock is ${seconds} s off` : 'The clock is not synchronised';
    this.#alarms.set('clock', 'WARNING', isClockTrusted(reading) ? undefined : fault);
  }

  #setStorageAlarm(): void {
    if (this.#recordsFail) return this.#alarms.set('storage', 'CRITICAL', 'Play records cannot be written');
    const full = this.#prefetcher.state().missing.find(({ code }) => STORAGE_CODES.has(code));
    this.#alarms.set('storage', 'WARNING', full && `No room for media ${full.sha256}`);
  }

  #config(): PlayerConfig {
    const config = this.#store.desired?.config ?? FIRST_CONFIG;
    const { volumePercent } = this.#store.settings;
    return volumePercent === null ? config : { ...config, volumePercent };
  }

  #reported(): ReportedMessage | undefined {
    const { session } = this.#link;
    if (session === undefined) return undefined;
    const { current } = this.#engine;
    const since = this.#playingSince;
    return {
      at: isoTime(this.#options.clock.now()),
      session,
      version: this.#plan.appliedVersion,
      error: this.#plan.error,
      media: this.#prefetcher.state(),
      volumePercent: this.#config().volumePercent,
      playing:
        current === undefined || since === undefined
          ? null
          : { playId: current.playId, class: current.class, since },
      clock: this.#options.clock.reading(),
      log: this.#store.journal.position(),
      alarms: this.#alarms.standing(),
      keys: this.#keys.keys.map(({ keyId }) => keyId),
      health: this.#options.health?.() ?? UNKNOWN_HEALTH,
    };
  }
}

const STORAGE_CODES: ReadonlySet<string> = new Set(['STORAGE', 'MEDIA_TOO_LARGE']);

/** The version of a document that does not fit, if it has one. */
function versionOf(payload: Buffer): number | null {
  try {
    const { version } = JSON.parse(payload.toString('utf8')) as { version?: unknown };
    return Number.isSafeInteger(version) && (version as number) >= 0 ? (version as number) : null;
  } catch {
    return null;
  }
}
