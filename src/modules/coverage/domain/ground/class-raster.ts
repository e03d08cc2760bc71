import { toUtm } from '../../../../geo/index.js';
import type { RasterPlace } from './raster-place.js';

/** A class for each pixel. Plain data of numbers and one typed array. */
export interface ClassRaster extends RasterPlace {
  width: number;
  height: number;
  /** The source's own codes or names. */
  codes: readonly string[];
  /** Place in `codes` plus one, row by row from the north; nought: unknown. */
  data: Uint8Array;
}

/** A pixel's place as a number of columns and rows; whole numbers are the corners of pixels. */
function pixelAt(place: RasterPlace, lon: number, lat: number): [column: number, row: number] {
  const [x, y] = place.utmZone === null ? [lon, lat] : toUtm(place.utmZone, lon, lat);
  return [(x - place.west) / place.dx, (place.north - y) / place.dy];
}

/** Fewer pixel centres than this in a cell say too little: then points within it are looked at instead. */
const ENOUGH_PIXELS = 24;
/** Points on each line from the centre to a corner, and between such lines. */
const RINGS = 4;

/**
 * Counts the classes in a convex outline (a cell, degrees): of the pixels whose centres lie in it or, where pixels are not much
 * smaller than the cell, of points spread evenly in it. `counts[k]` is added to for class k of the raster's data; nought counts what
 * is unknown or outside.
 */
export function countClasses(
  raster: ClassRaster,
  outline: readonly (readonly [lon: number, lat: number])[],
  counts: Uint32Array,
): void {
  const corners = outline.map(([lon, lat]) => pixelAt(raster, lon, lat));
  if (Math.abs(polygonArea(corners)) >= ENOUGH_PIXELS) countPixels(raster, corners, counts);
  else countPoints(raster, corners, counts);
}

type Corners = readonly (readonly [column: number, row: number])[];

function polygonArea(corners: Corners): number {
  let sum = 0;
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length] as readonly [number, number];
    sum += ax * by - bx * ay;
  });
  return sum / 2;
}

/** Row by row between the outline's two edges. */
function countPixels(raster: ClassRaster, corners: Corners, counts: Uint32Array): void {
  const { width, height, data } = raster;
  const rows = corners.map(([, row]) => row);
  const last = Math.floor(Math.max(...rows) - 0.5);
  for (let row = Math.ceil(Math.min(...rows) - 0.5); row <= last; row++) {
    const [from, to] = crossed(corners, row + 0.5);
    const [left, right] = [Math.ceil(from - 0.5), Math.ceil(to - 0.5)];
    for (let column = left; column < right; column++) {
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      const code = inside ? (data[row * width + column] as number) : 0;
      counts[code] = (counts[code] as number) + 1;
    }
  }
}

/** Where a line from west to east enters a convex outline and where it leaves it. */
function crossed(corners: Corners, y: number): [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length] as readonly [number, number];
    if (ay > y === by > y) return;
    const x = ax + ((y - ay) / (by - ay)) * (bx - ax);
    from = Math.min(from, x);
    to = Math.max(to, x);
  });
  return [from, to];
}

/** The centres of small triangles, all of one size, that the outline's triangles about its middle are cut into. */
function countPoints(raster: ClassRaster, corners: Corners, counts: Uint32Array): void {
  const mean = (axis: 0 | 1) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length;
  const [mx, my] = [mean(0), mean(1)];
  corners.forEach(([ax, ay], i) => {
    const [bx, by] = corners[(i + 1) % corners.length] as readonly [number, number];
    for (const [u, v] of TRIANGLE_PARTS) {
      const column = Math.floor(mx + u * (ax - mx) + v * (bx - mx));
      const row = Math.floor(my + u * (ay - my) + v * (by - my));
      const inside = row >= 0 && row < raster.height && column >= 0 && column < raster.width;
      const code = inside ? (raster.data[row * raster.width + column] as number) : 0;
      counts[code] = (counts[code] as number) + 1;
    }
  });
}

const TRIANGLE_PARTS: readonly (readonly [u: number, v: number])[] = Array.from({ length: RINGS }, (_, i) =>
  Array.from({ length: RINGS - i }, (__, j) => [
    [(i + 1 / 3) / RINGS, (j + 1 / 3) / RINGS] as const,
    ...(i + j + 1 < RINGS ? [[(i + 2 / 3) / RINGS, (j + 2 / 3) / RINGS] as const] : []),
  ]).flat(),
).flat();
