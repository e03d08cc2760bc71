import { CoverageInputError } from '../parameters.js';

/**
 * Maximal covering: which k of some candidates cover most. Places are numbered from 0; a candidate's places are
 * `list[start[c]]` to `list[start[c + 1]]` (exclusive). Weights are whole numbers, so that sums are exact and nothing depends on their order.
 */
export interface CoverProblem {
  weight: Float64Array;
  start: Uint32Array;
  list: Uint32Array;
}

/** Pairs of a candidate and a place that it covers: eight bytes each. */
export const MAX_PAIRS = 16_000_000;

export function tooManyPairs(): CoverageInputError {
  return new CoverageInputError(
    'siting.too-large',
    `So many candidates with so far a reach make more than ${MAX_PAIRS} pairs of candidate and place. Ask with fewer candidates, a smaller reach or a run of a lower resolution.`,
    `Quá nhiều vị trí với tầm phủ quá rộng: hơn ${MAX_PAIRS} cặp vị trí và ô lưới. Hãy giảm số vị trí, giảm tầm phủ hoặc dùng lần tính có độ phân giải thấp hơn.`,
  );
}

/** Whether there is time to go on; throws when it is not wanted any more. */
export type MayGoOn = () => boolean;

export interface Picked {
  picks: number[];
  total: number;
}

/** The other way round: for each place the candidates that cover it. */
interface Coverers {
  start: Uint32Array;
  list: Uint32Array;
}

function coverersOf({ weight, start, list }: CoverProblem): Coverers {
  const from = new Uint32Array(weight.length + 1);
  for (let q = 0; q < list.length; q++) {
    const next = (list[q] as number) + 1;
    from[next] = (from[next] as number) + 1;
  }
  for (let p = 0; p < weight.length; p++) from[p + 1] = (from[p + 1] as number) + (from[p] as number);
  const place = from.slice(0, -1);
  const coverers = new Uint32Array(list.length);
  for (let c = 0; c + 1 < start.length; c++) {
    for (let q = start[c] as number; q < (start[c + 1] as number); q++) {
      const p = list[q] as number;
      coverers[place[p] as number] = c;
      place[p] = (place[p] as number) + 1;
    }
  }
  return { start: from, list: coverers };
}

/** A choice of candidates, and what each other candidate would add to it: kept right as candidates come and go. */
export class Choice {
  readonly candidates: number;
  /** What each candidate adds to those chosen; of a chosen one: nothing. */
  readonly gain: Float64Array;
  total = 0;
  private readonly coverers: Coverers;
  private readonly times: Uint16Array;
  private readonly fresh: Float64Array;
  private readonly chosen = new Set<number>();

  constructor(readonly problem: CoverProblem) {
    const { start, list, weight } = problem;
    this.candidates = start.length - 1;
    this.coverers = coverersOf(problem);
    this.times = new Uint16Array(weight.length);
    this.fresh = new Float64Array(this.candidates);
    for (let c = 0; c < this.candidates; c++) {
      let sum = 0;
      for (let q = start[c] as number; q < (start[c + 1] as number); q++)
        sum += weight[list[q] as number] as number;
      this.fresh[c] = sum;
    }
    this.gain = this.fresh.slice();
  }

  /** What all candidates together cover. */
  get coverable(): number {
    const { start } = this.coverers;
    let sum = 0;
    this.problem.weight.forEach((weight, p) => {
      if ((start[p] as number) < (start[p + 1] as number)) sum += weight;
    });
    return sum;
  }

  get picks(): number[] {
    return [...this.chosen];
  }

  clear(): void {
    this.gain.set(this.fresh);
    this.times.fill(0);
    this.chosen.clear();
    this.total = 0;
  }

  add(c: number): void {
    const { start, list } = this.problem;
    this.chosen.add(c);
    this.total += this.gain[c] as number;
    for (let q = start[c] as number; q < (start[c + 1] as number); q++) {
      const p = list[q] as number;
      const times = this.times[p] as number;
      this.times[p] = times + 1;
      if (times === 0) this.shift(p, -(this.problem.weight[p] as number));
    }
  }

  remove(c: number): void {
    const { start, list } = this.problem;
    this.chosen.delete(c);
    for (let q = start[c] as number; q < (start[c + 1] as number); q++) {
      const p = list[q] as number;
      const times = (this.times[p] as number) - 1;
      this.times[p] = times;
      if (times === 0) this.shift(p, this.problem.weight[p] as number);
    }
    this.total -= this.gain[c] as number;
  }

  /** The candidate that adds most, the first of equals; −1 when none adds anything. */
  best(): number {
    const { gain } = this;
    let best = -1;
    let most = 0;
    for (let c = 0; c < gain.length; c++) {
      if ((gain[c] as number) > most) {
        most = gain[c] as number;
        best = c;
      }
    }
    return best;
  }

  private shift(p: number, by: number): void {
    const { start, list } = this.coverers;
    const { gain } = this;
    const end = start[p + 1] as number;
    for (let q = start[p] as number; q < end; q++) {
      const c = list[q] as number;
      gain[c] = (gain[c] as number) + by;
    }
  }
}

/** Adds the best candidate until there are k or none adds anything. */
export function addGreedily(choice: Choice, k: number, mayGoOn: MayGoOn = () => true): void {
  while (choice.picks.length < k && mayGoOn()) {
    const best = choice.best();
    if (best < 0) return;
    choice.add(best);
  }
}

const MAX_PASSES = 20;

/** Exchanges one pick for one other candidate as long as that is better. */
export function improveBySwaps(choice: Choice, mayGoOn: MayGoOn = () => true): void {
  let better = true;
  for (let pass = 0; better && pass < MAX_PASSES; pass++) {
    better = false;
    for (const pick of choice.picks) {
      if (!mayGoOn()) return;
      choice.remove(pick);
      const best = choice.best();
      const replace = best >= 0 && (choice.gain[best] as number) > (choice.gain[pick] as number);
      choice.add(replace ? best : pick);
      better ||= replace;
    }
  }
}

/**
 * No k candidates cover more than this: covering is submodular, so nothing beats what is chosen and the k best additions to it
 * (Nemhauser, Wolsey and Fisher 1978), nor all that can be covered at all.
 */
export function additionBound(choice: Choice, k: number): number {
  const best = choice.gain.toSorted().subarray(-k);
  return best.reduce((sum, gain) => sum + gain, choice.total);
}
