/** How many plays, and how far they came. Each play has one state, so the states add up to `total`. */
export interface Tally {
  total: number;
  byState: Record<string, number>;
  /** Went out, as far as is known. */
  sent: number;
  /** Taken up by the cluster, by its own word. */
  accepted: number;
  /** The audio is, or was at its play, on the cluster. */
  mediaReady: number;
  /** Sound began, by the cluster's own word. */
  started: number;
  /** Heard to the end, by the cluster's own word. */
  finished: number;
  /** Nothing more is expected of them. */
  settled: number;
  /** What sounded was another file than the one that was ordered. */
  otherAudio: number;
  /** Of those of which nothing is known: how many are of clusters that have never been heard. */
  unknownNeverHeard: number;
  /** Of those of which nothing is known: when the cluster that is silent for longest was last heard. */
  unknownHeardAt: Date | null;
}

const NUMBERS = [
  'total',
  'sent',
  'accepted',
  'mediaReady',
  'started',
  'finished',
  'settled',
  'otherAudio',
  'unknownNeverHeard',
] as const;

/** The tally of parts that have no play in common. */
export function sumTallies(states: readonly string[], parts: readonly Tally[]): Tally {
  const sum: Tally = {
    total: 0,
    byState: Object.fromEntries(states.map((state) => [state, 0])),
    sent: 0,
    accepted: 0,
    mediaReady: 0,
    started: 0,
    finished: 0,
    settled: 0,
    otherAudio: 0,
    unknownNeverHeard: 0,
    unknownHeardAt: null,
  };
  for (const part of parts) {
    for (const name of NUMBERS) sum[name] += part[name];
    for (const state of states) sum.byState[state] = (sum.byState[state] ?? 0) + (part.byState[state] ?? 0);
    sum.unknownHeardAt = earlier(sum.unknownHeardAt, part.unknownHeardAt);
  }
  return sum;
}

/** How much of it was heard to the end, in percent with one decimal; null where there was nothing. */
export function finishedPercent({ total, finished }: Pick<Tally, 'total' | 'finished'>): number | null {
  return total === 0 ? null : Math.round((finished / total) * 1000) / 10;
}

/** Whole seconds since somebody was heard; null: never. */
export function ageS(heardAt: Date | null, now: Date): number | null {
  return heardAt === null ? null : Math.max(0, Math.round((now.getTime() - heardAt.getTime()) / 1000));
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
