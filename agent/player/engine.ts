import {
  audibleAt,
  holdShifted,
  isClockTrusted,
  isCutBy,
  isQuiet,
  msUntilQuiet,
  releaseShifted,
  type ClusterConfig,
  type LogKind,
  type LogRecord,
  type ReasonCode,
} from '../../src/contract/index.js';
import type { ClusterClock, Timer } from '../clock.js';
import { StreamError } from '../live-feed.js';
import { isDue, isTooLate, lengthMs, replan, totalS, type PlayItem } from './item.js';
import { MediaReadiness, type MediaPort } from './media-readiness.js';
import { Output } from './output.js';
import type { Sink } from './sink.js';

export type PlayerConfig = Pick<ClusterConfig, 'volumePercent' | 'quietHours' | 'timeZone'>;

/** What a record says beyond the play itself. */
export interface RecordDetail {
  reason?: ReasonCode;
  byPlayId?: string;
  next?: LogRecord['next'];
}

export interface EnginePorts {
  clock: ClusterClock;
  sink: Sink;
  media: MediaPort;
  config(): PlayerConfig;
  /** Writes a play record; false when it could not be persisted. Called before sound begins and after it has ended. */
  record(item: PlayItem, kind: LogKind, detail: RecordDetail): boolean;
  /** What is audible has changed. */
  changed(): void;
  /** A fault in the engine's own working. */
  fault(error: unknown): void;
}

/** The engine looks up at least this often, so that a clock that was set does not leave a play waiting. */
const LOOK_UP_MS = 60_000;

/**
 * Decides what sounds. There is one rule, the contract's `audibleAt`; this class brings the world in line with it, one
 * step after another, whenever a play comes, a time passes, media is ready or a sound ends.
 */
export class PlayEngine {
  readonly #ports: EnginePorts;
  readonly #output: Output;
  readonly #readiness: MediaReadiness;
  #items: PlayItem[] = [];
  #timer: Timer | undefined;
  /** The time of the last step: what has come since then has not been seen. */
  #seenMs = 0;
  #busy = false;
  #again = false;
  #closed = false;

  constructor(ports: EnginePorts) {
    this.#ports = ports;
    this.#output = new Output(ports, (item, error) => this.#ended(item, error));
    this.#readiness = new MediaReadiness(
      ports.media,
      ports.clock,
      () => this.look(),
      (item, code) => this.#end(item, 'failed', { reason: code }),
    );
  }

  /** The item that sounds now. */
  get current(): PlayItem | undefined {
    return this.#output.item;
  }

  find(playId: string): PlayItem | undefined {
    return this.#items.find((item) => item.playId === playId);
  }

  add(item: PlayItem): void {
    this.#items.push(item);
    this.look();
  }

  /** Takes a new plan: items that have not begun and are in it no more are cancelled, without a record. */
  replacePlan(plan: readonly PlayItem[]): void {
    const kept = new Set(plan.map(({ playId }) => playId));
    for (const item of this.#items) {
      if (item.source === 'PLAN' && item.state === 'PENDING' && !kept.has(item.playId)) this.#remove(item);
    }
    for (const item of plan) {
      const known = this.find(item.playId);
      if (known === undefined) this.#items.push(item);
      else if (known.source === 'PLAN' && known.state === 'PENDING') replan(known, item);
    }
    this.look();
  }

  /** Orders every item that fits to stop. Returns how many there are. */
  stop(fits: (item: PlayItem) => boolean): number {
    const hit = this.#items.filter((item) => item.state !== 'ENDED' && fits(item));
    for (const item of hit) item.stopOrdered = true;
    this.look();
    return hit.length;
  }

  /** The configuration is another one. */
  configured(): void {
    this.#output.followVolume();
    this.look();
  }

  /** Something may have changed: a new configuration, the clock, the media. */
  look(): void {
    if (this.#closed) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    void this.#settle();
  }

  /** Silence, and nothing more by itself. Records are left to the caller, as after a power cut. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#output.close();
  }

  async #settle(): Promise<void> {
    try {
      do {
        this.#again = false;
        await this.#step();
        holdShifted(this.#items, this.#seenMs);
      } while (this.#again && !this.#closed);
    } catch (error) {
      this.#ports.fault(error);
    }
    this.#busy = false;
    this.#arm();
  }

  async #step(): Promise<void> {
    const now = this.#ports.clock.now();
    this.#seenMs = now;
    const { quietHours, timeZone } = this.#ports.config();
    const quiet = isQuiet(quietHours, timeZone, now);
    for (const item of [...this.#items]) await this.#retire(item, now, quiet);
    const best = audibleAt(
      this.#items.filter((item) => !this.#isHeld(item) && this.#readiness.mayPlay(item, now)),
      now,
      quiet,
    );
    this.#readiness.prepareAhead(this.#items, now);
    for (const item of this.#items) {
      if (best !== undefined && item !== best && item.state === 'PENDING' && isDue(item, now))
        item.outranked = true;
    }
    const { current } = this;
    if (best === undefined || best === current || this.#closed) return;
    if (!this.#readiness.isChecked(best, now)) {
      // A fetch takes long: meanwhile the next in line may sound. A check is over at once and is waited for.
      if (this.#readiness.prepare(best) === 'FETCH') this.#again = true;
      return;
    }
    if (current !== undefined) {
      await this.#interrupt(current, best);
      this.#again = true;
      return;
    }
    this.#begin(best);
  }

  /** Ends an item whose time is over, that is forbidden now, or that was ordered to stop. */
  async #retire(item: PlayItem, now: number, quiet: boolean): Promise<void> {
    if (item.stopOrdered) return this.#silence(item, 'stopped', { reason: 'STOPPED' });
    if (item.state !== 'PENDING') {
      const forbidden = quiet && item.class !== 'EMERGENCY';
      if (forbidden) await this.#silence(item, 'stopped', { reason: 'QUIET_HOURS' });
      return;
    }
    if (!isDue(item, now)) return;
    if (this.#isUntimed(item)) {
      if (item.source === 'COMMAND') this.#end(item, 'refused', { reason: 'CLOCK_UNSYNCED' });
      else if (!item.heldForClock) {
        item.heldForClock = true;
        this.#ports.record(item, 'refused', { reason: 'CLOCK_UNSYNCED' });
      }
      return;
    }
    if (item.heldBy === undefined && isTooLate(item, now)) {
      if (item.heldForClock) this.#remove(item);
      else if (item.mediaError !== undefined) this.#end(item, 'failed', { reason: item.mediaError });
      else if (item.preparing === 'FETCH') this.#end(item, 'failed', { reason: 'MEDIA_UNAVAILABLE' });
      else this.#end(item, 'missed', { reason: item.outranked ? 'OUTRANKED' : 'TOO_LATE' });
    } else if (quiet && item.class !== 'EMERGENCY') {
      this.#end(item, 'refused', { reason: 'QUIET_HOURS' });
    }
  }

  #begin(item: PlayItem): void {
    const kind = item.state === 'INTERRUPTED' ? 'resumed' : 'started';
    if (kind === 'resumed' && item.onInterrupt === 'RESTART') item.heardS = 0;
    item.state = 'PLAYING';
    const stored = this.#ports.record(item, kind, {});
    // Without a record it could sound twice. An emergency heard twice is the lesser evil than one not heard.
    if (!stored && item.class !== 'EMERGENCY') this.#end(item, 'failed', { reason: 'STORAGE' });
    else {
      this.#output.begin(item);
      this.#cutShort(item);
    }
    this.#ports.changed();
  }

  /** Ends what waits to be resumed and whose time is over now that the next has begun. */
  #cutShort(by: PlayItem): void {
    for (const item of [...this.#items]) {
      if (item.state === 'INTERRUPTED' && isCutBy(item, by))
        this.#end(item, 'stopped', { reason: 'OVERRUN', byPlayId: by.playId });
    }
  }

  async #interrupt(item: PlayItem, by: PlayItem): Promise<void> {
    item.heardS = await this.#output.stop();
    // Ordered to stop while it was being silenced: the next step sees to it.
    if (this.#closed || item.stopOrdered) return;
    if (isHeardOut(item)) return this.#end(item, 'finished', {});
    if (isCutBy(item, by))
      return this.#end(item, 'interrupted', { reason: 'OVERRUN', byPlayId: by.playId, next: 'DROP' });
    const canResume = this.#ports.sink.canSeek || item.stream !== undefined;
    if (item.onInterrupt === 'RESUME' && !canResume) item.onInterrupt = 'RESTART';
    item.state = 'INTERRUPTED';
    item.checkedAtMs = undefined;
    const detail: RecordDetail = { reason: 'OUTRANKED', byPlayId: by.playId, next: item.onInterrupt };
    if (item.onInterrupt === 'DROP') this.#end(item, 'interrupted', detail);
    else this.#ports.record(item, 'interrupted', detail);
  }

  async #silence(item: PlayItem, kind: LogKind, detail: RecordDetail): Promise<void> {
    if (item === this.current) item.heardS = await this.#output.stop();
    if (item.state === 'ENDED') return;
    if (isHeardOut(item)) this.#end(item, 'finished', {});
    else this.#end(item, kind, detail);
  }

  #ended(item: PlayItem, error: Error | undefined): void {
    if (this.#closed) return;
    if (error === undefined) this.#end(item, 'finished', {});
    else this.#end(item, 'failed', { reason: error instanceof StreamError ? error.code : 'OUTPUT' });
    this.look();
  }

  #end(item: PlayItem, kind: LogKind, detail: RecordDetail): void {
    if (item.state === 'ENDED' || this.#closed) return;
    this.#remove(item);
    this.#ports.record(item, kind, detail);
    this.#ports.changed();
  }

  #remove(item: PlayItem): void {
    item.state = 'ENDED';
    this.#items = this.#items.filter((other) => other !== item);
    const now = this.#ports.clock.now();
    const { quietHours, timeZone } = this.#ports.config();
    releaseShifted(this.#items, item.playId, now, msUntilQuiet(quietHours, timeZone, now), lengthMs);
  }

  #isUntimed(item: PlayItem): boolean {
    return item.class !== 'EMERGENCY' && !isClockTrusted(this.#ports.clock.reading());
  }

  #isHeld(item: PlayItem): boolean {
    return item.heldForClock && this.#isUntimed(item);
  }

  /** One timer, for the next moment at which something can change by itself. */
  #arm(): void {
    this.#timer?.cancel();
    if (this.#closed || this.#items.length === 0) return;
    const now = this.#ports.clock.now();
    const { quietHours, timeZone } = this.#ports.config();
    const moments = this.#items.flatMap((item) => [
      Date.parse(item.startAt),
      Date.parse(item.notAfter) + 1,
      ...this.#readiness.momentsOf(item),
    ]);
    // A step may take its time, and the clock may be set back meanwhile.
    const seen = Math.min(this.#seenMs, now);
    const untilQuiet = msUntilQuiet(quietHours, timeZone, seen) ?? 0;
    if (untilQuiet > 0) moments.push(seen + untilQuiet);
    const next = Math.min(now + LOOK_UP_MS, ...moments.filter((moment) => moment > seen));
    this.#timer = this.#ports.clock.after(next - now, () => this.look());
  }
}

/** Its end and the moment at which it was to give way were the same. */
function isHeardOut(item: PlayItem): boolean {
  return item.heardS >= totalS(item) - 1e-6;
}
