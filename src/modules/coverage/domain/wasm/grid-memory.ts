import type { CoverageGrid } from '../grid.js';
import { NODE_COUNT } from '../path-loss-table.js';
import type { Arena } from './kernel.js';
import { CELL_PADDING, MAX_TILE_CELLS, MODEL } from './memory-layout.js';

/** Added to a tile's radius against rounding. */
const TILE_SLACK_M = 1;
/** Bytes of a node in the kernel's loss tables. */
const NODE_BYTES = 8;

/** Writes cells and tiles where the kernel looks for them; returns the model's address, its layers still unset. */
export function writeGrid(arena: Arena, grid: CoverageGrid): number {
  const { tileStart } = grid;
  const tiles = tileStart.length - 1;
  const padded = grid.cellCount + CELL_PADDING;
  const model = arena.take(MODEL.bytes);
  const at = {
    tileStart: arena.take(4 * tileStart.length),
    tileX: arena.take(8 * tiles),
    tileY: arena.take(8 * tiles),
    tileRadius: arena.take(4 * tiles),
    tileCovers: arena.take(4 * tiles),
    x: arena.take(4 * padded),
    y: arena.take(4 * padded),
    cover: arena.take(4 * padded),
  };
  const words = arena.uint32(model, MODEL.bytes / 4).fill(0);
  for (const [name, address] of Object.entries(at)) words[MODEL[name as keyof typeof at] / 4] = address;

  arena.uint32(at.tileStart, tileStart.length).set(tileStart);
  const tileX = arena.float64(at.tileX, tiles);
  const tileY = arena.float64(at.tileY, tiles);
  const tileRadius = arena.float32(at.tileRadius, tiles);
  const tileCovers = arena.uint32(at.tileCovers, tiles);
  const x = arena.float32(at.x, padded).fill(0);
  const y = arena.float32(at.y, padded).fill(0);
  const cover = arena.int32(at.cover, padded).fill(0);
  for (let t = 0; t < tiles; t++) {
    const [from, to] = [tileStart[t] as number, tileStart[t + 1] as number];
    if (to - from > MAX_TILE_CELLS) throw new RangeError('The kernel has no room for a tile of this size.');
    const middleX = grid.tileX[t] as number;
    const middleY = grid.tileY[t] as number;
    let covers = 0;
    for (let i = from; i < to; i++) {
      // About the tile's middle, where a float is exact to a tenth of a millimetre.
      x[i] = (grid.x[i] as number) - middleX;
      y[i] = (grid.y[i] as number) - middleY;
      const code = grid.landCover[i] as number;
      cover[i] = code * NODE_COUNT * NODE_BYTES;
      covers |= 1 << code;
    }
    tileX[t] = middleX;
    tileY[t] = middleY;
    tileRadius[t] = (grid.tileRadiusM[t] as number) + TILE_SLACK_M;
    tileCovers[t] = covers;
  }
  return model;
}
