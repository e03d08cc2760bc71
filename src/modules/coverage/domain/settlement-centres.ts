import { knownCount } from './settlement.js';
import type { SettlementCentre } from './snapshot.js';

/** A place where people of an area live: a hamlet at its community house. Null is unknown. */
export interface SettledPlace {
  lon: number;
  lat: number;
  population: number | null;
  households: number | null;
}

/**
 * The settlement centres of one area, each weighted by its people. A place of which only the households are known counts as many people
 * to a household as the area has: over the places that know both, else over the area, else one. A place of which nothing is known
 * weighs as much as the others do on average. The order is that of the places.
 */
export function settlementCentres(
  places: readonly SettledPlace[],
  area: { population: number | null; households: number | null },
): SettlementCentre[] {
  const perHousehold = ratioOf(places) ?? ratioOf([area]) ?? 1;
  const known = places.map((place) => {
    const households = knownCount(place.households);
    return knownCount(place.population) ?? (households === null ? null : households * perHousehold);
  });
  const counts = known.filter((count) => count !== null);
  const average = counts.length > 0 ? counts.reduce((a, b) => a + b, 0) / counts.length : 1;
  return places.map(({ lon, lat }, i) => [lon, lat, known[i] ?? average]);
}

/** People to a household where both are known; undefined when that is nowhere. */
function ratioOf(
  of: readonly { population: number | null; households: number | null }[],
): number | undefined {
  let [people, homes] = [0, 0];
  for (const { population, households } of of) {
    const [p, h] = [knownCount(population), knownCount(households)];
    if (p === null || h === null) continue;
    people += p;
    homes += h;
  }
  return people > 0 && homes > 0 ? people / homes : undefined;
}
