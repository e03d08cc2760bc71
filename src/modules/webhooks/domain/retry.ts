const FIRST_S = 5;
const FACTOR = 3;
const LONGEST_S = 36_000;
const RETRIES = 10;

/**
 * Seconds to wait after the n-th failure in a row (from 1): 5 s, 15 s, 45 s, … up to 10 h, about a day in all.
 * Undefined: enough.
 */
export function retryDelayS(failures: number): number | undefined {
  if (failures > RETRIES) return undefined;
  return Math.min(LONGEST_S, FIRST_S * FACTOR ** (failures - 1));
}
