import type { BroadcastClass, OnInterrupt } from './messages/play.js';

/**
 * What is audible at an instant (protocol.md, last section): one total order (class, rank, approval time) decides,
 * the highest audible item wins. Server and cluster use this same function, so the plan shown is the plan heard.
 */

const CLASS_ORDER: Record<BroadcastClass, number> = { EMERGENCY: 2, PRIORITY: 1, NORMAL: 0 };

export interface Ranked {
  playId: string;
  class: BroadcastClass;
  rank: number;
  /** ISO 8601 with zone. */
  approvedAt: string;
}

/** PENDING has never sounded, INTERRUPTED was taken over by a higher one, ENDED never sounds again, for whatever reason. */
export type PlayState = 'PENDING' | 'PLAYING' | 'INTERRUPTED' | 'ENDED';

export interface AudibleCandidate extends Ranked {
  startAt: string;
  notAfter: string;
  onInterrupt: OnInterrupt;
  state: PlayState;
}

/**
 * Total order of plays, negative when `a` goes first: higher class, higher rank, earlier approval, and at last the id, so
 * that two plays are never equal. The earlier approval goes first, so that plays of equal standing follow each other
 * instead of cutting each other off.
 */
export function comparePlays(a: Ranked, b: Ranked): number {
  return (
    CLASS_ORDER[b.class] - CLASS_ORDER[a.class] ||
    b.rank - a.rank ||
    Date.parse(a.approvedAt) - Date.parse(b.approvedAt) ||
    (a.playId < b.playId ? -1 : a.playId > b.playId ? 1 : 0)
  );
}

/**
 * The one item of a plan that is audible at an instant, or undefined for silence. A pending item may begin within
 * [startAt, notAfter] only: nothing is caught up. One that has begun keeps its claim until it has ended, unless it is to be
 * dropped when interrupted. In quiet hours only EMERGENCY is heard.
 */
export function audibleAt<T extends AudibleCandidate>(
  items: readonly T[],
  atMs: number,
  quiet: boolean,
): T | undefined {
  let best: T | undefined;
  for (const item of items) {
    if (!mayBeAudible(item, atMs, quiet)) continue;
    if (best === undefined || comparePlays(item, best) < 0) best = item;
  }
  return best;
}

function mayBeAudible(item: AudibleCandidate, atMs: number, quiet: boolean): boolean {
  if (quiet && item.class !== 'EMERGENCY') return false;
  switch (item.state) {
    case 'ENDED':
      return false;
    case 'PLAYING':
      return true;
    case 'INTERRUPTED':
      return item.onInterrupt !== 'DROP';
    case 'PENDING':
      return Date.parse(item.startAt) <= atMs && atMs <= Date.parse(item.notAfter);
  }
}
