import type { PlayMedia, ReasonCode } from '../../src/contract/index.js';
import type { ClusterClock } from '../clock.js';
import { MediaError } from '../download.js';
import type { PlayItem } from './item.js';

export interface MediaPort {
  has(sha256: string): boolean;
  /** The path of the checked file; rejects with a MediaError. */
  prepare(media: PlayMedia): Promise<string>;
}

/** So long before its time the media of a planned play is checked, so that it begins on the second. */
const LEAD_MS = 10_000;
/** A check holds for this long; then the bytes are read again. */
const CHECK_HOLDS_MS = 30_000;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 60_000;

/** Sees to it that what is to be played is there, and is what was approved, before it is played. */
export class MediaReadiness {
  readonly #media: MediaPort;
  readonly #clock: ClusterClock;
  readonly #changed: () => void;
  readonly #failed: (item: PlayItem, code: ReasonCode) => void;

  /** `failed` is told of a play ordered by command whose media will not come; a planned one is tried until its time is over. */
  constructor(
    media: MediaPort,
    clock: ClusterClock,
    changed: () => void,
    failed: (item: PlayItem, code: ReasonCode) => void,
  ) {
    this.#media = media;
    this.#clock = clock;
    this.#changed = changed;
    this.#failed = failed;
  }

  isChecked(item: PlayItem, nowMs: number): boolean {
    if (item.state === 'PLAYING' || item.stream !== undefined) return true;
    return item.checkedAtMs !== undefined && Math.abs(nowMs - item.checkedAtMs) <= CHECK_HOLDS_MS;
  }

  /** Whether an item has a claim to the output: not while its media is being fetched or has just failed. */
  mayPlay(item: PlayItem, nowMs: number): boolean {
    return item.state === 'PLAYING' || (item.preparing !== 'FETCH' && item.retryAtMs <= nowMs);
  }

  /** Starts to fetch and check the media of an item, and says which it is. */
  prepare(item: PlayItem): 'CHECK' | 'FETCH' {
    if (item.preparing !== undefined) return item.preparing;
    const { media } = item;
    item.preparing = this.#media.has(media.sha256) ? 'CHECK' : 'FETCH';
    this.#media.prepare(media).then(
      (file) => {
        // A newer plan may have put other media in its place meanwhile.
        if (item.media.sha256 !== media.sha256) return this.#done(item);
        Object.assign(item, { file, attempts: 0, mediaError: undefined, checkedAtMs: this.#clock.now() });
        this.#done(item);
      },
      (error: unknown) => this.#noMedia(item, error),
    );
    return item.preparing;
  }

  /** Checks what is to begin within the next seconds. */
  prepareAhead(items: readonly PlayItem[], nowMs: number): void {
    for (const item of items) {
      if (item.state !== 'PENDING' || item.retryAtMs > nowMs || this.isChecked(item, nowMs)) continue;
      const startMs = Date.parse(item.startAt);
      if (startMs - LEAD_MS <= nowMs && nowMs < startMs) this.prepare(item);
    }
  }

  /** Moments at which an item's media wants attention, ms. */
  momentsOf(item: PlayItem): number[] {
    return [Date.parse(item.startAt) - LEAD_MS, item.retryAtMs];
  }

  #noMedia(item: PlayItem, error: unknown): void {
    const known = error instanceof MediaError ? error : undefined;
    item.mediaError = known?.code ?? 'STORAGE';
    item.retryAtMs = this.#clock.now() + Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** item.attempts);
    item.attempts += 1;
    // What has begun has no latest time any more, so it must not wait for its media without end.
    const hopeless = item.source === 'COMMAND' && known?.transient === false;
    if (hopeless || item.state === 'INTERRUPTED') this.#failed(item, item.mediaError);
    this.#done(item);
  }

  #done(item: PlayItem): void {
    item.preparing = undefined;
    this.#changed();
  }
}
