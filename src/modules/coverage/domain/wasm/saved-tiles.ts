import type { CoverageGrid } from '../grid.js';
import { newSavedRuns, runsOf, type SaveBuffers, type SavedRuns } from '../network/saved-runs.js';
import type { Arena } from './kernel.js';
import { LAYER, SAVED } from './memory-layout.js';

/** The kernel's own record of what tiles were before it wrote them: most of the tiles that a change might reach it never writes. */
export class SavedTiles {
  readonly address: number;
  private readonly words: Uint32Array;
  private readonly numbers: Uint32Array;
  private readonly marks: Uint8Array;
  private readonly results: Omit<SavedRuns, 'runs' | 'buffer'>;

  constructor(
    arena: Arena,
    private readonly grid: CoverageGrid,
  ) {
    const { cellCount } = grid;
    const tiles = grid.tileStart.length - 1;
    this.address = arena.take(SAVED.bytes);
    const at = {
      level: arena.take(4 * cellCount),
      best: arena.take(4 * cellCount),
      xor: arena.take(4 * cellCount),
      cells: arena.take(2 * cellCount),
      sites: arena.take(2 * cellCount),
      numbers: arena.take(4 * tiles),
      marks: arena.take(tiles),
    };
    this.words = arena.uint32(this.address, SAVED.bytes / 4).fill(0);
    this.words[SAVED.numbers / 4] = at.numbers;
    this.words[SAVED.marks / 4] = at.marks;
    for (const name of ['level', 'best', 'xor', 'cells', 'sites'] as const)
      this.words[(SAVED.results + LAYER[name]) / 4] = at[name];
    this.numbers = arena.uint32(at.numbers, tiles);
    this.marks = new Uint8Array(arena.memory.buffer, at.marks, tiles).fill(0);
    this.results = {
      levelDbm: arena.float32(at.level, cellCount),
      bestCell: arena.int32(at.best, cellCount),
      servingSiteXor: arena.uint32(at.xor, cellCount),
      servingCells: arena.uint16(at.cells, cellCount),
      servingSites: arena.uint16(at.sites, cellCount),
    };
  }

  /** What the tiles that were written since the last time had been; the next change begins anew. */
  take(buffers: SaveBuffers): SavedRuns {
    const { tileStart } = this.grid;
    const { words, marks } = this;
    const tiles = Array.from(this.numbers.subarray(0, words[SAVED.tiles / 4]));
    const cells = words[SAVED.cells / 4] as number;
    words[SAVED.tiles / 4] = words[SAVED.cells / 4] = 0;
    let inOrder = true;
    tiles.forEach((tile, n) => {
      marks[tile] = 0;
      if (n > 0 && (tiles[n - 1] as number) > tile) inOrder = false;
    });
    if (inOrder) {
      const saved = newSavedRuns(runsOf(tiles, tileStart), cells, buffers);
      for (const name of RESULTS) saved[name].set(this.results[name].subarray(0, cells));
      return saved;
    }
    const lengthOf = (tile: number): number => (tileStart[tile + 1] as number) - (tileStart[tile] as number);
    let from = 0;
    const places = new Map(tiles.map((tile) => [tile, (from += lengthOf(tile)) - lengthOf(tile)]));
    tiles.sort((a, b) => a - b);
    const saved = newSavedRuns(runsOf(tiles, tileStart), cells, buffers);
    let to = 0;
    for (const tile of tiles) {
      const place = places.get(tile) as number;
      for (const name of RESULTS)
        saved[name].set(this.results[name].subarray(place, place + lengthOf(tile)), to);
      to += lengthOf(tile);
    }
    return saved;
  }
}

const RESULTS = ['levelDbm', 'bestCell', 'servingSiteXor', 'servingCells', 'servingSites'] as const;
