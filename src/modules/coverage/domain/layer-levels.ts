import type { Layer } from './transmitters.js';

/** What a layer gives in each cell of the grid, in the grid's order. */
export interface LayerLevels extends Layer {
  /** Level of the best server, dBm; −Infinity where nothing is received. */
  levelDbm: Float32Array;
  /** Place of the best server in the run's list of transmitters; −1 where nothing is received. */
  bestCell: Int32Array;
  /** How many cells (sectors), and of how many sites, reach the threshold. */
  servingCells: Uint16Array;
  servingSites: Uint16Array;
}
