import { type CommuneShapes } from './commune-shapes.js';
import { type Point, type Ring, centroid, distance, toLonLat } from './plane.js';
import { randomStream } from './random.js';

/** No stretch of a border is longer than this (km) once it has been roughened. */
const STRETCH_KM = 0.35;
/** Height of the first displacement over the length of the stretch, and what is left of it at each halving. */
const ROUGHNESS = 0.09;
const DECAY = 0.55;
/** Share of the free room that a border may use, and the steepest corner (tangent) counted as room. */
const ROOM_SHARE = 0.6;
const STEEPEST = 1.5;

/** Tangent of the angle at `corner` between the directions to `along` and `apex`, capped. */
function tangentAt(corner: Point, along: Point, apex: Point): number {
  const ax = along[0] - corner[0];
  const ay = along[1] - corner[1];
  const bx = apex[0] - corner[0];
  const by = apex[1] - corner[1];
  const dot = ax * bx + ay * by;
  const cross = Math.abs(ax * by - ay * bx);
  return dot <= 0 ? STEEPEST : Math.min(STEEPEST, cross / dot);
}

/**
 * The points strictly between p and q of a border that looks grown: offsets by repeated midpoint displacement.
 * - It stays inside the triangles that p, q span with an inner point of either (convex) cell. The triangles of a cell's edges do
 *   not overlap, so no border meets another; and it advances steadily from p to q, so it does not meet itself.
 * - Its offsets add up to zero, so neither side gains area.
 */
function roughen(p: Point, q: Point, apexes: readonly Point[], seed: number, name: string): Point[] {
  const length = distance(p, q);
  const levels = Math.max(0, Math.ceil(Math.log2(length / STRETCH_KM)));
  const pieces = 2 ** levels;
  if (pieces < 2) return [];
  const random = randomStream(seed, `border/${name}`);
  const offsets: number[] = new Array<number>(pieces + 1).fill(0);
  let height = length * ROUGHNESS;
  for (let step = pieces; step > 1; step /= 2, height *= DECAY) {
    for (let k = 0; k < pieces; k += step) {
      offsets[k + step / 2] =
        ((offsets[k] ?? 0) + (offsets[k + step] ?? 0)) / 2 + height * random.between(-1, 1);
    }
  }
  const atP = Math.min(...apexes.map((apex) => tangentAt(p, q, apex)));
  const atQ = Math.min(...apexes.map((apex) => tangentAt(q, p, apex)));
  const room = offsets.map((_, k) => (ROOM_SHARE * length * Math.min(k * atP, (pieces - k) * atQ)) / pieces);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const drift = sum(offsets) / sum(room);
  const balanced = offsets.map((offset, k) => offset - drift * (room[k] ?? 0));
  const fit = Math.min(
    1,
    ...balanced.slice(1, -1).map((offset, k) => (room[k + 1] ?? 0) / Math.max(1e-12, Math.abs(offset))),
  );
  const [nx, ny] = [-(q[1] - p[1]) / length, (q[0] - p[0]) / length];
  return balanced.slice(1, -1).map((offset, k) => {
    const t = (k + 1) / pieces;
    const o = offset * fit;
    return [p[0] + t * (q[0] - p[0]) + o * nx, p[1] + t * (q[1] - p[1]) + o * ny] as const;
  });
}

/**
 * One closed counter-clockwise ring in degrees per commune. Every corner and every border is made once and used by both sides, so
 * shared borders have the very same vertices: no gap and no overlap, also after rounding.
 */
export function communeRings(shapes: CommuneShapes, seed: number): Ring[] {
  const { cells, communeCount } = shapes;
  const apexes = cells.map((cell) => centroid(cell.vertices));
  const corners = new Map<string, Point>();
  const borders = new Map<string, Point[]>();

  return cells.slice(0, communeCount).map((cell, i) => {
    const n = cell.vertices.length;
    // A corner is named after the three cells that meet in it.
    const corner = (k: number): Point => {
      const key = [i, cell.neighbours[(k + n - 1) % n], cell.neighbours[k % n]]
        .sort((a, b) => Number(a) - Number(b))
        .join(' ');
      const found = corners.get(key) ?? cell.vertices[k % n];
      if (!found) throw new Error(`cell ${i} has no vertex ${k}`);
      corners.set(key, found);
      return found;
    };
    const ring: Ring = [];
    for (let k = 0; k < n; k++) {
      const j = cell.neighbours[k] ?? -1;
      const own = apexes[i];
      const other = apexes[j];
      if (!own || !other) throw new Error(`cell ${i} has an edge on the frame`);
      const forward = i < j;
      const [p, q] = forward ? [corner(k), corner(k + 1)] : [corner(k + 1), corner(k)];
      const key = forward ? `${i}-${j}` : `${j}-${i}`;
      const border = borders.get(key) ?? roughen(p, q, [own, other], seed, key);
      borders.set(key, border);
      ring.push(toLonLat(corner(k)), ...(forward ? border : border.toReversed()).map(toLonLat));
    }
    // Corners closer than the resolution fall together.
    const distinct = ring.filter((point, k) => {
      const previous = ring[(k + ring.length - 1) % ring.length];
      return !previous || previous[0] !== point[0] || previous[1] !== point[1];
    });
    const first = distinct[0];
    if (!first) throw new Error(`cell ${i} is empty`);
    return [...distinct, first];
  });
}
