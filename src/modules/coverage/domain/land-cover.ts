import type { LandCoverRule } from './parameters.js';
import { BUILT_UP, BY_DENSITY } from './ground/ground.js';
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

/** The code of each cell from its people and the part of it (m²) where they live; `known`: what a source has in its stead. */
export function classifyLandCover(
  population: Float64Array,
  insideM2: Float64Array,
  rule: LandCoverRule,
  known?: Uint8Array,
): Uint8Array {
  return Uint8Array.from(population, (people, i) => {
    const source = known?.[i] ?? BY_DENSITY;
    if (source !== BY_DENSITY && source !== BUILT_UP) return source;
    const km2 = (insideM2[i] as number) / 1e6;
    const dense = landCoverOf(km2 > 0 ? people / km2 : 0, rule);
    return CODE[source === BUILT_UP && dense === 'open' ? 'suburban' : dense];
  });
}
