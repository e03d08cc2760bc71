import { clusterField, heardFromDba, levelAtDba } from './cluster-field.js';
import { PERIODS, type Period, type ReachParameters } from './parameters.js';
import type { ReachCells } from './reach-engine.js';
import { SUB_POINTS, type ReachGrid } from './reach-grid.js';
import { WayTables } from './spreading.js';

/** Directions in which a footprint is measured. */
const RAYS = 72;

/**
 * Ground on which one plain loudspeaker is heard, m², by code of land cover: a horn with the defaults' sensitivity, dispersion and
 * height. Nought where the background drowns it at once.
 */
export function footprintsM2(parameters: ReachParameters, period: Period): number[] {
  const { horn, plainLoudspeaker, maxRangeM, surroundings } = parameters;
  if (plainLoudspeaker.powerW === 0) return surroundings.map(() => 0);
  const place = { lon0: 0, lat0: 0, metresPerDegreeLon: 1, metresPerDegreeLat: 1 };
  const field = clusterField(
    {
      id: '',
      lon: 0,
      lat: 0,
      hornHeightM: horn.heightM,
      horns: [{ ...horn, powerW: plainLoudspeaker.powerW, azimuthDeg: 0 }],
      assumed: [],
    },
    parameters,
    place,
    new WayTables(parameters),
  );
  return surroundings.map((ground, code) => {
    const needed = heardFromDba(parameters, ground, period);
    let sum = 0;
    for (let ray = 0; ray < RAYS; ray++) {
      const angle = (2 * Math.PI * (ray + 0.5)) / RAYS;
      let [near, far] = [0, maxRangeM];
      while (far - near > 0.5) {
        const m = (near + far) / 2;
        if (levelAtDba(field, code, m * Math.sin(angle), m * Math.cos(angle)) >= needed) near = m;
        else far = m;
      }
      sum += (Math.PI * near * near) / RAYS;
    }
    return sum;
  });
}

/**
 * People and households that hear a cluster or a plain loudspeaker, by area, two numbers each: an estimate. The plain loudspeakers of a
 * commune are taken to be strewn at random where its people live (a Poisson process), so that of those who hear no cluster a place
 * with density λ of loudspeakers leaves the part exp(−λ·footprint) without any (Boolean model of stochastic geometry; Chiu, Stoyan et
 * al., Stochastic Geometry and its Applications, chapter 3).
 */
export function heardWithPlain(
  grid: ReachGrid,
  cells: ReachCells,
  loudspeakers: readonly number[],
  parameters: ReachParameters,
): Record<Period, Float64Array> {
  const people = new Float64Array(grid.areaCodes.length);
  grid.shareArea.forEach((area, s) => {
    people[area] = (people[area] as number) + (grid.sharePopulation[s] as number);
  });
  const [day, night] = PERIODS.map((period) => {
    const footprints = footprintsM2(parameters, period);
    const heard = period === 'day' ? cells.heardDay : cells.heardNight;
    const sums = new Float64Array(2 * grid.areaCodes.length);
    for (let i = 0; i < grid.cellCount; i++) {
      const silent = 1 - (heard[i] as number) / SUB_POINTS;
      const footprint = footprints[grid.landCover[i] as number] as number;
      for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++) {
        const area = grid.shareArea[s] as number;
        const living = grid.sharePopulation[s] as number;
        const groundM2 = (grid.shareFraction[s] as number) * (grid.areaM2[i] as number);
        // Households live where people do; where nobody is known to live, nothing is known of loudspeakers either.
        const density =
          living > 0 ? ((loudspeakers[area] as number) * living) / (people[area] as number) / groundM2 : 0;
        const hears = 1 - silent * Math.exp(-density * footprint);
        sums[2 * area] = (sums[2 * area] as number) + hears * living;
        sums[2 * area + 1] = (sums[2 * area + 1] as number) + hears * (grid.shareHouseholds[s] as number);
      }
    }
    return sums;
  }) as [Float64Array, Float64Array];
  return { day, night };
}
