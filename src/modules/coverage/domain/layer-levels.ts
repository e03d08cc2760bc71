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
  /**
   * Exclusive or over the serving sites, each by its place in the list of sites (`siteIndex` of its transmitters) and 1: where one
   * site alone serves it says which, and so what each site's outage costs is known in one pass.
   */
  servingSiteXor: Uint32Array;
}

/** What is kept of a run's levels. */
export type StoredLevels = Omit<LayerLevels, 'servingSiteXor'>;
