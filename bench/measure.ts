export interface Percentiles {
  p50Ms: number;
  p99Ms: number;
}

type Ask = () => Promise<unknown>;

const WARM_UP = 20;

/** Asks each way in turn with the same question, `times` times; by the names of the ways. */
export async function measure<W extends string>(
  times: number,
  ways: (nr: number) => Record<W, Ask>,
): Promise<Record<W, Percentiles>> {
  const taken = new Map<W, number[]>();
  for (let nr = -WARM_UP; nr < times; nr += 1)
    for (const [way, ask] of Object.entries(ways(nr + WARM_UP)) as [W, Ask][]) {
      const startedAt = performance.now();
      await ask();
      if (nr >= 0) taken.set(way, [...(taken.get(way) ?? []), performance.now() - startedAt]);
    }
  return Object.fromEntries(
    [...taken].map(([way, values]) => [
      way,
      { p50Ms: percentile(values, 50), p99Ms: percentile(values, 99) },
    ]),
  ) as Record<W, Percentiles>;
}

/** Nearest rank. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}

/** The same numbers in every run, from 0 up to 1. */
export function randoms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
