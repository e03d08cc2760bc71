import type { ClusterClock, Timer } from '../../agent/clock.js';

/** A clock that stands still until it is moved. */
export class ManualClock implements ClusterClock {
  synced = true;
  #nowMs: number;
  #timers: { atMs: number; task: () => void }[] = [];

  readonly #settle: () => Promise<void>;

  /** `settle` waits until what a timer has set off has come to rest. */
  constructor(start: string, settle: () => Promise<void> = rest) {
    this.#nowMs = Date.parse(start);
    this.#settle = settle;
  }

  now(): number {
    return this.#nowMs;
  }

  elapsedMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, task: () => void): Timer {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), task };
    this.#timers.push(timer);
    return { cancel: () => (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  reading(): { synced: boolean; offsetMs: number | null } {
    return { synced: this.synced, offsetMs: this.synced ? 0 : null };
  }

  source(): 'NTP' | 'NONE' {
    return this.synced ? 'NTP' : 'NONE';
  }

  /** Moves on while nothing can be carried out, as when the machine has something else to do. */
  skip(ms: number): void {
    this.#nowMs += ms;
  }

  /** Moves on, timer by timer, and lets what they set off come to rest. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await this.#settle();
    for (;;) {
      const [next] = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.task();
      await this.#settle();
    }
    this.#nowMs = untilMs;
  }
}

/** Until promises that are settled have been followed, a few turns of the event loop deep. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
