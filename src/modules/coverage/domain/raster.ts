import { cellToBoundary } from 'h3-js';
import { unproject } from '../../../geo/index.js';
import { cellId, type CoverageGrid } from './grid.js';

/** A picture of the grid in degrees (WGS84): square pixels from the north-west corner, rows from north to south. */
export interface RasterFrame {
  west: number;
  north: number;
  /** Side of a pixel. */
  pixelDeg: number;
  width: number;
  height: number;
}

/** Pixels that a raster has at most. */
export const MOST_PIXELS = 6_000_000;
const METRES_PER_DEGREE = 111_000;

/** Holds all cells, about four pixels to a cell, fewer where there would be too many. */
export function rasterFrame(
  grid: Pick<CoverageGrid, 'x' | 'y' | 'projection' | 'areaM2' | 'cellCount'>,
): RasterFrame {
  // The largest: water takes of the others' areas, not of their size.
  const cellM = Math.sqrt(grid.areaM2.reduce((a, b) => Math.max(a, b), 0));
  const [lowX, highX] = extremes(grid.x);
  const [lowY, highY] = extremes(grid.y);
  const [west, south] = unproject(grid.projection, lowX - cellM, lowY - cellM);
  const [east, north] = unproject(grid.projection, highX + cellM, highY + cellM);
  const pixelDeg = Math.max(
    cellM / 2 / METRES_PER_DEGREE,
    Math.sqrt(((east - west) * (north - south)) / MOST_PIXELS) * 1.01,
  );
  return {
    west,
    north,
    pixelDeg,
    width: Math.ceil((east - west) / pixelDeg),
    height: Math.ceil((north - south) / pixelDeg),
  };
}

function extremes(values: Float64Array): [number, number] {
  return values.reduce(([low, high], v): [number, number] => [Math.min(low, v), Math.max(high, v)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
}

/** Which cell (its place in the grid) the middle of each pixel lies in; −1: none. */
export function rasterCells(grid: Pick<CoverageGrid, 'h3' | 'cellCount'>, frame: RasterFrame): Int32Array {
  const { west, north, pixelDeg, width, height } = frame;
  const cells = new Int32Array(width * height).fill(-1);
  for (let i = 0; i < grid.cellCount; i++) {
    // In pixels from the corner; the middle of pixel n is n + ½.
    const ring = cellToBoundary(cellId(grid, i)).map(([lat = 0, lon = 0]): [number, number] => [
      (lon - west) / pixelDeg,
      (north - lat) / pixelDeg,
    ]);
    const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
    const lastColumn = Math.min(width - 1, Math.floor(Math.max(...xs)));
    const lastRow = Math.min(height - 1, Math.floor(Math.max(...ys)));
    for (let row = Math.max(0, Math.floor(Math.min(...ys))); row <= lastRow; row++)
      for (let column = Math.max(0, Math.floor(Math.min(...xs))); column <= lastColumn; column++)
        if (holds(ring, column + 0.5, row + 0.5)) cells[row * width + column] = i;
  }
  return cells;
}

/** A convex ring holds a point that lies on the same side of all its edges; the edges belong to it. */
function holds(ring: readonly [number, number][], x: number, y: number): boolean {
  let side = 0;
  for (let n = 0; n < ring.length; n++) {
    const [ax, ay] = ring[n] as [number, number];
    const [bx, by] = ring[(n + 1) % ring.length] as [number, number];
    const cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    if (cross === 0) continue;
    if (side !== 0 && Math.sign(cross) !== side) return false;
    side = Math.sign(cross);
  }
  return true;
}

/** Six lines of a world file (.pgw): pixel size and rotation, then the middle of the north-western pixel. */
export function worldFile({ west, north, pixelDeg }: RasterFrame): string {
  const lines = [pixelDeg, 0, 0, -pixelDeg, west + pixelDeg / 2, north - pixelDeg / 2];
  return `${lines.map((value) => value.toFixed(12)).join('\n')}\n`;
}
