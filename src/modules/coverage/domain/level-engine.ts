import type { CoverageGrid } from './grid.js';
import type { LayerLevels } from './layer-levels.js';
import type { NetworkModel } from './network/network-model.js';
import type { RunParameters } from './parameters.js';
import type { RunHooks } from './progress.js';
import type { PreparedTransmitters } from './transmitters.js';

/** A way of reckoning levels. All give the same within 0.05 dB; counts may differ only where a level is that near to its limit. */
export interface LevelEngine {
  /** Name and version go into a run's manifest; the version changes whenever a result may. */
  readonly id: string;
  readonly version: string;
  /**
   * The best server and the counts of servers in each cell of the grid for each layer. Equal levels go to the first transmitter in
   * the list. Throws `CoverageCancelledError` when cancelled.
   */
  computeLevels(
    grid: CoverageGrid,
    prepared: PreparedTransmitters,
    parameters: RunParameters,
    hooks?: RunHooks,
  ): LayerLevels[];
  /** The same as a model that follows changes of the network. It does not share memory with this engine's other answers. */
  openNetwork(
    grid: CoverageGrid,
    prepared: PreparedTransmitters,
    parameters: RunParameters,
    hooks?: RunHooks,
  ): NetworkModel;
}
