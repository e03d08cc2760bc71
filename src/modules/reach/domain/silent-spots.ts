import { haversineM, unproject } from '../../../geo/index.js';
import type { Period } from './parameters.js';
import type { ReachCluster } from './reach-clusters.js';
import type { ReachCells } from './reach-engine.js';
import { h3Of, neighbourFinder, SUB_POINTS, type ReachGrid } from './reach-grid.js';

/** Connected ground of one commune where people live and no cluster is heard. */
export interface SilentSpot {
  /** The commune that most people of each of its cells live in. */
  areaCode: string;
  period: Period;
  cells: number;
  areaM2: number;
  /** People and households there that hear nothing. */
  population: number;
  households: number;
  /** The cell with most of these people: where one would look first. */
  densestCell: string;
  lon: number;
  lat: number;
  /** From there. Null when there is no cluster at all. */
  nearestCluster: { id: string; distanceM: number } | null;
}

/** Ground with fewer people is taken to be fields, where nobody has to hear. */
export interface SettledRule {
  fromPeoplePerKm2: number;
}

/**
 * Silent spots, those with most people first. A cell belongs to one when nothing is heard in most of its points and enough people live
 * in it. Spots end at the commune's border: it is communes that put up loudspeakers.
 */
export function silentSpots(
  grid: ReachGrid,
  cells: ReachCells,
  clusters: readonly ReachCluster[],
  period: Period,
  { fromPeoplePerKm2 }: SettledRule,
): SilentSpot[] {
  const heard = period === 'day' ? cells.heardDay : cells.heardNight;
  const silentShare = (i: number) => 1 - (heard[i] as number) / SUB_POINTS;
  /** Of silent cells the commune they count for; −1 for others and those that are in a spot already. */
  const areaOf = new Int32Array(grid.cellCount).fill(-1);
  for (let i = 0; i < grid.cellCount; i++) {
    const people = grid.population[i] as number;
    if (silentShare(i) <= 0.5 || people <= 0) continue;
    // Of a cell of water alone the density is no number.
    if (!(people / ((grid.areaM2[i] as number) / 1e6) >= fromPeoplePerKm2)) continue;
    areaOf[i] = mainArea(grid, i);
  }
  const neighbours = neighbourFinder(grid);
  const spots: SilentSpot[] = [];
  for (let start = 0; start < grid.cellCount; start++) {
    const area = areaOf[start] as number;
    if (area < 0) continue;
    areaOf[start] = -1;
    const members: number[] = [];
    const open = [start];
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      members.push(i);
      for (const next of neighbours(i)) {
        if (areaOf[next] !== area) continue;
        areaOf[next] = -1;
        open.push(next);
      }
    }
    spots.push(
      spotOf(
        grid,
        members.sort((a, b) => a - b),
        area,
        period,
        silentShare,
        clusters,
      ),
    );
  }
  return spots.sort((a, b) => b.population - a.population || (a.densestCell < b.densestCell ? -1 : 1));
}

/** The area that most of the cell's people live in. */
function mainArea(grid: ReachGrid, i: number): number {
  let best = -1;
  let most = 0;
  for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++) {
    if ((grid.sharePopulation[s] as number) > most) {
      most = grid.sharePopulation[s] as number;
      best = grid.shareArea[s] as number;
    }
  }
  return best;
}

function spotOf(
  grid: ReachGrid,
  members: readonly number[],
  area: number,
  period: Period,
  silentShare: (i: number) => number,
  clusters: readonly ReachCluster[],
): SilentSpot {
  let [areaM2, population, households] = [0, 0, 0];
  let densest = members[0] as number;
  for (const i of members) {
    const silent = silentShare(i);
    areaM2 += silent * (grid.areaM2[i] as number) * insideShare(grid, i);
    population += silent * (grid.population[i] as number);
    households += silent * (grid.households[i] as number);
    if ((grid.population[i] as number) > (grid.population[densest] as number)) densest = i;
  }
  const [lon, lat] = unproject(grid.projection, grid.x[densest] as number, grid.y[densest] as number);
  return {
    areaCode: grid.areaCodes[area] as string,
    period,
    cells: members.length,
    areaM2,
    population,
    households,
    densestCell: h3Of(grid, densest),
    lon,
    lat,
    nearestCluster: nearestCluster(clusters, lon, lat),
  };
}

function insideShare(grid: ReachGrid, i: number): number {
  let sum = 0;
  for (let s = grid.shareStart[i] as number; s < (grid.shareStart[i + 1] as number); s++)
    sum += grid.shareFraction[s] as number;
  return Math.min(1, sum);
}

export function nearestCluster(
  clusters: readonly Pick<ReachCluster, 'id' | 'lon' | 'lat'>[],
  lon: number,
  lat: number,
): { id: string; distanceM: number } | null {
  let nearest: { id: string; distanceM: number } | null = null;
  for (const { id, lon: x, lat: y } of clusters) {
    const distanceM = haversineM(lon, lat, x, y);
    if (!nearest || distanceM < nearest.distanceM) nearest = { id, distanceM };
  }
  return nearest;
}
