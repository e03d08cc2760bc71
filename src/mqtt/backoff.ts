const FIRST_MS = 1_000;
const LONGEST_MS = 120_000;
const JITTER = 0.25;

/**
 * Rule 13: how long to wait before the next attempt to connect: 1 s, 2 s, 4 s … 2 min, each ± 25 %, so that a province of
 * clusters and its servers do not come back in step. `failures` ≥ 1; `random` is from [0, 1).
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return base * (1 - JITTER + 2 * JITTER * random);
}
