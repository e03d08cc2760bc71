/** One play that is planned on clusters; the time is half-open: what ends as the other begins does not overlap it. */
export interface PlannedPlay {
  programmeId: string;
  title: string;
  /** Which of its programme's occurrences. */
  recurrenceId: string;
  class: 'NORMAL' | 'PRIORITY';
  startMs: number;
  endMs: number;
  onOverrun: 'CUT' | 'FINISH' | 'SHIFT';
  clusterIds: readonly string[];
}

export interface Conflict {
  /** The one that begins first; of two at the very second, the one with the lower programme id. */
  earlier: PlannedPlay;
  later: PlannedPlay;
  /** Where both are planned, sorted. */
  clusterIds: string[];
  /** When both are planned. */
  fromMs: number;
  toMs: number;
  /**
   * What settles it. NORMAL: what the earlier one says of its overrun. Two PRIORITY: the commune's user decides the order
   * (Circular 39/2020), so it stays an error until one of them is changed.
   */
  settledBy: PlannedPlay['onOverrun'] | 'COMMUNE';
}

/**
 * Which plays of one class overlap on one cluster. Of two classes the higher one is heard, which is no conflict. By the
 * time of the overlap. Work: sorting the plays, their clusters, and the overlaps there are.
 */
export function findConflicts(plays: readonly PlannedPlay[]): Conflict[] {
  const sorted = plays.filter((play) => play.endMs > play.startMs).sort(inOrder);
  const running = new Map<string, PlannedPlay[]>();
  const found = new Map<PlannedPlay, Map<PlannedPlay, string[]>>();
  for (const later of sorted) {
    for (const clusterId of new Set(later.clusterIds)) {
      const key = `${later.class} ${clusterId}`;
      const still = (running.get(key) ?? []).filter((play) => play.endMs > later.startMs);
      for (const earlier of still) {
        const pairs = found.get(earlier) ?? new Map<PlannedPlay, string[]>();
        found.set(earlier, pairs);
        pairs.set(later, [...(pairs.get(later) ?? []), clusterId]);
      }
      running.set(key, [...still, later]);
    }
  }
  const conflicts: Conflict[] = [];
  for (const [earlier, pairs] of found)
    for (const [later, clusterIds] of pairs) conflicts.push(conflictOf(earlier, later, clusterIds));
  return conflicts.sort((a, b) => inOrder(a.later, b.later) || inOrder(a.earlier, b.earlier));
}

export type Proposal =
  | { kind: 'SHIFT' | 'SHORTEN'; programmeId: string; recurrenceId: string; startMs: number; endMs: number }
  | { kind: 'DROP'; programmeId: string; recurrenceId: string };

export interface ProposalLimits {
  /** How far a play may be shifted. */
  furthestShiftMs: number;
  /** Nothing is shortened below it. */
  shortestMs: number;
  /** Whether a play may be there at all, by the policies of its clusters; absent: always. */
  allowed?: (play: PlannedPlay, startMs: number, endMs: number) => boolean;
}

/**
 * What would end a conflict, each proposal alone: begin one of them in the next gap of all its clusters, end the earlier
 * one as the later begins, or leave one out. The later one's proposals come first. None of them makes another conflict
 * with the plays given.
 */
export function proposalsFor(
  { earlier, later }: Conflict,
  plays: readonly PlannedPlay[],
  limits: ProposalLimits,
): Proposal[] {
  const proposals: Proposal[] = [];
  for (const play of [later, earlier]) {
    const startMs = nextGap(play, plays, limits);
    if (startMs === undefined) continue;
    const endMs = startMs + play.endMs - play.startMs;
    proposals.push({ kind: 'SHIFT', ...idOf(play), startMs, endMs });
  }
  if (later.startMs - earlier.startMs >= limits.shortestMs && later.startMs > earlier.startMs)
    proposals.push({
      kind: 'SHORTEN',
      ...idOf(earlier),
      startMs: earlier.startMs,
      endMs: later.startMs,
    });
  return [...proposals, { kind: 'DROP', ...idOf(later) }, { kind: 'DROP', ...idOf(earlier) }];
}

/** The first later beginning at which nothing of its class is planned on any of its clusters. */
function nextGap(
  play: PlannedPlay,
  plays: readonly PlannedPlay[],
  { furthestShiftMs, allowed }: ProposalLimits,
): number | undefined {
  const lengthMs = play.endMs - play.startMs;
  const latestMs = play.startMs + furthestShiftMs;
  const own = new Set(play.clusterIds);
  const busy = plays
    .filter((other) => !isSame(other, play) && other.class === play.class)
    .filter((other) => other.endMs > play.startMs && other.startMs < latestMs + lengthMs)
    .filter((other) => other.clusterIds.some((id) => own.has(id)))
    .sort(inOrder);
  // The gap begins where one of them ends, so only those moments need to be tried, in order.
  const ends = [...new Set(busy.map((other) => other.endMs))].sort((a, b) => a - b);
  let at = 0;
  let blockedUntilMs = -Infinity;
  for (const startMs of ends) {
    if (startMs > latestMs) return undefined;
    const endMs = startMs + lengthMs;
    for (let other = busy[at]; other !== undefined && other.startMs < endMs; other = busy[at]) {
      blockedUntilMs = Math.max(blockedUntilMs, other.endMs);
      at += 1;
    }
    if (blockedUntilMs <= startMs && (allowed?.(play, startMs, endMs) ?? true)) return startMs;
  }
  return undefined;
}

function conflictOf(earlier: PlannedPlay, later: PlannedPlay, clusterIds: readonly string[]): Conflict {
  return {
    earlier,
    later,
    clusterIds: [...clusterIds].sort(),
    fromMs: later.startMs,
    toMs: Math.min(earlier.endMs, later.endMs),
    settledBy: earlier.class === 'PRIORITY' ? 'COMMUNE' : earlier.onOverrun,
  };
}

function idOf({ programmeId, recurrenceId }: PlannedPlay) {
  return { programmeId, recurrenceId };
}

function isSame(a: PlannedPlay, b: PlannedPlay): boolean {
  return a.programmeId === b.programmeId && a.recurrenceId === b.recurrenceId;
}

function inOrder(a: PlannedPlay, b: PlannedPlay): number {
  return (
    a.startMs - b.startMs ||
    compareText(a.programmeId, b.programmeId) ||
    compareText(a.recurrenceId, b.recurrenceId)
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
