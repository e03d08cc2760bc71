import type { LandCoverRule } from './parameters.js';
import { LAND_COVERS, type LandCover } from './technology.js';

const CODE: Record<LandCover, number> = {
  urban: LAND_COVERS.indexOf('urban'),
  suburban: LAND_COVERS.indexOf('suburban'),
  open: LAND_COVERS.indexOf('open'),
};

/** The land cover of a density of people. */
export function landCoverOf(peoplePerKm2: number, rule: LandCoverRule): LandCover {
  if (peoplePerKm2 >= rule.urbanFromPerKm2) return 'urban';
  return peoplePerKm2 >= rule.suburbanFromPerKm2 ? 'suburban' : 'open';
}

/** The code of each cell from its people and the part of it (m²) where they live. */
export function classifyLandCover(
  population: Float64Array,
  insideM2: Float64Array,
  rule: LandCoverRule,
): Uint8Array {
  return Uint8Array.from(population, (people, i) => {
    const km2 = (insideM2[i] as number) / 1e6;
    return CODE[landCoverOf(km2 > 0 ? people / km2 : 0, rule)];
  });
}
