import type { PlayMedia, ReasonCode, ReportedMessage } from '../src/contract/index.js';
import type { ClusterClock, Timer } from './clock.js';
import { MediaError } from './download.js';
import type { MediaCache } from './media-cache.js';

const RETRY_MIN_MS = 5_000;
const RETRY_MAX_MS = 300_000;

/** Has the wanted media ready before its time; what does not come is tried again, ever more slowly. */
export class Prefetcher {
  readonly #cache: MediaCache;
  readonly #clock: ClusterClock;
  readonly #changed: () => void;
  #wanted: PlayMedia[] = [];
  readonly #missing = new Map<string, ReasonCode>();
  #attempt = 0;
  #retry: Timer | undefined;
  #running = false;
  #again = false;
  #closed = false;

  constructor(cache: MediaCache, clock: ClusterClock, changed: () => void) {
    this.#cache = cache;
    this.#clock = clock;
    this.#changed = changed;
  }

  want(media: readonly PlayMedia[]): void {
    this.#wanted = [...new Map(media.map((one) => [one.sha256, one])).values()];
    this.#cache.keep(new Set(this.#wanted.map(({ sha256 }) => sha256)));
    this.#missing.clear();
    this.#attempt = 0;
    this.#start();
  }

  /** What is here of what is wanted; missing are those that were tried in vain. */
  state(): ReportedMessage['media'] {
    return {
      ready: this.#wanted.map(({ sha256 }) => sha256).filter((sha256) => this.#cache.has(sha256)),
      missing: [...this.#missing].map(([sha256, code]) => ({ sha256, code })),
    };
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
  }

  #start(): void {
    this.#retry?.cancel();
    this.#again = true;
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#again && !this.#closed) {
      this.#again = false;
      for (const media of this.#wanted) {
        if (this.#again || this.#closed) break;
        if (!this.#cache.has(media.sha256)) await this.#fetch(media);
      }
    }
    this.#running = false;
    if (this.#closed || this.#missing.size === 0) return;
    const delayMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** this.#attempt);
    this.#attempt += 1;
    this.#retry = this.#clock.after(delayMs, () => this.#start());
  }

  async #fetch(media: PlayMedia): Promise<void> {
    try {
      await this.#cache.ensure(media);
      this.#missing.delete(media.sha256);
    } catch (error) {
      this.#missing.set(media.sha256, error instanceof MediaError ? error.code : 'STORAGE');
    }
    if (!this.#closed) this.#changed();
  }
}
