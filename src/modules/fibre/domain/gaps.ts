import type { FibreTotals } from './totals.js';

/** What is asked of fibre: that it passes, or that it passes with at least 25/3 or 100/20 Mbit/s. */
export const GAP_TIERS = ['any', '25/3', '100/20'] as const;
export type GapTier = (typeof GAP_TIERS)[number];

/** How many households of a unit nobody passes (with the speed that is asked for), as bounds. */
export interface Gap {
  notPassedAtLeast: number;
  notPassedAtMost: number;
}

/** Undefined where the speed is unknown. */
export function gapOf(totals: FibreTotals, tier: GapTier = 'any'): Gap | undefined {
  const { households } = totals;
  const [atLeast, atMost] = reachOf(totals, tier);
  if (atLeast === null || atMost === null) return undefined;
  return { notPassedAtLeast: households - atMost, notPassedAtMost: households - atLeast };
}

function reachOf(totals: FibreTotals, tier: GapTier): [number | null, number | null] {
  switch (tier) {
    case 'any':
      return [totals.passedAtLeast, totals.passedAtMost];
    case '25/3':
      return [totals.passed25MbpsAtLeast, totals.passed25MbpsAtMost];
    case '100/20':
      return [totals.passed100MbpsAtLeast, totals.passed100MbpsAtMost];
  }
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
