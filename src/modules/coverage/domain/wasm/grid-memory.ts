import type { CoverageGrid } from '../grid.js';
import { NODE_COUNT } from '../path-loss-table.js';
import type { Arena } from './kernel.js';
import { CELL_PADDING, MAX_TILE_CELLS, MODEL } from './memory-layout.js';

/** Added to a tile's radius against rounding. */
const TILE_SLACK_M = 1;
/** Bytes of a node in the kernel's loss tables. */
const NODE_BYTES = 8;

/** Where tile t begins, for every t and the end: the grid's own tiles, cut where they are longer than the kernel takes. */
export function kernelTiles(grid: CoverageGrid): Uint32Array {
  const starts: number[] = [];
  for (let t = 0; t + 1 < grid.tileStart.length; t++) {
    const end = grid.tileStart[t + 1] as number;
    for (let from = grid.tileStart[t] as number; from < end; from += MAX_TILE_CELLS) starts.push(from);
  }
  return Uint32Array.from([...starts, grid.cellCount]);
}

/** Writes cells and tiles where the kernel looks for them; returns the model's address, its layers still unset. */
export function writeGrid(arena: Arena, grid: CoverageGrid, tileStart: Uint32Array): number {
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
    const middleX = middle(grid.x, from, to);
    const middleY = middle(grid.y, from, to);
    let radius = 0;
    let covers = 0;
    for (let i = from; i < to; i++) {
      const dx = (grid.x[i] as number) - middleX;
      const dy = (grid.y[i] as number) - middleY;
      // About the tile's middle, where a float is exact to a tenth of a millimetre.
      x[i] = dx;
      y[i] = dy;
      radius = Math.max(radius, Math.hypot(dx, dy));
      const code = grid.landCover[i] as number;
      cover[i] = code * NODE_COUNT * NODE_BYTES;
      covers |= 1 << code;
    }
    tileX[t] = middleX;
    tileY[t] = middleY;
    tileRadius[t] = radius + TILE_SLACK_M;
    tileCovers[t] = covers;
  }
  return model;
}

function middle(values: Float64Array, from: number, to: number): number {
  let least = Infinity;
  let most = -Infinity;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return (least + most) / 2;
}
