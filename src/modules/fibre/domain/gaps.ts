import type { FibreTotals } from './totals.js';

/** How many households of a commune nobody passes, as bounds. */
export interface Gap {
  notPassedAtLeast: number;
  notPassedAtMost: number;
}

export function gapOf({ households, passedAtLeast, passedAtMost }: FibreTotals): Gap {
  return { notPassedAtLeast: households - passedAtMost, notPassedAtMost: households - passedAtLeast };
}

/** The largest gaps first; of equal ones the surer, then by code. */
export function compareGaps(a: Gap & { code: string }, b: Gap & { code: string }): number {
  return (
    b.notPassedAtMost - a.notPassedAtMost ||
    b.notPassedAtLeast - a.notPassedAtLeast ||
    (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)
  );
}

export type TargetState = 'met' | 'missed' | 'open' | 'unknown';

/**
 * Whether a target in percent is met. Between the bounds nobody can say; a target whose day has not come is open until it is
 * met for sure.
 */
export function targetState(
  targetPct: number,
  atLeastPct: number | null,
  atMostPct: number | null,
  reached: boolean,
): TargetState {
  if (atLeastPct === null || atMostPct === null) return 'unknown';
  if (atLeastPct >= targetPct) return 'met';
  if (!reached) return 'open';
  return atMostPct < targetPct ? 'missed' : 'unknown';
}
