import type { CoverageGrid } from '../grid.js';
import type { RunParameters } from '../parameters.js';
import { step, type RunHooks } from '../progress.js';
import type { Technology } from '../technology.js';
import { groupTables, groupTransmitters } from '../transmitter-groups.js';
import type { PreparedTransmitters } from '../transmitters.js';
import { TemplateGroup, type Spots } from './template-group.js';
import { MAX_PAIRS, tooManyPairs, type CoverProblem } from './cover-problem.js';

/** Where a site may be put, in metres of the grid's projection. */
export interface CandidatePlaces {
  x: Float64Array;
  y: Float64Array;
}

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
  const spots = spotsOf(grid, demand);
  const served = new Uint8Array(nearby.mostInTile);
  for (let c = 0; c < count; c++) {
    if (c % CANDIDATES_PER_STEP === 0) step(hooks, 'levels', c, count);
    const placeX = places.x[c] as number;
    const placeY = places.y[c] as number;
    for (const tile of nearby.around(placeX, placeY)) {
      const from = nearby.from[tile] as number;
      const to = nearby.to[tile] as number;
      if (pairs + to - from > list.length) list = grown(list, pairs + to - from);
      served.fill(0, 0, to - from);
      for (const group of groups) group.mark(spots, from, to, placeX, placeY, served);
      for (let p = from; p < to; p++) {
        list[pairs] = p;
        pairs += served[p - from] as number;
      }
    }
    if (pairs > MAX_PAIRS) throw tooManyPairs();
    start[c + 1] = pairs;
  }
  return { weight: demand.weight, start, list: list.slice(0, pairs) };
}

/** Where the places of a demand are. */
function spotsOf({ x, y, landCover }: CoverageGrid, { cells }: Demand): Spots {
  const spots: Spots = {
    x: new Float64Array(cells.length),
    y: new Float64Array(cells.length),
    landCover: new Uint8Array(cells.length),
  };
  cells.forEach((i, p) => {
    spots.x[p] = x[i] as number;
    spots.y[p] = y[i] as number;
    spots.landCover[p] = landCover[i] as number;
  });
  return spots;
}

function grown(list: Uint32Array, needed: number): Uint32Array {
  const larger = new Uint32Array(Math.max(2 * list.length, needed));
  larger.set(list);
  return larger;
}

/** Demand by tiles of the grid, and tiles by squares: what may be within reach of a place is found at once. */
class DemandTiles {
  /** A tile's demand: from the first to the end (exclusive). */
  readonly from: number[] = [];
  readonly to: number[] = [];
  mostInTile = 0;
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
      this.mostInTile = Math.max(this.mostInTile, p - first);
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

  /** Tiles that may have something within reach of a place. */
  around(x: number, y: number): number[] {
    const column = this.square(x);
    const row = this.square(y);
    const found: number[] = [];
    for (let j = row - 1; j <= row + 1; j++)
      for (let i = column - 1; i <= column + 1; i++)
        for (const t of this.squares.get(this.key(i, j)) ?? []) {
          const dx = (this.x[t] as number) - x;
          const dy = (this.y[t] as number) - y;
          const reach = this.reach[t] as number;
          if (dx * dx + dy * dy <= reach * reach) found.push(t);
        }
    return found;
  }

  private square(metres: number): number {
    return Math.floor(metres / this.sideM);
  }
  private key(column: number, row: number): number {
    return row * 1_000_003 + column;
  }
}
