import type { QuietHours } from '../../../contract/index.js';
import { firstQuietMs } from './quiet-hours.js';

/** How late an order at once may still begin at a cluster: as long as one that is asleep needs to come back. */
export const AT_ONCE_LEAD_MS = 60_000;
/** How late a play of the plan may begin, as when a higher one is still heard. */
export const TIMED_LEAD_MS = 5 * 60_000;
/** For fetching, tails and records under way: only after this is silence a sign. */
export const GRACE_MS = 30_000;

/** When an occurrence is to begin, may still begin, and must be over with its end told. */
export interface PlayTiming {
  startMs: number;
  notAfterMs: number;
  overByMs: number;
}

/** `startMs` undefined: at once. `lengthMs` is the whole play, repeats included. */
export function timingOf(nowMs: number, startMs: number | undefined, lengthMs: number): PlayTiming {
  const begins = startMs ?? nowMs;
  const notAfterMs = begins + (startMs === undefined ? AT_ONCE_LEAD_MS : TIMED_LEAD_MS);
  return { startMs: begins, notAfterMs, overByMs: notAfterMs + lengthMs + GRACE_MS };
}

/**
 * Keeps a late beginning out of quiet hours: `notAfterMs` comes forward so that the play ends before they begin. Undefined,
 * with the quiet moment, when even a punctual one would be heard in them.
 */
export function outsideQuietHours(
  timing: PlayTiming,
  lengthMs: number,
  hours: readonly QuietHours[],
  timeZone: string,
): { ok: true; notAfterMs: number } | { ok: false; quietMs: number } {
  const quietMs = firstQuietMs(hours, timeZone, timing.startMs, timing.notAfterMs + lengthMs);
  if (quietMs === undefined) return { ok: true, notAfterMs: timing.notAfterMs };
  const latestMs = quietMs - lengthMs;
  return latestMs < timing.startMs
    ? { ok: false, quietMs }
    : { ok: true, notAfterMs: Math.min(timing.notAfterMs, latestMs) };
}
