import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { cellId } from '../../domain/grid.js';
import { LEVEL_CLASSES } from '../../domain/index.js';
import type { CellLevel } from '../../domain/cell-pyramid.js';
import { levelOrNull } from '../cell-features.js';

export const TILE_LAYER = 'cells';
export const MAX_TILE_BYTES = 500_000;
const EXTENT = 4096;
/** As many cells as a tile that is full of them may have: about 50 bytes each. */
const MOST_CELLS = 4000;
const WORLD_KM = 40_075;
/** Area of a cell of resolution 9; each finer one has a seventh. */
const RESOLUTION_9_KM2 = 0.105;

interface DrawnCell {
  /** Polygon. */
  type: 3;
  geometry: [number, number][][];
  tags: Record<string, string | number>;
}

/** The library's own declaration leaves the endings of its imports out, which our module resolution does not follow. */
const encode = fromGeojsonVt as unknown as (
  layers: Record<string, { features: DrawnCell[] }>,
  options: { version: number; extent: number },
) => Uint8Array;

/**
 * A tile (Mapbox Vector Tile 2.1) of the finest cells that a full tile of this zoom has room for; coarser ones where even so it would be
 * too large. Empty where no cell is. Cells reach over the tile's border: their outlines are whole.
 */
export function cellTile(
  pyramid: readonly CellLevel[],
  siteOf: (server: number) => string | undefined,
  z: number,
  x: number,
  y: number,
): Uint8Array {
  const fitting = pyramid.filter(({ resolution }) => cellsOfFullTile(z, resolution) <= MOST_CELLS);
  const [coarsest] = pyramid.slice(-1);
  for (const level of fitting.length > 0 ? fitting : coarsest ? [coarsest] : []) {
    const features = draw(level, siteOf, z, x, y, level !== pyramid[0]);
    if (features.length === 0) return new Uint8Array();
    const bytes = encode({ [TILE_LAYER]: { features } }, { version: 2, extent: EXTENT });
    if (bytes.length <= MAX_TILE_BYTES || level === coarsest) return bytes;
  }
  return new Uint8Array();
}

function cellsOfFullTile(z: number, resolution: number): number {
  return (WORLD_KM / 2 ** z) ** 2 / (RESOLUTION_9_KM2 * 7 ** (9 - resolution));
}

function draw(
  level: CellLevel,
  siteOf: (server: number) => string | undefined,
  z: number,
  x: number,
  y: number,
  coarser: boolean,
): DrawnCell[] {
  const scale = 2 ** z;
  const [west, north, east, south] = [x / scale, y / scale, (x + 1) / scale, (y + 1) / scale];
  const { boxes, corners, cornerStart } = level;
  const features: DrawnCell[] = [];
  for (let i = 0; i < level.count; i++) {
    if ((boxes[4 * i] as number) >= east || (boxes[4 * i + 2] as number) <= west) continue;
    if ((boxes[4 * i + 1] as number) >= south || (boxes[4 * i + 3] as number) <= north) continue;
    const ring: [number, number][] = [];
    // H3's outlines run anticlockwise, a tile's clockwise.
    for (let c = (cornerStart[i + 1] as number) - 2; c >= (cornerStart[i] as number); c -= 2)
      ring.push([
        Math.round(((corners[c] as number) * scale - x) * EXTENT),
        Math.round(((corners[c + 1] as number) * scale - y) * EXTENT),
      ]);
    const [first] = ring;
    if (first) ring.push(first);
    features.push({ type: 3, geometry: [ring], tags: tagsOf(level, i, siteOf, coarser) });
  }
  return features;
}

function tagsOf(
  level: CellLevel,
  i: number,
  siteOf: (server: number) => string | undefined,
  coarser: boolean,
): DrawnCell['tags'] {
  const levelDbm = levelOrNull(level.levelDbm[i] as number);
  const site = siteOf(level.server[i] as number);
  return {
    h3: cellId(level, i),
    class: LEVEL_CLASSES[level.levelClass[i] as number] ?? 'none',
    operators: level.operators[i] as number,
    ...(levelDbm === null ? {} : { level: levelDbm }),
    ...(site === undefined ? {} : { server: site }),
    ...(coarser ? { covered: level.coveredPercent[i] as number } : {}),
  };
}
