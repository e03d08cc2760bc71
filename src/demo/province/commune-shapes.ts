import { type CommuneFact } from './facts.js';
import { type Point, centroid, distance, toPlane } from './plane.js';
import { type Generator, type PowerCell, fitAreas, powerCell } from './power-diagram.js';
import { type RandomStream } from './random.js';

/** Area of the province in km² (published); the communes' own figures add up to 0.04 % more and are scaled to it. */
export const PROVINCE_AREA_KM2 = 1621.8;

/** How the land around is sampled: spacing of its generators, and their least and greatest distance
 * from the communes' discs, in km. */
const SURROUNDINGS = { spacingKm: 2, clearanceKm: 1.1, reachKm: 4, jitterKm: 0.35 };
/** Rounds of moving the generators, and the share of the distance they move in each. */
const ROUNDS = 16;
const STEP = 0.7;

/** A power diagram whose first cells are the communes, in the order of the facts; the rest is the land around. */
export interface CommuneShapes {
  cells: PowerCell[];
  generators: Generator[];
  communeCount: number;
}

/**
 * Generators for the land around: a jittered triangular lattice outside of all discs of the communes' centres and areas. The
 * province's outline is where its cells meet these, so it follows from centres and areas alone and needs no clipping.
 */
function surroundings(discs: readonly { at: Point; radius: number }[], random: RandomStream): Generator[] {
  const { spacingKm, clearanceKm, reachKm, jitterKm } = SURROUNDINGS;
  const generators: Generator[] = [];
  const xs = discs.map((d) => d.at[0]);
  const ys = discs.map((d) => d.at[1]);
  const rowHeight = (spacingKm * Math.sqrt(3)) / 2;
  const margin = reachKm + 5;
  let row = 0;
  for (let y = Math.min(...ys) - margin; y <= Math.max(...ys) + margin; y += rowHeight, row++) {
    for (
      let x = Math.min(...xs) - margin + (row % 2) * (spacingKm / 2);
      x <= Math.max(...xs) + margin;
      x += spacingKm
    ) {
      const at: Point = [x + random.between(-jitterKm, jitterKm), y + random.between(-jitterKm, jitterKm)];
      const clearance = Math.min(...discs.map((d) => distance(at, d.at) - d.radius));
      if (clearance >= clearanceKm && clearance <= reachKm) generators.push({ at, weight: 0 });
    }
  }
  return generators;
}

/**
 * Convex shapes for the communes: each has its known area, and its centroid is drawn towards its known centre by moving
 * the generators between the fits. Keeps the round with the least root mean square distance between the two.
 */
export function communeShapes(communes: readonly CommuneFact[], random: RandomStream): CommuneShapes {
  const centres = communes.map((c) => toPlane(c.lon, c.lat));
  const known = communes.reduce((sum, c) => sum + c.areaKm2, 0);
  const targets = communes.map((c) => (c.areaKm2 * PROVINCE_AREA_KM2) / known);
  const discs = centres.map((at, i) => ({ at, radius: Math.sqrt((targets[i] ?? 0) / Math.PI) }));
  const own: Generator[] = centres.map((at) => ({ at, weight: 0 }));
  const generators = [...own, ...surroundings(discs, random)];

  let best: Generator[] = [];
  let bestOff = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const cells = fitAreas(generators, targets);
    const centroids = cells.map((cell) => centroid(cell.vertices));
    const off = centroids.reduce((sum, at, i) => sum + distance(at, centres[i] ?? at) ** 2, 0);
    if (off < bestOff) {
      bestOff = off;
      best = own.map((g) => ({ ...g }));
    }
    own.forEach((generator, i) => {
      const centre = centres[i];
      const at = centroids[i];
      if (!centre || !at) return;
      const [x, y] = generator.at;
      generator.at = [x + STEP * (centre[0] - at[0]), y + STEP * (centre[1] - at[1])];
    });
  }
  const final = [...best, ...generators.slice(communes.length)];
  return {
    cells: final.map((_, i) => powerCell(final, i)),
    generators: final,
    communeCount: communes.length,
  };
}
