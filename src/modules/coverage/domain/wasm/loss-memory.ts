import { FRACTION_SCALE, NODE_COUNT, type LossTable } from '../path-loss-table.js';
import { LAND_COVERS } from '../technology.js';
import type { Arena } from './kernel.js';

/** Addresses of a table: loss with its step to the next node, least loss from each node on, greatest loss up to it. */
export interface KernelLosses {
  loss: number;
  least: number;
  most: number;
}

const ENTRIES = LAND_COVERS.length * NODE_COUNT;

/** Writes a loss table as the kernel reads it: as many nodes for each technology, the last repeated. */
export function writeLosses(arena: Arena, table: LossTable): KernelLosses {
  const at = { loss: arena.take(8 * ENTRIES), least: arena.take(4 * ENTRIES), most: arena.take(4 * ENTRIES) };
  const pairs = arena.float32(at.loss, 2 * ENTRIES);
  const least = arena.float32(at.least, ENTRIES);
  const most = arena.float32(at.most, ENTRIES);
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
      least[to] = table.leastFrom[from] as number;
      // A distance lies between its node and the next.
      greatest = Math.max(greatest, low, high);
      most[to] = greatest;
    }
  });
  return at;
}
