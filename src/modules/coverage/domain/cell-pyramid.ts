import { cellToBoundary, cellToParent } from 'h3-js';
import { cellId, type CoverageGrid } from './grid.js';
import { LEVEL_CLASSES, levelClass, type Threshold } from './parameters.js';

/**
 * Cells of one H3 resolution as a map shows them. Places are parts of the world's width from its north-west corner in Web Mercator,
 * as tiles count them. Plain data of typed arrays.
 */
export interface CellLevel {
  resolution: number;
  count: number;
  h3: BigUint64Array;
  /** Corners of cell i, x and y by turns, are `cornerStart[i]` to `cornerStart[i + 1]` (exclusive) of `corners`. */
  cornerStart: Uint32Array;
  corners: Float64Array;
  /** Box of each cell: west, north, east, south. */
  boxes: Float64Array;
  /** dBm; −Infinity: nothing is received. Of a coarser cell the mean of those of its cells that receive anything. */
  levelDbm: Float32Array;
  /** Place in `LEVEL_CLASSES`; of a coarser cell the one that most of its cells have, the lower of two. */
  levelClass: Uint8Array;
  /** Place of the best server in the run's list; −1: none. Of a coarser cell the one that serves most of its cells. */
  server: Int32Array;
  /** How many operators serve it; of a coarser cell the number that most of its cells have, the lower of two. */
  operators: Uint8Array;
  /** Percent of the cells in it that are covered. */
  coveredPercent: Uint8Array;
}

/** What is shown of each cell of the grid, in its order. */
export interface ShownCells {
  levelDbm: Float32Array;
  server: Int32Array;
  operators: Uint8Array;
}

/** The grid's own cells first, then coarser and coarser ones down to `coarsest`. */
export function cellPyramid(
  grid: Pick<CoverageGrid, 'h3' | 'cellCount' | 'resolution'>,
  shown: ShownCells,
  threshold: Threshold,
  coarsest: number,
): CellLevel[] {
  const count = grid.cellCount;
  const classes = new Uint8Array(count);
  for (let i = 0; i < count; i++)
    classes[i] = LEVEL_CLASSES.indexOf(levelClass(threshold, shown.levelDbm[i] as number));
  const finest = {
    resolution: grid.resolution,
    count,
    h3: grid.h3,
    ...outlines(Array.from({ length: count }, (_, i) => cellId(grid, i))),
    ...shown,
    levelClass: classes,
    coveredPercent: classes.map((code) => (code > 0 ? 100 : 0)),
  };
  const levels: CellLevel[] = [finest];
  for (let resolution = grid.resolution - 1; resolution >= coarsest; resolution--)
    levels.push(coarser(finest, resolution));
  return levels;
}

function coarser(finest: CellLevel, resolution: number): CellLevel {
  const members = new Map<string, number[]>();
  for (let i = 0; i < finest.count; i++) {
    const parent = cellToParent(cellId(finest, i), resolution);
    const own = members.get(parent);
    if (own) own.push(i);
    else members.set(parent, [i]);
  }
  const ids = [...members.keys()].sort();
  const count = ids.length;
  const level: CellLevel = {
    resolution,
    count,
    h3: BigUint64Array.from(ids, (id) => BigInt(`0x${id}`)),
    ...outlines(ids),
    levelDbm: new Float32Array(count).fill(-Infinity),
    levelClass: new Uint8Array(count),
    server: new Int32Array(count),
    operators: new Uint8Array(count),
    coveredPercent: new Uint8Array(count),
  };
  ids.forEach((id, p) => {
    const own = members.get(id) as number[];
    const received = own.map((i) => finest.levelDbm[i] as number).filter((dbm) => dbm > -Infinity);
    if (received.length > 0) level.levelDbm[p] = received.reduce((a, b) => a + b, 0) / received.length;
    level.levelClass[p] = mostFrequent(own.map((i) => finest.levelClass[i] as number));
    level.operators[p] = mostFrequent(own.map((i) => finest.operators[i] as number));
    const servers = own.map((i) => finest.server[i] as number).filter((server) => server >= 0);
    level.server[p] = servers.length > 0 ? mostFrequent(servers) : -1;
    const covered = own.filter((i) => (finest.levelClass[i] as number) > 0).length;
    level.coveredPercent[p] = Math.round((100 * covered) / own.length);
  });
  return level;
}

/** The lowest of those that occur most often. */
function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [best, most] = [Infinity, 0];
  for (const [value, count] of counts)
    if (count > most || (count === most && value < best)) [best, most] = [value, count];
  return best;
}

/** Part of the world's width from the west, and from the north (Web Mercator, EPSG:3857). */
export function mercator(lon: number, lat: number): [x: number, y: number] {
  const sin = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

function outlines(ids: readonly string[]): Pick<CellLevel, 'cornerStart' | 'corners' | 'boxes'> {
  const rings = ids.map((id) => cellToBoundary(id).map(([lat = 0, lon = 0]) => mercator(lon, lat)));
  const cornerStart = new Uint32Array(ids.length + 1);
  rings.forEach((ring, i) => (cornerStart[i + 1] = (cornerStart[i] as number) + 2 * ring.length));
  const boxes = new Float64Array(4 * ids.length);
  rings.forEach((ring, i) => {
    const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
    boxes.set([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], 4 * i);
  });
  return { cornerStart, corners: Float64Array.from(rings.flat(2)), boxes };
}
