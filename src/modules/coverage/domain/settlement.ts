import { getHexagonEdgeLengthAvg, getResolution, latLngToCell } from 'h3-js';
import { projectX, projectY, type LocalProjection } from '../../../geo/index.js';
import type { GridShares } from './grid-shares.js';
import type { SettlementRule } from './parameters.js';
import type { GridArea, PeoplePoint } from './snapshot.js';

/** Of a pixel to each side; one of a kilometre has parts of 33 m at least. */
const MOST_PARTS = 30;

export interface SharedPeople {
  population: Float64Array;
  households: Float64Array;
}

/** A count of people or households that can be used; anything else is unknown. */
export function knownCount(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

/**
 * Spreads each area's people over its shares: a part about the settlement centres (normal distribution in the plane, cut at the area's
 * border), the others evenly by area. Each centre's part is scaled to come out whole, so an area's shares add up to its population.
 * Nothing is random. Households are spread as the people are. A cell that is water alone gets nobody. An area with points of people is spread by them and nothing else.
 */
export function distribute(
  areas: readonly GridArea[],
  shares: GridShares,
  centres: { x: Float64Array; y: Float64Array },
  projection: LocalProjection,
  rule: SettlementRule,
): SharedPeople {
  const count = shares.area.length;
  const population = new Float64Array(count);
  const households = new Float64Array(count);
  const cellOf = new Uint32Array(count);
  const sharesOfArea: number[][] = areas.map(() => []);
  for (let i = 0; i + 1 < shares.start.length; i++) {
    for (let s = shares.start[i] as number; s < (shares.start[i + 1] as number); s++) {
      cellOf[s] = i;
      sharesOfArea[shares.area[s] as number]?.push(s);
    }
  }
  areas.forEach((area, index) => {
    const own = sharesOfArea[index] ?? [];
    const weights = weightsOf(area, own);
    const people = knownCount(area.population) ?? 0;
    const homes = knownCount(area.households) ?? 0;
    const found = area.people?.length ? pointWeights(area.people, area.peopleSpreadDeg, own) : undefined;
    own.forEach((s, k) => {
      population[s] = people * ((found?.people ?? weights)[k] as number);
      households[s] = homes * ((found?.households ?? weights)[k] as number);
    });
  });
  return { population, households };

  /** The weight of each share by the points that lie in it, together 1; undefined when no point does. */
  function pointWeights(
    points: readonly PeoplePoint[],
    spreadDeg: GridArea['peopleSpreadDeg'],
    own: readonly number[],
  ): { people: Float64Array; households: Float64Array } | undefined {
    const placeOf = new Map(own.map((s, k) => [shares.ids[cellOf[s] as number], k]));
    const people = new Float64Array(own.length);
    const households = new Float64Array(own.length);
    const resolution = getResolution(shares.ids[0] as string);
    const parts = pixelParts(spreadDeg, resolution, projection);
    for (const [lon, lat, count, homes] of points) {
      for (const [east, north] of parts) {
        const k = placeOf.get(latLngToCell(lat + north, lon + east, resolution));
        // On the very border a place may lie in a cell of which the area has nothing, and nobody lives on water: the others stand for it.
        if (k === undefined || shares.areaM2[cellOf[own[k] as number] as number] === 0) continue;
        people[k] = (people[k] as number) + count / parts.length;
        households[k] = (households[k] as number) + homes / parts.length;
      }
    }
    if (!people.some((count) => count > 0)) return undefined;
    const byPeople = normalised(people);
    const counted = households.some((count) => count > 0);
    return { people: byPeople, households: counted ? normalised(households) : byPeople };
  }

  /** The weight of each share of an area; together 1. */
  function weightsOf(area: GridArea, own: readonly number[]): Float64Array {
    const even = normalised(
      Float64Array.from(
        own,
        (s) => (shares.fraction[s] as number) * (shares.areaM2[cellOf[s] as number] as number),
      ),
    );
    const weights = new Float64Array(own.length);
    let settled = 0;
    const usable = area.centres.filter(
      ([lon, lat, w]) => Number.isFinite(lon + lat) && Number.isFinite(w) && w > 0,
    );
    const total = usable.reduce((sum, [, , weight]) => sum + weight, 0);
    for (const [lon, lat, weight] of usable) {
      const bell = bellOver(own, even, projectX(projection, lon), projectY(projection, lat));
      // A centre so far outside that nobody would live in the area counts as none.
      if (!bell) continue;
      const part = (rule.share * weight) / total;
      settled += part;
      for (let k = 0; k < own.length; k++) weights[k] = (weights[k] as number) + part * (bell[k] as number);
    }
    for (let k = 0; k < own.length; k++)
      weights[k] = (weights[k] as number) + (1 - settled) * (even[k] as number);
    return weights;
  }

  function bellOver(
    own: readonly number[],
    even: Float64Array,
    x: number,
    y: number,
  ): Float64Array | undefined {
    const bell = Float64Array.from(own, (s, k) => {
      const dx = (centres.x[cellOf[s] as number] as number) - x;
      const dy = (centres.y[cellOf[s] as number] as number) - y;
      return (even[k] as number) * Math.exp(-(dx * dx + dy * dy) / (2 * rule.radiusM * rule.radiusM));
    });
    const sum = bell.reduce((a, b) => a + b, 0);
    return sum > 1e-12 ? normalised(bell) : undefined;
  }
}

/** Parts of a pixel, degrees about its middle, so many that a cell of the grid is larger than any of them. */
function pixelParts(
  spreadDeg: readonly [lon: number, lat: number] | undefined,
  resolution: number,
  { metresPerDegreeLon, metresPerDegreeLat }: LocalProjection,
): [east: number, north: number][] {
  if (!spreadDeg) return [[0, 0]];
  const finestM = getHexagonEdgeLengthAvg(resolution, 'm') / 2;
  const [across, along] = spreadDeg;
  const most = (m: number) => Math.min(MOST_PARTS, Math.max(1, Math.ceil(m / finestM)));
  const [columns, rows] = [most(across * metresPerDegreeLon), most(along * metresPerDegreeLat)];
  const offsets = (count: number, size: number) =>
    Array.from({ length: count }, (_, i) => ((i + 0.5) / count - 0.5) * size);
  return offsets(columns, across).flatMap((east) =>
    offsets(rows, along).map((north): [number, number] => [east, north]),
  );
}

function normalised(values: Float64Array): Float64Array {
  const sum = values.reduce((a, b) => a + b, 0);
  return sum > 0 ? values.map((value) => value / sum) : values;
}
