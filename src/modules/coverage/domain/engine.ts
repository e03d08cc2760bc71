import type { CoverageGrid } from './grid.js';
import type { RunParameters } from './parameters.js';
import {
  FIRST_NODE,
  FRACTION_MASK,
  FRACTION_SCALE,
  leastLossFrom,
  MIN_SQUARED_M2,
  NODE_SHIFT,
} from './path-loss-table.js';
import { step, type RunHooks } from './progress.js';
import { TECHNOLOGIES, type Technology } from './technology.js';
import {
  groupTransmitters,
  PATTERN_STEPS,
  weakestLevelDbm,
  type TransmitterGroup,
} from './transmitter-groups.js';
import type { Layer, PreparedTransmitters } from './transmitters.js';

/** What a layer gives in each cell of the grid, in the grid's order. */
export interface LayerLevels extends Layer {
  /** Level of the best server, dBm; −Infinity where nothing is received. */
  levelDbm: Float32Array;
  /** Place of the best server in the run's list of transmitters; −1 where nothing is received. */
  bestCell: Int32Array;
  /** How many cells (sectors), and of how many sites, reach the threshold. */
  servingCells: Uint16Array;
  servingSites: Uint16Array;
}

/** How many operators reach the threshold, in each cell of the grid. */
export interface TechnologyOperators {
  /** Null: with any technology. */
  technology: Technology | null;
  operatorCount: Uint8Array;
}

/** Added to a tile's radius against rounding. */
const TILE_SLACK_M = 1;
/** Progress is told this often. */
const TILES_PER_STEP = 16;

/** What one tile's cells within a group's reach are reckoned in; no tile has more cells than fit. */
interface Scratch {
  /** Place in the grid. */
  cell: Int32Array;
  /** Direction from the site, a unit vector. */
  east: Float64Array;
  north: Float64Array;
  loss: Float64Array;
  depression: Float64Array;
  /** One number, written as a float and read as its bits. */
  squared: Float32Array;
  bits: Uint32Array;
  /** Whether the site in hand serves the cell; by place in the tile. */
  served: Uint8Array;
}

function makeScratch(tileStart: Uint32Array): Scratch {
  let largest = 0;
  for (let t = 0; t + 1 < tileStart.length; t++) {
    largest = Math.max(largest, (tileStart[t + 1] as number) - (tileStart[t] as number));
  }
  const squared = new Float32Array(1);
  return {
    cell: new Int32Array(largest),
    east: new Float64Array(largest),
    north: new Float64Array(largest),
    loss: new Float64Array(largest),
    depression: new Float64Array(largest),
    squared,
    bits: new Uint32Array(squared.buffer),
    served: new Uint8Array(largest),
  };
}

/** Levels of a technology: from where they serve, and from where they are reported at all. */
interface Limits {
  thresholdDbm: number;
  weakestDbm: number;
}

/**
 * The best server and the counts of servers in each cell of the grid for each layer. Double precision but for the tables (see
 * path-loss-table) and the stored levels: within 0.05 dB of a direct reckoning. Equal levels go to the first transmitter in the list.
 */
export function computeLevels(
  grid: CoverageGrid,
  prepared: PreparedTransmitters,
  parameters: RunParameters,
  hooks: RunHooks = {},
): LayerLevels[] {
  const { cellCount, tileStart } = grid;
  const groupsByLayer = groupTransmitters(prepared, parameters);
  const levels = prepared.layers.map((layer): LayerLevels => ({
    ...layer,
    levelDbm: new Float32Array(cellCount).fill(-Infinity),
    bestCell: new Int32Array(cellCount).fill(-1),
    servingCells: new Uint16Array(cellCount),
    servingSites: new Uint16Array(cellCount),
  }));
  const scratch = makeScratch(tileStart);
  const tiles = tileStart.length - 1;
  for (let t = 0; t < tiles; t++) {
    if (t % TILES_PER_STEP === 0) step(hooks, 'levels', t, tiles);
    const tile = tileAt(grid, t);
    groupsByLayer.forEach((groups, l) =>
      addLayer(grid, tile, groups, levels[l] as LayerLevels, parameters, scratch),
    );
  }
  step(hooks, 'levels', tiles, tiles);
  return levels;
}

/** A run of neighbouring cells with the circle round their centres and the land covers that occur in it. */
interface Tile {
  from: number;
  to: number;
  x: number;
  y: number;
  radiusM: number;
  landCovers: number[];
}

function tileAt(grid: CoverageGrid, t: number): Tile {
  const from = grid.tileStart[t] as number;
  const to = grid.tileStart[t + 1] as number;
  return {
    from,
    to,
    x: grid.tileX[t] as number,
    y: grid.tileY[t] as number,
    radiusM: (grid.tileRadiusM[t] as number) + TILE_SLACK_M,
    landCovers: [...new Set(grid.landCover.subarray(from, to))],
  };
}

/**
 * One layer in one tile. First the groups that may reach the threshold somewhere in the tile, site by site, for the counts. What is left
 * cannot serve but may be the best of a cell that nobody serves: strongest first, until none can beat what is there.
 */
function addLayer(
  grid: CoverageGrid,
  tile: Tile,
  groups: readonly TransmitterGroup[],
  layer: LayerLevels,
  parameters: RunParameters,
  scratch: Scratch,
): void {
  const thresholdDbm = parameters.thresholds[layer.technology].sufficientDbm;
  const weakestDbm = weakestLevelDbm(parameters, layer.technology);
  const limits = { thresholdDbm, weakestDbm };
  const weak: { group: TransmitterGroup; bound: number }[] = [];
  let site = -1;
  for (const group of groups) {
    const dx = group.x - tile.x;
    const dy = group.y - tile.y;
    const squared = dx * dx + dy * dy;
    const reach = group.reachM + tile.radiusM;
    if (group.reachM === 0 || squared > reach * reach) continue;
    const bound = upperBoundDbm(group, tile, Math.sqrt(squared));
    if (bound < weakestDbm) continue;
    if (bound < thresholdDbm) {
      weak.push({ group, bound });
      continue;
    }
    if (group.siteIndex !== site) {
      if (site >= 0) countSite(scratch.served, layer.servingSites, tile);
      site = group.siteIndex;
    }
    addGroup(grid, group, layer, scratch, tile, parameters, limits);
  }
  if (site >= 0) countSite(scratch.served, layer.servingSites, tile);
  if (weak.length === 0) return;
  let lowest = lowestLevel(layer.levelDbm, tile);
  weak.sort((a, b) => b.bound - a.bound);
  for (const { group, bound } of weak) {
    if (bound < lowest) break;
    addGroup(grid, group, layer, scratch, tile, parameters, limits);
    lowest = lowestLevel(layer.levelDbm, tile);
  }
}

/** No level of the group in the tile is above this, dBm: main beam, nearest point of the tile, best land cover that occurs there. */
function upperBoundDbm(group: TransmitterGroup, tile: Tile, centreDistanceM: number): number {
  const nearest = Math.max(0, centreDistanceM - tile.radiusM);
  return group.strongestDbm - leastLossFrom(group.table, tile.landCovers, nearest * nearest);
}

function lowestLevel(levelDbm: Float32Array, tile: Tile): number {
  let lowest = Infinity;
  for (let i = tile.from; i < tile.to; i++) lowest = Math.min(lowest, levelDbm[i] as number);
  return lowest;
}

/** Counts the site in hand where it serves, and clears the marks for the next. */
function countSite(served: Uint8Array, servingSites: Uint16Array, tile: Tile): void {
  for (let i = tile.from, k = 0; i < tile.to; i++, k++) {
    servingSites[i] = (servingSites[i] as number) + (served[k] as number);
    served[k] = 0;
  }
}

const HALF_PATTERN = PATTERN_STEPS / 2;
const DEG_PER_RAD = 180 / Math.PI;

/** Arctangent for 0 ≤ x ≤ 1, error below 10⁻⁵ rad (Abramowitz and Stegun 4.4.47). */
function arctan(x: number): number {
  const s = x * x;
  return x * (0.999866 + s * (-0.3302995 + s * (0.180141 + s * (-0.085133 + s * 0.0208351))));
}

/** Angle below the horizon in degrees for a rise over a run (as rise / run). */
export function depressionDeg(ratio: number): number {
  const steep = Math.abs(ratio);
  const angle = (steep <= 1 ? arctan(steep) : Math.PI / 2 - arctan(1 / steep)) * DEG_PER_RAD;
  return ratio < 0 ? -angle : angle;
}

/** Adds a group to a layer in one tile: first what its cells have in common, then each of them. The inner loops: no allocation. */
function addGroup(
  grid: CoverageGrid,
  group: TransmitterGroup,
  layer: LayerLevels,
  scratch: Scratch,
  tile: Tile,
  parameters: RunParameters,
  limits: Limits,
): void {
  const count = prepareCells(grid, group, scratch, tile);
  if (count === 0) return;
  const { maxAttenuationDb, sideLobeDb } = parameters.antenna;
  for (let c = 0; c < group.transmitter.length; c++) {
    addSector(group, c, layer, scratch, count, tile.from, limits, maxAttenuationDb, sideLobeDb);
  }
}

/** Writes place, direction, loss and elevation of the tile's cells within reach into the scratch lists; returns how many there are. */
function prepareCells(grid: CoverageGrid, group: TransmitterGroup, scratch: Scratch, tile: Tile): number {
  const { x, y, landCover } = grid;
  const { cell, east, north, loss, depression, squared, bits } = scratch;
  const { nodes, loss: losses } = group.table;
  const groupX = group.x;
  const groupY = group.y;
  const { riseM, reachSquaredM2 } = group;
  let count = 0;
  for (let i = tile.from; i < tile.to; i++) {
    const dx = (x[i] as number) - groupX;
    const dy = (y[i] as number) - groupY;
    const squaredM2 = dx * dx + dy * dy;
    if (squaredM2 > reachSquaredM2) continue;
    const ground = squaredM2 < MIN_SQUARED_M2 ? MIN_SQUARED_M2 : squaredM2;
    squared[0] = ground;
    const word = bits[0] as number;
    const node = (landCover[i] as number) * nodes + (word >>> NODE_SHIFT) - FIRST_NODE;
    const low = losses[node] as number;
    loss[count] = low + ((losses[node + 1] as number) - low) * ((word & FRACTION_MASK) * FRACTION_SCALE);
    const inverse = 1 / Math.sqrt(ground);
    // At the mast's foot the direction is still the true one; in its very middle there is none.
    const turn = ground === squaredM2 ? inverse : squaredM2 > 0 ? 1 / Math.sqrt(squaredM2) : 0;
    east[count] = dx * turn;
    north[count] = dy * turn;
    depression[count] = depressionDeg(riseM * inverse);
    cell[count] = i;
    count++;
  }
  return count;
}

function addSector(
  group: TransmitterGroup,
  c: number,
  layer: LayerLevels,
  scratch: Scratch,
  count: number,
  from: number,
  { thresholdDbm, weakestDbm }: Limits,
  maxAttenuationDb: number,
  sideLobeDb: number,
): void {
  const { levelDbm, bestCell, servingCells } = layer;
  const { cell, east, north, loss, depression, served } = scratch;
  const transmitter = group.transmitter[c] as number;
  const eirpDbm = group.eirpDbm[c] as number;
  const sectorEast = (group.east[c] as number) * HALF_PATTERN;
  const sectorNorth = (group.north[c] as number) * HALF_PATTERN;
  const tiltDeg = group.tiltDeg[c] as number;
  const perBeamDeg = group.perBeamDeg[c] as number;
  const pattern = group.pattern[c] as Float32Array;
  for (let k = 0; k < count; k++) {
    const i = cell[k] as number;
    const unattenuated = eirpDbm - (loss[k] as number);
    const best = levelDbm[i] as number;
    if (unattenuated < thresholdDbm && unattenuated < best) continue;
    const off = ((depression[k] as number) - tiltDeg) * perBeamDeg;
    const parabola = 12 * off * off;
    const cosine = (east[k] as number) * sectorEast + (north[k] as number) * sectorNorth;
    const both =
      (pattern[(cosine + HALF_PATTERN) | 0] as number) + (parabola < sideLobeDb ? parabola : sideLobeDb);
    const level = Math.fround(unattenuated - (both < maxAttenuationDb ? both : maxAttenuationDb));
    if (level >= thresholdDbm) {
      servingCells[i] = (servingCells[i] as number) + 1;
      served[i - from] = 1;
    } else if (level < weakestDbm) continue;
    if (level > best || (level === best && transmitter < (bestCell[i] as number))) {
      levelDbm[i] = level;
      bestCell[i] = transmitter;
    }
  }
}

/** How many operators serve each cell of the grid, for each technology that occurs and for any. */
export function countOperators(levels: readonly LayerLevels[], cellCount: number): TechnologyOperators[] {
  const used = TECHNOLOGIES.filter((technology) => levels.some((layer) => layer.technology === technology));
  return [null, ...used].map((technology): TechnologyOperators => {
    const operatorCount = new Uint8Array(cellCount);
    const wanted = levels.filter((layer) => technology === null || layer.technology === technology);
    for (const operatorCode of new Set(wanted.map((layer) => layer.operatorCode))) {
      const layers = wanted.filter((layer) => layer.operatorCode === operatorCode);
      for (let i = 0; i < cellCount; i++) {
        if (layers.some((layer) => (layer.servingCells[i] as number) > 0)) {
          operatorCount[i] = (operatorCount[i] as number) + 1;
        }
      }
    }
    return { technology, operatorCount };
  });
}
