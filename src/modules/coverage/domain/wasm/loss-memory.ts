import { FRACTION_SCALE, NODE_COUNT, type LossTable } from '../path-loss-table.js';
import { LAND_COVERS } from '../technology.js';
import type { Arena } from './kernel.js';

/** Addresses of a table: loss with its step to the next node; least loss from each second node on and greatest loss up to it. */
export interface KernelLosses {
  loss: number;
  bounds: number;
}

const ENTRIES = LAND_COVERS.length * NODE_COUNT;
/** Of every second node: for each land cover and one place to spare the least, then the greatest loss. */
const BOUND_NODES = Math.ceil(NODE_COUNT / 2);
const BOUND_WIDTH = 4;

/** Writes a loss table as the kernel reads it: as many nodes for each technology, the last repeated. */
export function writeLosses(arena: Arena, table: LossTable): KernelLosses {
  const at = { loss: arena.take(8 * ENTRIES), bounds: arena.take(8 * BOUND_WIDTH * BOUND_NODES) };
  const pairs = arena.float32(at.loss, 2 * ENTRIES);
  const bounds = arena.float32(at.bounds, 2 * BOUND_WIDTH * BOUND_NODES);
  const { nodes } = table;
  LAND_COVERS.forEach((_cover, code) => {
    let greatest = -Infinity;
    for (let k = 0; k < NODE_COUNT; k++) {
      const from = code * nodes + Math.min(k, nodes - 1);
      const low = table.loss[from] as number;
      const high = table.loss[code * nodes + Math.min(k + 1, nodes - 1)] as number;
      const to = code * NODE_COUNT + k;
      pairs[2 * to] = low;
      pairs[2 * to + 1] = (high - low) * FRACTION_SCALE;
      // A distance lies between its node and the next.
      greatest = Math.max(greatest, low, high);
      const bound = 2 * BOUND_WIDTH * (k >> 1) + code;
      if (k % 2 === 0) bounds[bound] = table.leastFrom[from] as number;
      bounds[bound + BOUND_WIDTH] = greatest;
    }
  });
  return at;
}
