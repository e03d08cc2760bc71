export interface BackoffOptions {
  /** First delay, ms. */
  minMs: number;
  /** Longest delay before jitter, ms. */
  maxMs: number;
  /** Share by which a delay is longer or shorter at random, e.g. 0.25. */
  jitter: number;
}

/** Rule 13: 1 s to 2 min, ± 25 %. */
export const RECONNECT_BACKOFF: BackoffOptions = { minMs: 1_000, maxMs: 120_000, jitter: 0.25 };

/** Delay before attempt number `attempt` (from 0), doubling each time. `random` is in [0, 1). */
export function backoffDelayMs(attempt: number, options: BackoffOptions, random: number): number {
  const plain = Math.min(options.maxMs, options.minMs * 2 ** Math.min(attempt, 30));
  return Math.round(plain * (1 - options.jitter + 2 * options.jitter * random));
}
