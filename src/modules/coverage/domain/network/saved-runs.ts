import type { LayerLevels } from '../layer-levels.js';
import type { LayerChange } from './network-model.js';

/** Cells of neighbouring tiles, one after the other: tiles `firstTile` to `endTile`, cells `from` to `to` (both exclusive). */
interface Run {
  firstTile: number;
  endTile: number;
  from: number;
  to: number;
}

/** What a layer was in some tiles; the cells of all runs one after the other. */
export interface SavedRuns {
  readonly runs: readonly Run[];
  levelDbm: Float32Array;
  bestCell: Int32Array;
  servingCells: Uint16Array;
  servingSites: Uint16Array;
  servingSiteXor: Uint32Array;
  buffer: ArrayBuffer;
}

/** Bytes of a cell's results. */
const CELL_BYTES = 16;

/** Buffers that are used again: fresh ones cost more than what is copied into them. */
export class SaveBuffers {
  private readonly free: ArrayBuffer[] = [];

  take(bytes: number): ArrayBuffer {
    const at = this.free.findIndex(({ byteLength }) => byteLength >= bytes);
    const [found] = at >= 0 ? this.free.splice(at, 1) : [];
    return found ?? new ArrayBuffer(Math.ceil(1.25 * bytes));
  }

  give(buffer: ArrayBuffer): void {
    // Smallest first, so that a large one is not taken for little.
    const at = this.free.findIndex(({ byteLength }) => byteLength > buffer.byteLength);
    this.free.splice(at >= 0 ? at : this.free.length, 0, buffer);
    if (this.free.length > MOST_FREE) this.free.shift();
  }
}
/** A change touches a few layers. */
const MOST_FREE = 16;

/** Tiles, in ascending order, as runs: tiles that follow one another lie so in the grid. */
export function runsOf(tiles: readonly number[], tileStart: Uint32Array): Run[] {
  const runs: Run[] = [];
  for (const tile of tiles) {
    const [from, to] = [tileStart[tile] as number, tileStart[tile + 1] as number];
    const last = runs.at(-1);
    if (last?.endTile === tile) {
      last.endTile++;
      last.to = to;
    } else runs.push({ firstTile: tile, endTile: tile + 1, from, to });
  }
  return runs;
}

/** Room for what some cells of runs were. */
export function newSavedRuns(runs: readonly Run[], cells: number, buffers: SaveBuffers): SavedRuns {
  const buffer = buffers.take(CELL_BYTES * cells);
  return {
    runs,
    levelDbm: new Float32Array(buffer, 0, cells),
    bestCell: new Int32Array(buffer, 4 * cells, cells),
    servingSiteXor: new Uint32Array(buffer, 8 * cells, cells),
    servingCells: new Uint16Array(buffer, 12 * cells, cells),
    servingSites: new Uint16Array(buffer, 14 * cells, cells),
    buffer,
  };
}

export function saveRuns(levels: LayerLevels, runs: readonly Run[], buffers: SaveBuffers): SavedRuns {
  const cells = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  const saved = newSavedRuns(runs, cells, buffers);
  let at = 0;
  for (const { from, to } of runs) {
    saved.levelDbm.set(levels.levelDbm.subarray(from, to), at);
    saved.bestCell.set(levels.bestCell.subarray(from, to), at);
    saved.servingCells.set(levels.servingCells.subarray(from, to), at);
    saved.servingSites.set(levels.servingSites.subarray(from, to), at);
    saved.servingSiteXor.set(levels.servingSiteXor.subarray(from, to), at);
    at += to - from;
  }
  return saved;
}

export function restoreRuns(levels: LayerLevels, saved: SavedRuns): void {
  let at = 0;
  for (const { from, to } of saved.runs) {
    const end = at + to - from;
    levels.levelDbm.set(saved.levelDbm.subarray(at, end), from);
    levels.bestCell.set(saved.bestCell.subarray(at, end), from);
    levels.servingCells.set(saved.servingCells.subarray(at, end), from);
    levels.servingSites.set(saved.servingSites.subarray(at, end), from);
    levels.servingSiteXor.set(saved.servingSiteXor.subarray(at, end), from);
    at = end;
  }
}

/** Where a layer is not what was saved. */
export function compareRuns(
  levels: LayerLevels,
  saved: SavedRuns,
  tileStart: Uint32Array,
): Omit<LayerChange, 'layer'> {
  const { levelDbm, bestCell, servingCells, servingSites, servingSiteXor } = levels;
  const tiles: number[] = [];
  const gained: number[] = [];
  const lost: number[] = [];
  let at = 0;
  for (const { firstTile, endTile } of saved.runs) {
    for (let tile = firstTile; tile < endTile; tile++) {
      let changed = false;
      const to = tileStart[tile + 1] as number;
      for (let i = tileStart[tile] as number; i < to; i++, at++) {
        const before = saved.servingCells[at] as number;
        const now = servingCells[i] as number;
        if (before !== now) {
          changed = true;
          if (before === 0) gained.push(i);
          else if (now === 0) lost.push(i);
        } else if (
          saved.bestCell[at] !== bestCell[i] ||
          saved.levelDbm[at] !== levelDbm[i] ||
          saved.servingSiteXor[at] !== servingSiteXor[i] ||
          saved.servingSites[at] !== servingSites[i]
        )
          changed = true;
      }
      if (changed) tiles.push(tile);
    }
  }
  return { tiles: Uint32Array.from(tiles), gained: Uint32Array.from(gained), lost: Uint32Array.from(lost) };
}
