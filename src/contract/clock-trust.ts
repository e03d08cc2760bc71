import type { ClockReading } from './messages/common.js';

/** A clock that is known to be further off than this is no clock to play by. */
const OFF_AT_MOST_MS = 60_000;

/**
 * Whether plays may be timed by a clock (rule 5): it is synchronised, and not known to be wrong. By one that is not, only
 * EMERGENCY is played, at once.
 */
export function isClockTrusted({ synced, offsetMs }: ClockReading): boolean {
  return synced && Math.abs(offsetMs ?? 0) <= OFF_AT_MOST_MS;
}
