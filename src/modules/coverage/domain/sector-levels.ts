import type { LayerLevels } from './layer-levels.js';
import type { CoverageGrid } from './grid.js';
import { FIRST_NODE, FRACTION_MASK, FRACTION_SCALE, MIN_SQUARED_M2, NODE_SHIFT } from './path-loss-table.js';
import { PATTERN_STEPS, type TransmitterGroup } from './transmitter-groups.js';

/** What one tile's cells within a group's reach are reckoned in; no tile has more cells than fit. */
export interface Scratch {
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

export function makeScratch(tileStart: Uint32Array): Scratch {
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

/** What decides about a level of a technology. */
export interface SectorLimits {
  /** From here on it serves. */
  thresholdDbm: number;
  /** From here on it is reported at all. */
  weakestDbm: number;
  maxAttenuationDb: number;
  sideLobeDb: number;
  /** Which of equal levels comes first, by transmitter: the lower one. */
  ranks: Int32Array;
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

/** Writes place, direction, loss and elevation of the tile's cells within reach into the scratch lists; returns how many there are. */
export function prepareCells(
  grid: CoverageGrid,
  group: TransmitterGroup,
  scratch: Scratch,
  from: number,
  to: number,
): number {
  const { x, y, landCover } = grid;
  const { cell, east, north, loss, depression, squared, bits } = scratch;
  const { nodes, loss: losses } = group.table;
  const groupX = group.x;
  const groupY = group.y;
  const { riseM, reachSquaredM2 } = group;
  let count = 0;
  for (let i = from; i < to; i++) {
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

function isFirst(ranks: Int32Array, transmitter: number, other: number): boolean {
  return other >= 0 && (ranks[transmitter] as number) < (ranks[other] as number);
}

/** Adds one sector to its layer in the cells that `prepareCells` wrote, `from` being the first of the tile. */
export function addSector(
  group: TransmitterGroup,
  c: number,
  layer: LayerLevels,
  scratch: Scratch,
  count: number,
  from: number,
  limits: SectorLimits,
): void {
  const { thresholdDbm, weakestDbm, maxAttenuationDb, sideLobeDb, ranks } = limits;
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
    const place = cosine + HALF_PATTERN;
    const edge = place | 0;
    const low = pattern[edge] as number;
    const across = low + ((pattern[edge + 1] as number) - low) * (place - edge);
    const both = across + (parabola < sideLobeDb ? parabola : sideLobeDb);
    const level = Math.fround(unattenuated - (both < maxAttenuationDb ? both : maxAttenuationDb));
    if (level >= thresholdDbm) {
      servingCells[i] = (servingCells[i] as number) + 1;
      served[i - from] = 1;
    } else if (level < weakestDbm) continue;
    if (level > best || (level === best && isFirst(ranks, transmitter, bestCell[i] as number))) {
      levelDbm[i] = level;
      bestCell[i] = transmitter;
    }
  }
}
