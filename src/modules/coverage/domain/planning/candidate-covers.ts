import type { CoverageGrid } from '../grid.js';
import type { RunParameters } from '../parameters.js';
import { FIRST_NODE, FRACTION_MASK, FRACTION_SCALE, MIN_SQUARED_M2, NODE_SHIFT } from '../path-loss-table.js';
import { step, type RunHooks } from '../progress.js';
import { depressionDeg } from '../sector-levels.js';
import { LAND_COVERS, type Technology } from '../technology.js';
import {
  groupTables,
  groupTransmitters,
  PATTERN_STEPS,
  type TransmitterGroup,
} from '../transmitter-groups.js';
import type { PreparedTransmitters } from '../transmitters.js';
import { MAX_PAIRS, tooManyPairs, type CoverProblem } from './cover-problem.js';

/** Where a site may be put, in metres of the grid's projection. */
export interface CandidatePlaces {
  x: Float64Array;
  y: Float64Array;
}

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);
const HALF_PATTERN = PATTERN_STEPS / 2;
/** Steps to an octave of the squared distance in which it is looked up how far a template serves for certain. */
const CERTAIN_STEPS = 256;
/** Between two of these steps, or two directions, no level differs by as much, dB; but narrow beams are another matter. */
const CERTAIN_SLACK_DB = 0.5;
const NARROW_BEAM_DEG = 3;
const DIRECTIONS = 1440;
const CANDIDATES_PER_STEP = 500;

/** A place of the grid that is looked for a server for. */
export interface Demand {
  /** Places in the grid, rising. */
  cells: Uint32Array;
  /** Whole numbers, by place in `cells`. */
  weight: Float64Array;
}

/**
 * What a site made after a template would serve from each place: by the engine's own tables and arithmetic, so that a chosen site brings what was
 * reckoned with (but for levels within rounding of the threshold).
 *
 * @param prepared the template's transmitters, of one site; where it stands does not matter
 * @throws CoverageInputError when there are more than `MAX_PAIRS` pairs of place and demand
 */
export function candidateCovers(
  grid: CoverageGrid,
  parameters: RunParameters,
  prepared: Pick<PreparedTransmitters, 'layers' | 'transmitters'>,
  places: CandidatePlaces,
  demand: Demand,
  hooks: RunHooks = {},
): CoverProblem {
  const groups = groupTransmitters(prepared, parameters, groupTables(parameters)).flatMap((ofLayer, layer) =>
    ofLayer.map(
      (group) => new TemplateGroup(group, prepared.layers[layer]?.technology as Technology, parameters),
    ),
  );
  const reachM = groups.reduce((most, group) => Math.max(most, group.reachM), 0);
  const nearby = new DemandTiles(grid, demand.cells, reachM);
  const count = places.x.length;
  const start = new Uint32Array(count + 1);
  let list: Uint32Array = new Uint32Array(1 << 16);
  let pairs = 0;
  for (let c = 0; c < count; c++) {
    if (c % CANDIDATES_PER_STEP === 0) step(hooks, 'levels', c, count);
    const x = places.x[c] as number;
    const y = places.y[c] as number;
    nearby.each(x, y, (from, to) => {
      if (pairs + to - from > list.length) list = grown(list, pairs + to - from);
      for (let p = from; p < to; p++) {
        const i = demand.cells[p] as number;
        const dx = (grid.x[i] as number) - x;
        const dy = (grid.y[i] as number) - y;
        const landCover = grid.landCover[i] as number;
        for (const group of groups) {
          if (!group.serves(dx, dy, landCover)) continue;
          list[pairs++] = p;
          break;
        }
      }
    });
    if (pairs > MAX_PAIRS) throw tooManyPairs();
    start[c + 1] = pairs;
  }
  return { weight: demand.weight, start, list: list.slice(0, pairs) };
}

function grown(list: Uint32Array, needed: number): Uint32Array {
  const larger = new Uint32Array(Math.max(2 * list.length, needed));
  larger.set(list);
  return larger;
}

/** Demand by tiles of the grid, and tiles by squares: what may be within reach of a place is found at once. */
class DemandTiles {
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  private readonly x: number[] = [];
  private readonly y: number[] = [];
  private readonly reach: number[] = [];
  private readonly squares = new Map<number, number[]>();
  private readonly sideM: number;

  constructor(grid: CoverageGrid, cells: Uint32Array, reachM: number) {
    let furthest = 0;
    for (let t = 0, p = 0; t + 1 < grid.tileStart.length; t++) {
      const end = grid.tileStart[t + 1] as number;
      const first = p;
      while (p < cells.length && (cells[p] as number) < end) p++;
      if (p === first) continue;
      this.from.push(first);
      this.to.push(p);
      this.x.push(grid.tileX[t] as number);
      this.y.push(grid.tileY[t] as number);
      const reach = reachM + (grid.tileRadiusM[t] as number) + 1;
      this.reach.push(reach);
      furthest = Math.max(furthest, reach);
    }
    this.sideM = Math.max(furthest, 1);
    this.x.forEach((x, t) => {
      const key = this.key(this.square(x), this.square(this.y[t] as number));
      const known = this.squares.get(key);
      if (known) known.push(t);
      else this.squares.set(key, [t]);
    });
  }

  each(x: number, y: number, found: (from: number, to: number) => void): void {
    const column = this.square(x);
    const row = this.square(y);
    for (let j = row - 1; j <= row + 1; j++)
      for (let i = column - 1; i <= column + 1; i++)
        for (const t of this.squares.get(this.key(i, j)) ?? []) {
          const dx = (this.x[t] as number) - x;
          const dy = (this.y[t] as number) - y;
          const reach = this.reach[t] as number;
          if (dx * dx + dy * dy <= reach * reach) found(this.from[t] as number, this.to[t] as number);
        }
  }

  private square(metres: number): number {
    return Math.floor(metres / this.sideM);
  }
  private key(column: number, row: number): number {
    return row * 1_000_003 + column;
  }
}

/** Cells of the template that share frequency and height. */
class TemplateGroup {
  readonly reachM: number;
  private readonly thresholdDbm: number;
  /** By land cover, m²: served in every direction up to here; served nowhere from there on. */
  private readonly certain: Float64Array;
  private readonly never: Float64Array;

  constructor(
    private readonly group: TransmitterGroup,
    technology: Technology,
    private readonly parameters: RunParameters,
  ) {
    this.thresholdDbm = parameters.thresholds[technology].sufficientDbm;
    this.certain = new Float64Array(LAND_COVERS.length);
    this.never = new Float64Array(LAND_COVERS.length);
    this.findCertainties();
    this.reachM = Math.sqrt(Math.min(group.reachSquaredM2, Math.max(...this.never)));
  }

  /** Whether a place at so many metres east and north is served. */
  serves(dx: number, dy: number, landCover: number): boolean {
    const squaredM2 = dx * dx + dy * dy;
    if (squaredM2 <= (this.certain[landCover] as number)) return true;
    if (squaredM2 >= (this.never[landCover] as number) || squaredM2 > this.group.reachSquaredM2) return false;
    const ground = Math.max(squaredM2, MIN_SQUARED_M2);
    const turn = squaredM2 > 0 ? 1 / Math.sqrt(squaredM2) : 0;
    return this.strongest(ground, landCover, dx * turn, dy * turn) >= this.thresholdDbm;
  }

  private lossDb(ground: number, landCover: number): number {
    const { nodes, loss } = this.group.table;
    float[0] = ground;
    const bits = word[0] as number;
    const node = landCover * nodes + (bits >>> NODE_SHIFT) - FIRST_NODE;
    const low = loss[node] as number;
    return low + ((loss[node + 1] as number) - low) * ((bits & FRACTION_MASK) * FRACTION_SCALE);
  }

  /** The level of the best sector towards a unit vector, dBm; as `addSector` reckons it. */
  private strongest(ground: number, landCover: number, east: number, north: number): number {
    const { group } = this;
    const loss = this.lossDb(ground, landCover);
    const depression = depressionDeg(group.riseM / Math.sqrt(ground));
    const { maxAttenuationDb, sideLobeDb } = this.parameters.antenna;
    let best = -Infinity;
    for (let c = 0; c < group.transmitter.length; c++) {
      const off = (depression - (group.tiltDeg[c] as number)) * (group.perBeamDeg[c] as number);
      const cosine = east * (group.east[c] as number) + north * (group.north[c] as number);
      const place = (cosine + 1) * HALF_PATTERN;
      const edge = place | 0;
      const pattern = group.pattern[c] as Float32Array;
      const low = pattern[edge] as number;
      const across = low + ((pattern[edge + 1] as number) - low) * (place - edge);
      const both = across + Math.min(12 * off * off, sideLobeDb);
      const level = Math.fround((group.eirpDbm[c] as number) - loss - Math.min(both, maxAttenuationDb));
      if (level > best) best = level;
    }
    return best;
  }

  /** Where the loss alone decides: far out nowhere is served, and near by every place, whatever its direction. */
  private findCertainties(): void {
    const { reachSquaredM2, strongestDbm } = this.group;
    const worst = this.worstSector();
    const factor = 2 ** (1 / CERTAIN_STEPS);
    for (let landCover = 0; landCover < LAND_COVERS.length; landCover++) {
      let certain = 0;
      let never = 0;
      let unbroken = worst !== null;
      for (let ground = MIN_SQUARED_M2; ground <= reachSquaredM2; ground *= factor) {
        const loss = this.lossDb(ground, landCover);
        unbroken &&= worst !== null && worst(ground) - loss >= this.thresholdDbm + CERTAIN_SLACK_DB;
        if (unbroken) certain = ground;
        if (strongestDbm - loss >= this.thresholdDbm - CERTAIN_SLACK_DB) never = ground * factor * factor;
      }
      this.certain[landCover] = certain;
      this.never[landCover] = never;
    }
  }

  /** What the best sector sends in its worst direction, dBm by squared distance; null when the sectors are too different to say. */
  private worstSector(): ((ground: number) => number) | null {
    const { group } = this;
    const same = (values: ArrayLike<number>): boolean => Array.from(values).every((v) => v === values[0]);
    if (!same(group.eirpDbm) || !same(group.tiltDeg) || !same(group.perBeamDeg)) return null;
    const [eirp, tilt, perBeam] = [group.eirpDbm[0], group.tiltDeg[0], group.perBeamDeg[0]] as [
      number,
      number,
      number,
    ];
    if (perBeam > 1 / NARROW_BEAM_DEG) return null;
    let across = 0;
    for (let step = 0; step < DIRECTIONS; step++) {
      const angle = (2 * Math.PI * step) / DIRECTIONS;
      let least = Infinity;
      group.pattern.forEach((pattern, c) => {
        const cosine =
          Math.sin(angle) * (group.east[c] as number) + Math.cos(angle) * (group.north[c] as number);
        least = Math.min(least, pattern[((cosine + 1) * HALF_PATTERN) | 0] as number);
      });
      across = Math.max(across, least);
    }
    const { maxAttenuationDb, sideLobeDb } = this.parameters.antenna;
    return (ground) => {
      const off = (depressionDeg(group.riseM / Math.sqrt(ground)) - tilt) * perBeam;
      return eirp - Math.min(across + Math.min(12 * off * off, sideLobeDb), maxAttenuationDb);
    };
  }
}
