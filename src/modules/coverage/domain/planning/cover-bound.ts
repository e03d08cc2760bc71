import {
  addGreedily,
  Choice,
  improveBySwaps,
  type CoverProblem,
  type MayGoOn,
  type Picked,
} from './cover-problem.js';

export interface Bounded extends Picked {
  /** No k candidates cover more. */
  upperBound: number;
  rounds: number;
}

const MAX_ROUNDS = 5000;
/** The step is shortened when so many rounds brought nothing. */
const PATIENCE = 15;
/** A choice that the multipliers propose is improved by swaps when it is not further than this from the best. */
const WORTH_IMPROVING = 0.985;

/**
 * An upper bound by Lagrangian relaxation (Galvão and ReVelle 1996): each covered place pays a multiplier to the candidates that cover it, and
 * then the k best paid candidates are the best choice. The multipliers follow the subgradient. Candidates with which nothing better than the
 * best known choice is possible are dropped on the way, and the choices that the multipliers propose are tried. Weights being whole, a bound
 * less than 1 above the best proves it.
 */
export function boundByMultipliers(
  choice: Choice,
  k: number,
  start: Picked & { upperBound: number },
  mayGoOn: MayGoOn,
): Bounded {
  const relaxation = new Relaxation(choice.problem, k, start.picks);
  let best: Picked = { picks: [...start.picks], total: start.total };
  let { upperBound } = start;
  let theta = 1;
  let since = 0;
  let rounds = 0;
  const tried = new Set<string>();
  for (; rounds < MAX_ROUNDS && upperBound > best.total && theta > 1e-4 && mayGoOn(); rounds++) {
    const value = relaxation.evaluate();
    // A sum of fractions: what is a hair below a whole number is that number.
    const bound = Math.max(best.total, Math.floor(value * (1 + 1e-12) + 1e-6));
    since = bound < upperBound * (1 - 1e-5) ? 0 : since + 1;
    upperBound = Math.min(upperBound, bound);
    if (since > PATIENCE) {
      theta *= 0.6;
      since = 0;
    }
    const proposed = relaxation.top.toSorted((a, b) => a - b);
    const key = proposed.join();
    if (!tried.has(key) && relaxation.covered() > WORTH_IMPROVING * best.total) {
      tried.add(key);
      const total = improved(choice, proposed, k, mayGoOn);
      if (total > best.total) best = { picks: choice.picks, total };
    }
    relaxation.drop(value, best.total);
    if (!relaxation.step(theta, value - best.total * 0.9999)) break;
  }
  return { ...best, upperBound: Math.max(upperBound, best.total), rounds };
}

function improved(choice: Choice, picks: readonly number[], k: number, mayGoOn: MayGoOn): number {
  choice.clear();
  for (const pick of picks) choice.add(pick);
  addGreedily(choice, k, mayGoOn);
  improveBySwaps(choice, mayGoOn);
  return choice.total;
}

class Relaxation {
  /** The k best paid candidates of those left, the best first. */
  top: number[] = [];
  private active: Uint32Array;
  /** Places that a candidate left covers. */
  private places: Uint32Array;
  private readonly pay: Float64Array;
  private readonly multiplier: Float64Array;
  private readonly slope: Float64Array;
  private readonly mark: Uint8Array;
  private least = 0;

  constructor(
    private readonly problem: CoverProblem,
    private readonly k: number,
    picks: readonly number[],
  ) {
    const { weight, start, list } = problem;
    this.active = Uint32Array.from({ length: start.length - 1 }, (_, c) => c);
    this.pay = new Float64Array(start.length - 1);
    this.multiplier = new Float64Array(weight.length);
    this.slope = new Float64Array(weight.length);
    this.mark = new Uint8Array(weight.length);
    this.places = this.placesLeft();
    for (const p of this.places) this.multiplier[p] = 0.9 * (weight[p] as number);
    for (const c of picks)
      for (let q = start[c] as number; q < (start[c + 1] as number); q++) {
        const p = list[q] as number;
        this.multiplier[p] = 0.6 * (weight[p] as number);
      }
  }

  /** The relaxation's value: a bound on every choice of the candidates left. */
  evaluate(): number {
    const { start, list, weight } = this.problem;
    const { pay, multiplier, slope } = this;
    for (const c of this.active) {
      let sum = 0;
      const end = start[c + 1] as number;
      for (let q = start[c] as number; q < end; q++) sum += multiplier[list[q] as number] as number;
      pay[c] = sum;
    }
    this.top = this.bestPaid();
    let value = this.top.reduce((sum, c) => sum + (pay[c] as number), 0);
    for (const p of this.places) {
      const surplus = (weight[p] as number) - (multiplier[p] as number);
      if (surplus > 0) value += surplus;
      slope[p] = surplus > 0 ? 1 : 0;
    }
    for (const c of this.top)
      for (let q = start[c] as number; q < (start[c + 1] as number); q++) {
        const p = list[q] as number;
        slope[p] = (slope[p] as number) - 1;
      }
    return value;
  }

  /** What the best paid candidates really cover. */
  covered(): number {
    const { start, list, weight } = this.problem;
    this.mark.fill(0);
    let sum = 0;
    for (const c of this.top)
      for (let q = start[c] as number; q < (start[c + 1] as number); q++) {
        const p = list[q] as number;
        if (this.mark[p] === 1) continue;
        this.mark[p] = 1;
        sum += weight[p] as number;
      }
    return sum;
  }

  /** Leaves out the candidates with which no choice can be better than the best. */
  drop(value: number, best: number): void {
    if (this.top.length < this.k) return;
    const chosen = new Set(this.top);
    const without = value - this.least;
    const left = this.active.filter(
      (c) => chosen.has(c) || without + (this.pay[c] as number) >= best + 1 - 1e-6,
    );
    if (left.length > 0.95 * this.active.length) return;
    this.active = left;
    this.places = this.placesLeft();
  }

  /** Moves the multipliers; false when there is nowhere to go. */
  step(theta: number, gap: number): boolean {
    const { weight } = this.problem;
    const { multiplier, slope } = this;
    let norm = 0;
    for (const p of this.places) norm += (weight[p] as number) * (slope[p] as number) ** 2;
    if (norm === 0) return false;
    const length = (theta * gap) / norm;
    for (const p of this.places) {
      const most = weight[p] as number;
      const moved = (multiplier[p] as number) + length * most * (slope[p] as number);
      multiplier[p] = moved < 0 ? 0 : moved > most ? most : moved;
    }
    return true;
  }

  private bestPaid(): number[] {
    const { pay, k } = this;
    const top: number[] = [];
    for (const c of this.active) {
      const value = pay[c] as number;
      if (top.length === k && value <= this.least) continue;
      if (top.length === k) top.pop();
      let at = top.length;
      while (at > 0 && (pay[top[at - 1] as number] as number) < value) at--;
      top.splice(at, 0, c);
      this.least = pay[top.at(-1) as number] as number;
    }
    return top;
  }

  private placesLeft(): Uint32Array {
    const { start, list } = this.problem;
    this.mark.fill(0);
    for (const c of this.active)
      for (let q = start[c] as number; q < (start[c + 1] as number); q++) this.mark[list[q] as number] = 1;
    const places: number[] = [];
    for (let p = 0; p < this.mark.length; p++) if (this.mark[p] === 1) places.push(p);
    return Uint32Array.from(places);
  }
}
