import { type Ground, type Spot, drawSpot, nearestKm, spotAt } from './placement.js';
import { apportion, randomStream, round } from './random.js';
import { type DemoArea, type DemoHamlet, SYNTHETIC } from './types.js';

const HAMLETS = 525;
const FEWEST_PER_COMMUNE = 3;
const REPORTED_ON = '2025-03-31';

/**
 * 525 hamlets: at least three in every commune, the others by households. Ấp in a xã, khu vực elsewhere, numbered as they
 * are in life. Households of a commune add up to its own. Most have signal; those far from the centre more often have not.
 */
export function demoHamlets(
  seed: number,
  grounds: readonly Ground[],
  communes: readonly DemoArea[],
): DemoHamlet[] {
  const random = randomStream(seed, 'hamlets');
  const figures = new Map(communes.map((area) => [area.code, area]));
  const householdsOf = ({ fact }: Ground) => figures.get(fact.code)?.households ?? 0;
  const more = apportion(HAMLETS - FEWEST_PER_COMMUNE * grounds.length, grounds.map(householdsOf));
  return grounds.flatMap((ground, g) => {
    const { code, type, population } = ground.fact;
    const spots: Spot[] = [spotAt(ground, ground.centre) ?? drawSpot(ground, 1, random)];
    while (spots.length < FEWEST_PER_COMMUNE + (more[g] ?? 0)) {
      const candidates = Array.from({ length: 5 }, () => drawSpot(ground, 0.3, random));
      spots.push(candidates.reduce((a, b) => (nearestKm(b.at, spots) > nearestKm(a.at, spots) ? b : a)));
    }
    const weights = spots.map(() => random.between(0.6, 1.4));
    const households = apportion(householdsOf(ground), weights);
    const people = apportion(population, weights);
    const [kind, word, short] =
      type === 'Xã' ? (['ap', 'Ấp', 'ap'] as const) : (['khu_vuc', 'Khu vực', 'kv'] as const);
    const radiusKm = Math.sqrt(ground.fact.areaKm2 / Math.PI);
    return spots.map(({ lon, lat, at }, i): DemoHamlet => {
      const remoteness = nearestKm(at, [{ at: ground.centre }]) / radiusKm;
      const signal = random.chance(0.08)
        ? null
        : random.chance(round(Math.min(0.2, 0.09 * remoteness), 3))
          ? random.pick(['weak', 'weak', 'none'] as const)
          : 'served';
      return {
        code: `hgi-${code}-${short}${i + 1}`,
        name: `${word} ${i + 1}`,
        kind,
        lon,
        lat,
        communeCode: code,
        households: households[i] ?? 0,
        population: people[i] ?? 0,
        signal,
        signalReportedOn: signal === null ? null : REPORTED_ON,
        signalSource: signal === null ? null : SYNTHETIC,
        source: SYNTHETIC,
      };
    });
  });
}
