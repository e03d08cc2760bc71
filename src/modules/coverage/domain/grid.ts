import { cellToLatLng, cellToParent } from 'h3-js';
import {
  bboxOf,
  localProjection,
  projectX,
  projectY,
  unionBbox,
  unproject,
  type LocalProjection,
} from '../../../geo/index.js';
import { gridKey, type GridOptions } from './grid-key.js';
import { BY_DENSITY, groundOfCells } from './ground/ground.js';
import { sharesOf, type GridShares } from './grid-shares.js';
import { classifyLandCover } from './land-cover.js';
import { CoverageInputError, RESOLUTION_RANGE } from './parameters.js';
import type { RunHooks } from './progress.js';
import type { GridArea } from './snapshot.js';
import { distribute } from './settlement.js';

/**
 * The grid of a set of boundaries. Cells are in the order of their H3 indexes, which keeps neighbours close. Plain data of numbers
 * and typed arrays: it survives structured cloning and `v8.serialize`.
 *
 * A cell and an area that overlap make a *share*; the shares of cell i are `shareStart[i]` to `shareStart[i + 1]` (exclusive).
 */
export interface CoverageGrid {
  /** Changes with anything that the grid was made from. */
  key: string;
  resolution: number;
  projection: LocalProjection;
  cellCount: number;
  /** H3 indexes; `cellId` writes them. */
  h3: BigUint64Array;
  /** Centres in metres about the projection's reference point. */
  x: Float64Array;
  y: Float64Array;
  /** The cell's own area on the WGS84 plane, m², without the water in it where that is known; also the part outside of all areas. */
  areaM2: Float64Array;
  /** The part of each cell that is water, 0–1; left out: of water nothing is known. */
  water?: Float32Array;
  /** Water within the areas, all together. */
  waterM2?: number;
  /** How many cells have their land cover from a source; left out: there was none. The others follow the people per km². */
  landCoverCells?: number;
  /** Place in `LAND_COVERS`. */
  landCover: Uint8Array;
  /** People and households in the cell, all areas together; unknown ones are left out. */
  population: Float64Array;
  households: Float64Array;
  areaCodes: string[];
  /** Sums over each area's shares. */
  areaTotalM2: Float64Array;
  shareStart: Uint32Array;
  /** Place in `areaCodes`. */
  shareArea: Uint16Array;
  /** Part of the cell that lies in the area, 0–1. */
  shareFraction: Float64Array;
  /** Which sub-points of the cell lie in the area: all, but for cells that a boundary cuts. */
  shareSubPoints: Uint32Array;
  /** The area's people and households in the cell; nought when unknown. */
  sharePopulation: Float64Array;
  shareHouseholds: Float64Array;
  /** Tiles are runs of neighbouring cells: tile t has cells `tileStart[t]` to `tileStart[t + 1]` (exclusive), within a circle. */
  tileStart: Uint32Array;
  tileX: Float64Array;
  tileY: Float64Array;
  tileRadiusM: Float64Array;
}

/** The H3 index of cell i as H3 writes it (hexadecimal, 15 digits). */
export function cellId(grid: Pick<CoverageGrid, 'h3'>, i: number): string {
  return (grid.h3[i] as bigint).toString(16);
}

/** The centre of cell i. */
export function cellLonLat(grid: CoverageGrid, i: number): [lon: number, lat: number] {
  return unproject(grid.projection, grid.x[i] as number, grid.y[i] as number);
}

/** Cells of an average resolution-9 hexagon, m²; each step of resolution has seven times as many. Only to refuse the impossible. */
const RESOLUTION_9_M2 = 105_000;
const MAX_CELLS = 3_000_000;

/**
 * Makes the grid of a set of areas. Costs about 0.5 s at resolution 9 and 2–3 s at 10 for a province of 1,600 km²: make it once per
 * boundary set and keep it. The result does not depend on the order of the areas but for `areaCodes`' own order, which is the input's.
 * Throws `CoverageInputError` when there is nothing to make a grid of or far too much, `CoverageCancelledError` when cancelled.
 */
export function buildGrid(
  areas: readonly GridArea[],
  options: GridOptions,
  hooks: RunHooks = {},
): CoverageGrid {
  const [lowest, highest] = RESOLUTION_RANGE;
  const { resolution } = options;
  if (!Number.isInteger(resolution) || resolution < lowest || resolution > highest) {
    throw new CoverageInputError(
      'grid.resolution',
      `The resolution of the grid must be a whole number from ${lowest} to ${highest}.`,
      `Độ phân giải lưới phải là số nguyên từ ${lowest} đến ${highest}.`,
    );
  }
  const projection = projectionFor(areas, resolution);
  const shares = sharesOf(areas, resolution, projection, hooks);
  const cellCount = shares.ids.length;
  if (cellCount === 0) throw nothingToCover();
  const h3 = BigUint64Array.from(shares.ids, (id) => BigInt(`0x${id}`));
  const x = new Float64Array(cellCount);
  const y = new Float64Array(cellCount);
  shares.ids.forEach((id, i) => {
    const [lat, lon] = cellToLatLng(id);
    x[i] = projectX(projection, lon);
    y[i] = projectY(projection, lat);
  });
  const ground = options.ground && groundOfCells(shares.ids, options.ground);
  // What is water has no area from here on: nobody is spread over it, and no percentage counts it.
  const wholeM2 = shares.areaM2;
  if (ground?.water) shares.areaM2 = landOf(wholeM2, ground.water);
  const people = distribute(areas, shares, { x, y }, projection, options.settlement);
  const insideM2 = new Float64Array(cellCount);
  const areaTotalM2 = new Float64Array(areas.length);
  const population = new Float64Array(cellCount);
  const households = new Float64Array(cellCount);
  for (let i = 0; i < cellCount; i++) {
    for (let s = shares.start[i] as number; s < (shares.start[i + 1] as number); s++) {
      const m2 = (shares.fraction[s] as number) * (shares.areaM2[i] as number);
      insideM2[i] = (insideM2[i] as number) + m2;
      const area = shares.area[s] as number;
      areaTotalM2[area] = (areaTotalM2[area] as number) + m2;
      population[i] = (population[i] as number) + (people.population[s] as number);
      households[i] = (households[i] as number) + (people.households[s] as number);
    }
  }
  return {
    key: gridKey(areas, options),
    resolution,
    projection,
    cellCount,
    h3,
    x,
    y,
    areaM2: shares.areaM2,
    landCover: classifyLandCover(population, insideM2, options.landCover, ground?.landCover),
    ...(ground?.water ? { water: ground.water, waterM2: waterOf(shares, wholeM2) } : {}),
    ...(options.ground?.landCover && ground ? { landCoverCells: knownCells(ground.landCover) } : {}),
    population,
    households,
    areaCodes: areas.map((area) => area.code),
    areaTotalM2,
    shareStart: shares.start,
    shareArea: shares.area,
    shareFraction: shares.fraction,
    shareSubPoints: shares.subPoints,
    sharePopulation: people.population,
    shareHouseholds: people.households,
    ...tilesOf(shares.ids, resolution, x, y),
  };
}

function landOf(areaM2: Float64Array, water: Float32Array): Float64Array {
  const land = areaM2.map((m2, i) => m2 * (1 - (water[i] as number)));
  if (land.some((m2) => m2 > 0)) return land;
  throw new CoverageInputError(
    'grid.all-water',
    'By the source of water there is no land at all.',
    'Theo nguồn dữ liệu mặt nước thì không còn phần đất liền nào.',
  );
}

/** Water within the areas, m². */
function waterOf({ start, fraction, areaM2 }: GridShares, wholeM2: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < wholeM2.length; i++)
    for (let s = start[i] as number; s < (start[i + 1] as number); s++)
      sum += (fraction[s] as number) * ((wholeM2[i] as number) - (areaM2[i] as number));
  return sum;
}

function knownCells(landCover: Uint8Array): number {
  return landCover.reduce((count, code) => count + (code === BY_DENSITY ? 0 : 1), 0);
}

function nothingToCover(): CoverageInputError {
  return new CoverageInputError(
    'grid.empty',
    'There is no area with a boundary to make a grid of.',
    'Không có đơn vị hành chính nào có ranh giới để lập lưới.',
  );
}

function projectionFor(areas: readonly GridArea[], resolution: number): LocalProjection {
  const box = unionBbox(areas.map((area) => bboxOf(area.polygon)).filter((b) => b.west <= b.east));
  if (!box) throw nothingToCover();
  const projection = localProjection((box.west + box.east) / 2, (box.south + box.north) / 2);
  const boxM2 =
    (box.east - box.west) *
    projection.metresPerDegreeLon *
    (box.north - box.south) *
    projection.metresPerDegreeLat;
  if (boxM2 / RESOLUTION_9_M2 / 7 ** (9 - resolution) > MAX_CELLS) {
    throw new CoverageInputError(
      'grid.too-large',
      `The areas are too large for a grid of resolution ${resolution}.`,
      `Khu vực quá lớn cho lưới có độ phân giải ${resolution}.`,
    );
  }
  return projection;
}

/** Cells with the same ancestor two resolutions up, 49 as a rule, make a tile. */
function tilesOf(
  ids: readonly string[],
  resolution: number,
  x: Float64Array,
  y: Float64Array,
): Pick<CoverageGrid, 'tileStart' | 'tileX' | 'tileY' | 'tileRadiusM'> {
  const starts: number[] = [];
  let last = '';
  ids.forEach((id, i) => {
    const parent = cellToParent(id, resolution - 2);
    if (parent !== last) starts.push(i);
    last = parent;
  });
  const count = starts.length;
  const tileStart = Uint32Array.from([...starts, ids.length]);
  const tileX = new Float64Array(count);
  const tileY = new Float64Array(count);
  const tileRadiusM = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    const xs = x.subarray(tileStart[t], tileStart[t + 1]);
    const ys = y.subarray(tileStart[t], tileStart[t + 1]);
    const cx = (Math.min(...xs) + Math.max(...xs)) / 2;
    const cy = (Math.min(...ys) + Math.max(...ys)) / 2;
    tileX[t] = cx;
    tileY[t] = cy;
    xs.forEach((cellX, i) => {
      const r = Math.hypot(cellX - cx, (ys[i] as number) - cy);
      if (r > (tileRadiusM[t] as number)) tileRadiusM[t] = r;
    });
  }
  return { tileStart, tileX, tileY, tileRadiusM };
}
