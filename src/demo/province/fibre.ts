import { type DemoFacts } from './facts.js';
import { randomStream } from './random.js';
import { type DemoArea, type DemoFibre, SYNTHETIC } from './types.js';

/**
 * Quarters and the share of the last quarter's households that were passed already. Published for the province: 61 % in the first
 * half of 2023, over 76 % in June 2024, over 90 % at the time of the demo.
 */
const QUARTERS = [
  { quarter: '2024-Q3', reached: 0.85, takeUp: 0.72 },
  { quarter: '2024-Q4', reached: 0.9, takeUp: 0.745 },
  { quarter: '2025-Q1', reached: 0.955, takeUp: 0.77 },
  { quarter: '2025-Q2', reached: 1, takeUp: 0.79 },
] as const;

/** Part of a commune's passed households that its leader, the second and the third network reach. */
const REACH = [
  [1, 1],
  [0.7, 0.95],
  [0.12, 0.45],
] as const;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Rows per commune × fixed network × quarter. No figure falls from a quarter to the next, connected ≤ passed ≤ households. */
export function demoFibre(seed: number, facts: DemoFacts, communes: readonly DemoArea[]): DemoFibre[] {
  const random = randomStream(seed, 'fibre');
  const [first, second, ...others] = facts.operators.filter((operator) => operator.fixedNetwork);
  if (!first || !second) throw new Error('the demo needs two fixed networks');
  return communes.flatMap((commune) => {
    const households = commune.households ?? 0;
    const town = commune.type !== 'Xã';
    const share = clamp((town ? 0.97 : 0.92) + 0.025 * random.normal(), 0.82, 0.995);
    const late = clamp(1 + 0.5 * random.normal(), 0, 2);
    const ranked = random.chance(0.55) ? [first, second, ...others] : [second, first, ...others];
    const networks = ranked.map((operator, rank) => {
      const [low, high] = REACH[Math.min(rank, REACH.length - 1)] ?? [0, 0];
      const passedShare = share * random.between(low, high);
      return { operator, passedShare, attraction: passedShare * random.between(0.7, 1.1) };
    });
    const attraction = networks.reduce((sum, network) => sum + network.attraction, 0);
    return networks.flatMap(({ operator, passedShare, attraction: own }) =>
      QUARTERS.map(({ quarter, reached, takeUp }): DemoFibre => {
        const passed = Math.floor(households * passedShare * (1 - late * (1 - reached)));
        const connected = Math.floor((passed / passedShare) * share * takeUp * (own / attraction));
        return {
          communeCode: commune.code,
          operatorCode: operator.code,
          quarter,
          households,
          passed,
          connected: Math.min(passed, connected),
          source: SYNTHETIC,
        };
      }),
    );
  });
}
