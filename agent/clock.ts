import type { ClockReading, ClockSource } from '../src/contract/index.js';

export interface Timer {
  cancel(): void;
}

/** The controller's own clock: all of the agent's time comes through it, so a test can hold it in hand. */
export interface ClusterClock {
  /** Milliseconds since 1970 as the controller believes. */
  now(): number;
  /** Milliseconds since some moment: goes on evenly when the time of day is set. */
  elapsedMs(): number;
  after(delayMs: number, task: () => void): Timer;
  /** Whether the clock is to be trusted, and its offset from true time as last measured. */
  reading(): ClockReading;
  source(): ClockSource;
}

export interface SystemClockOptions {
  synced?: boolean;
  source?: ClockSource;
  /** Known offset from true time, ms; null when it was never measured. */
  offsetMs?: number | null;
  /** Shift of this clock against the machine's, for simulating a clock that is wrong, ms. */
  skewMs?: number;
}

/** The machine's clock. What time synchronisation knows about it is told from outside: only the platform can know. */
export class SystemClock implements ClusterClock {
  readonly #options: SystemClockOptions;

  constructor(options: SystemClockOptions = {}) {
    this.#options = options;
  }

  now(): number {
    return Date.now() + (this.#options.skewMs ?? 0);
  }

  elapsedMs(): number {
    return performance.now();
  }

  after(delayMs: number, task: () => void): Timer {
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), 2 ** 31 - 1));
    return { cancel: () => clearTimeout(timer) };
  }

  reading(): ClockReading {
    return { synced: this.#options.synced ?? true, offsetMs: this.#options.offsetMs ?? null };
  }

  source(): ClockSource {
    return this.#options.source ?? (this.reading().synced ? 'NTP' : 'NONE');
  }
}

export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
