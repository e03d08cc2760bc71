import { type CommuneFact } from './facts.js';
import { type Point, type Ring, distance, inRing, toLonLat, toPlane } from './plane.js';
import { type RandomStream } from './random.js';

/** A commune as ground to put things on. */
export interface Ground {
  fact: CommuneFact;
  /** Boundary in degrees. */
  ring: Ring;
  /** Centre and box on the local plane (km). */
  centre: Point;
  low: Point;
  high: Point;
}

/** A place in degrees, with the commune that holds it and its point on the local plane. */
export interface Spot {
  lon: number;
  lat: number;
  at: Point;
  ground: Ground;
}

export function groundOf(fact: CommuneFact, ring: Ring): Ground {
  const points = ring.map(([lon, lat]) => toPlane(lon, lat));
  const xs = points.map((p) => p[0]);
  const ys = points.map((p) => p[1]);
  return {
    fact,
    ring,
    centre: toPlane(fact.lon, fact.lat),
    low: [Math.min(...xs), Math.min(...ys)],
    high: [Math.max(...xs), Math.max(...ys)],
  };
}

/** The spot at a point of the plane (rounded to the demo's resolution), or undefined when it is not in the commune. */
export function spotAt(ground: Ground, point: Point): Spot | undefined {
  const [lon, lat] = toLonLat(point);
  return inRing([lon, lat], ground.ring) ? { lon, lat, at: toPlane(lon, lat), ground } : undefined;
}

/** A spot in the commune: near its centre with the given probability, else anywhere. */
export function drawSpot(ground: Ground, nearCentre: number, random: RandomStream): Spot {
  const spread = 0.22 * Math.sqrt(ground.fact.areaKm2);
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const point: Point = random.chance(nearCentre)
      ? [ground.centre[0] + spread * random.normal(), ground.centre[1] + spread * random.normal()]
      : [random.between(ground.low[0], ground.high[0]), random.between(ground.low[1], ground.high[1])];
    const spot = spotAt(ground, point);
    if (spot) return spot;
  }
  throw new Error(`no room in ${ground.fact.name}`);
}

export function nearestKm(at: Point, spots: readonly { at: Point }[]): number {
  let least = Infinity;
  for (const spot of spots) {
    const d = distance(at, spot.at);
    if (d < least) least = d;
  }
  return least;
}

/** Density of demand per km²: a mixture of the shares of people and of land. Adds up to 1 over the province. */
function demand(grounds: readonly Ground[], landShare: number): number[] {
  const people = grounds.reduce((sum, g) => sum + g.fact.population, 0);
  const land = grounds.reduce((sum, g) => sum + g.fact.areaKm2, 0);
  return grounds.map(({ fact }) => {
    return ((1 - landShare) * fact.population) / people / fact.areaKm2 + landShare / land;
  });
}

interface SpreadOptions {
  count: number;
  /** Share of the demand that comes from land rather than people. */
  landShare: number;
  minSpacingKm: number;
  /** Spots that are there already; they are kept and come first. */
  fixed: readonly Spot[];
}

/**
 * Spots denser where people are, yet evenly spread: of several drawn candidates the one with the most room for its density wins
 * (Mitchell's best candidate, with distances scaled by the square root of the density).
 */
export function spread(grounds: readonly Ground[], options: SpreadOptions, random: RandomStream): Spot[] {
  const density = demand(grounds, options.landShare);
  const weights = grounds.map((g, i) => (density[i] ?? 0) * g.fact.areaKm2);
  const spots = [...options.fixed];
  for (let round = 0; spots.length < options.count; round++) {
    if (round > 20 * options.count)
      throw new Error(`no room for ${options.count} at ${options.minSpacingKm} km`);
    let best: Spot | undefined;
    let bestRoom = 0;
    for (let candidate = 0; candidate < 8; candidate++) {
      const i = random.weighted(weights);
      const ground = grounds[i];
      if (!ground) continue;
      const spot = drawSpot(ground, 0.35, random);
      const nearest = nearestKm(spot.at, spots);
      const room = nearest * Math.sqrt(density[i] ?? 0);
      if (nearest >= options.minSpacingKm && room > bestRoom) {
        best = spot;
        bestRoom = room;
      }
    }
    if (best) spots.push(best);
  }
  return spots;
}
