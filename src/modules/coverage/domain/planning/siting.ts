import type { CoverageGrid } from '../grid.js';
import { boundByMultipliers } from './cover-bound.js';
import {
  addGreedily,
  additionBound,
  Choice,
  improveBySwaps,
  type CoverProblem,
  type MayGoOn,
} from './cover-problem.js';
import type { Demand } from './candidate-covers.js';

/** The k best of some candidates. */
export interface Siting {
  /** In the order in which each brings most beside those before it. */
  picks: { candidate: number; gain: number }[];
  total: number;
  /** No k candidates bring more. */
  upperBound: number;
  /** Nothing better exists. */
  optimal: boolean;
  /** What all candidates together would bring. */
  coverable: number;
  /** Rounds of the relaxation; nought when no better bound was asked for. */
  rounds: number;
}

/**
 * Chooses greedily, improves by exchanging single picks, and bounds what any choice could bring: by the best additions to what was chosen or,
 * when `prove` is given, better by Lagrangian relaxation as long as that says there is time.
 */
export function bestSites(
  problem: CoverProblem,
  k: number,
  mayGoOn: MayGoOn = () => true,
  prove: MayGoOn | null = null,
): Siting {
  const choice = new Choice(problem);
  addGreedily(choice, k, mayGoOn);
  const greedyBound = additionBound(choice, k);
  improveBySwaps(choice, mayGoOn);
  const { coverable } = choice;
  const upperBound = Math.min(greedyBound, additionBound(choice, k), coverable);
  const start = { picks: choice.picks, total: choice.total, upperBound };
  const found = prove ? boundByMultipliers(choice, k, start, prove) : { ...start, rounds: 0 };
  return {
    picks: inOrder(choice, found.picks),
    total: found.total,
    upperBound: found.upperBound,
    optimal: found.upperBound <= found.total,
    coverable,
    rounds: found.rounds,
  };
}

function inOrder(choice: Choice, picks: readonly number[]): Siting['picks'] {
  choice.clear();
  const left = new Set([...picks].sort((a, b) => a - b));
  const ordered: Siting['picks'] = [];
  while (left.size > 0) {
    let candidate = -1;
    let gain = -1;
    for (const pick of left) {
      if ((choice.gain[pick] as number) <= gain) continue;
      candidate = pick;
      gain = choice.gain[pick] as number;
    }
    left.delete(candidate);
    choice.add(candidate);
    ordered.push({ candidate, gain });
  }
  return ordered;
}

/** People and households count by thousandths, area by square metres: whole numbers add up exactly. */
const PARTS = { people: 1000, households: 1000, area: 1 } as const;

/** What a unit of a demand's weight is worth. */
export function partsOf(weight: keyof typeof PARTS): number {
  return PARTS[weight];
}

/** The places that are not covered and where there is anything to cover. */
export function uncoveredDemand(
  grid: Pick<CoverageGrid, 'cellCount'>,
  covered: Uint8Array,
  amounts: Float64Array,
  parts: number,
): Demand {
  const cells: number[] = [];
  const weight: number[] = [];
  for (let i = 0; i < grid.cellCount; i++) {
    if (covered[i] === 1) continue;
    const whole = Math.round((amounts[i] as number) * parts);
    if (whole <= 0) continue;
    cells.push(i);
    weight.push(whole);
  }
  return { cells: Uint32Array.from(cells), weight: Float64Array.from(weight) };
}
