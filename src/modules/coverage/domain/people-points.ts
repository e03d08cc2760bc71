import { areaContains, prepareArea } from '../../../geo/index.js';
import type { GridArea, PeoplePoint } from './snapshot.js';

/** Places with people; all lists are in one order. */
export interface PeoplePoints {
  lon: Float64Array;
  lat: Float64Array;
  people: Float64Array;
  /** Nought where they were not counted. */
  households: Float64Array;
  /** Size of the pixels that the points are the middles of; left out: they are points. */
  spreadDeg?: [lon: number, lat: number];
}

/** The points of each area; what lies in two goes to the first, what lies in none to none. */
export function pointsOfAreas(
  points: PeoplePoints,
  areas: readonly Pick<GridArea, 'polygon'>[],
): PeoplePoint[][] {
  const prepared = areas.map(({ polygon }) => prepareArea(polygon));
  const found: PeoplePoint[][] = areas.map(() => []);
  for (let i = 0; i < points.lon.length; i++) {
    const [lon, lat] = [points.lon[i] as number, points.lat[i] as number];
    const area = prepared.findIndex((candidate) => areaContains(candidate, lon, lat));
    found[area]?.push([lon, lat, points.people[i] as number, points.households[i] as number]);
  }
  return found;
}
