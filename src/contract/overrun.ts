import { areEquals, type AudibleCandidate } from './order.js';

/**
 * What SHIFT does to those whose time comes while it is heard: they wait for its end, and then have as long to begin as they
 * had at their own time. Server and cluster use these same functions.
 */
export interface Shiftable extends AudibleCandidate {
  /** The play id of the one it waits for. */
  heldBy?: string | undefined;
  /** Its own times, once it was shifted. */
  shiftedFrom?: Pick<AudibleCandidate, 'startAt' | 'notAfter'> | undefined;
}

/** None has longer than this to begin after the end of what it waited for. */
const LEAD_AT_MOST_MS = 5 * 60_000;

/** Lets those that are due, and not too late, wait for an equal that has begun and shifts. To be called after every decision. */
export function holdShifted(items: readonly Shiftable[], atMs: number): void {
  const shifting = items.filter(
    ({ onOverrun, state }) => onOverrun === 'SHIFT' && (state === 'PLAYING' || state === 'INTERRUPTED'),
  );
  if (shifting.length === 0) return;
  for (const item of items) {
    if (item.state !== 'PENDING' || item.heldBy !== undefined) continue;
    if (atMs < Date.parse(item.startAt) || atMs > Date.parse(item.notAfter)) continue;
    item.heldBy = shifting.find((other) => areEquals(item, other))?.playId;
  }
}

/**
 * The play `playId` is over: those that waited for it have their time now. A shift leads nothing into quiet hours:
 * `quietInMs` is the time until they begin, undefined when there are none, and `lengthMs` that of a whole play.
 */
export function releaseShifted<T extends Shiftable>(
  items: readonly T[],
  playId: string,
  atMs: number,
  quietInMs: number | undefined,
  lengthMs: (item: T) => number,
): void {
  for (const item of items) {
    if (item.heldBy !== playId) continue;
    item.heldBy = undefined;
    const own = item.shiftedFrom ?? { startAt: item.startAt, notAfter: item.notAfter };
    const leadMs = Math.min(LEAD_AT_MOST_MS, Date.parse(own.notAfter) - Date.parse(own.startAt));
    const limited = quietInMs !== undefined && item.class !== 'EMERGENCY';
    // Within quiet hours it is not too late: it is refused for them.
    const limitMs = !limited ? Infinity : quietInMs === 0 ? atMs : atMs + quietInMs - lengthMs(item);
    const untilMs = Math.max(Date.parse(item.notAfter), Math.min(atMs + leadMs, limitMs));
    item.shiftedFrom = own;
    item.notAfter = new Date(untilMs).toISOString();
  }
}
