import { step, type RunHooks } from '../progress.js';
import type { Kernel } from './kernel.js';
import type { KernelMemory } from './kernel-memory.js';

/** Progress is told this often: a few milliseconds. Within a step the kernel goes layer by layer. */
const TILES_PER_STEP = 64;

/** Reckons all tiles of all layers. */
export function reckonTiles(kernel: Kernel, { tiles, layers }: KernelMemory, hooks: RunHooks): void {
  for (let from = 0; from < tiles; from += TILES_PER_STEP) {
    step(hooks, 'levels', from, tiles);
    kernel.reckon(from, Math.min(from + TILES_PER_STEP, tiles), 0, layers.length);
  }
  step(hooks, 'levels', tiles, tiles);
}
