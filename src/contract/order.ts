import type { BroadcastClass, OnInterrupt, OnOverrun } from './messages/play.js';

/**
 * What is audible at an instant (protocol.md, last section): one total order (class, rank, approval time) decides,
 * the highest audible item wins. Server and cluster use this same function, so the plan shown is the plan heard.
 */

const CLASS_ORDER: Record<BroadcastClass, number> = { EMERGENCY: 3, PRIORITY: 1, NORMAL: 0 };
/** Who speaks now goes before what could be heard later, but never before an emergency. */
const LIVE = 2;

export interface Ranked {
  playId: string;
  class: BroadcastClass;
  /** Sound that is being made now: it has a class of its own, unless it is an EMERGENCY. */
  live?: boolean;
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
  /** Absent: FINISH. */
  onOverrun?: OnOverrun;
  state: PlayState;
}

/**
 * Total order of plays, negative when `a` goes first: higher class (EMERGENCY, live, PRIORITY, NORMAL), higher rank, earlier approval, and at last the id, so
 * that two plays are never equal. The earlier approval goes first, so that plays of equal standing follow each other
 * instead of cutting each other off.
 */
export function comparePlays(a: Ranked, b: Ranked): number {
  return (
    classOrder(b) - classOrder(a) ||
    b.rank - a.rank ||
    Date.parse(a.approvedAt) - Date.parse(b.approvedAt) ||
    (a.playId < b.playId ? -1 : a.playId > b.playId ? 1 : 0)
  );
}

/**
 * The one item of a plan that is audible at an instant, or undefined for silence. A pending item may begin within
 * [startAt, notAfter] only: nothing is caught up. One that has begun keeps its claim until it has ended, unless it is to be
 * dropped when interrupted. In quiet hours only EMERGENCY is heard. Among equals (same class and rank) the one that has begun
 * goes on, so that they follow each other; one that is to be cut at an overrun gives way to those whose time came later.
 */
export function audibleAt<T extends AudibleCandidate>(
  items: readonly T[],
  atMs: number,
  quiet: boolean,
): T | undefined {
  const claims = items.filter((item) => mayBeAudible(item, atMs, quiet));
  let best: T | undefined;
  for (const item of claims) {
    if (best !== undefined && compareClaims(best, item) < 0) continue;
    if (item.onOverrun === 'CUT' && claims.some((other) => isCutBy(item, other))) continue;
    best = item;
  }
  return best;
}

/** Total order of what has a claim at an instant, negative when `a` goes first: as `comparePlays`, but what has begun goes before its equals. */
export function compareClaims(a: AudibleCandidate, b: AudibleCandidate): number {
  return areEquals(a, b)
    ? BEGUN_FIRST[a.state] - BEGUN_FIRST[b.state] || comparePlays(a, b)
    : comparePlays(a, b);
}

const BEGUN_FIRST: Record<PlayState, number> = { PLAYING: 0, INTERRUPTED: 1, PENDING: 2, ENDED: 3 };

/** Whether the order of plays leaves it to the one that came first what happens where they overlap. */
export function areEquals(a: Ranked, b: Ranked): boolean {
  return classOrder(a) === classOrder(b) && a.rank === b.rank;
}

function classOrder(play: Pick<Ranked, 'class' | 'live'>): number {
  return play.live === true ? Math.max(LIVE, CLASS_ORDER[play.class]) : CLASS_ORDER[play.class];
}

/** Whether the time of an item is over because that of the other, its equal, has come. It is heard no more once the other is. */
export function isCutBy(item: AudibleCandidate, other: AudibleCandidate): boolean {
  return (
    item.onOverrun === 'CUT' && areEquals(item, other) && Date.parse(item.startAt) < Date.parse(other.startAt)
  );
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
