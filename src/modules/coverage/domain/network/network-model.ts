import type { CoverageGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import type { RunParameters } from '../parameters.js';
import type { CellAmounts } from '../planning/amounts.js';
import type { SiteOutages } from '../planning/outage.js';
import type { RunHooks } from '../progress.js';
import type { RunWarning } from '../run-warning.js';
import type { SnapshotSite } from '../snapshot.js';
import type { Transmitter } from '../transmitters.js';

/** Sites that come, change or go. */
export interface NetworkChange {
  /** New sites; one of a code that is there takes its place. */
  put?: readonly SnapshotSite[];
  /** Codes of sites; one that is not there is passed over. */
  remove?: readonly string[];
}

/** Where a layer is not as it was. */
export interface LayerChange {
  /** Place in the model's list of layers. */
  layer: number;
  /** Tiles of the grid in which anything changed, in their order. */
  tiles: Uint32Array;
  /** Cells of the grid that are served now and were not, and the other way round. */
  gained: Uint32Array;
  lost: Uint32Array;
}

export interface AppliedChange {
  /** Layers in which anything changed. */
  layers: LayerChange[];
  /** What was wrong with the sites that were put, and how many of their cells are left out for it. */
  warnings: RunWarning[];
  cellsSkipped: number;
}

/**
 * A network's levels that follow changes of its sites: each is reckoned where it matters and nowhere else. After any changes the levels
 * and counts are what a full reckoning gives, bit by bit; places in the lists of transmitters and sites may differ from it, for both
 * lists only grow.
 */
export interface NetworkModel {
  readonly grid: CoverageGrid;
  readonly parameters: RunParameters;
  /** Live: they change with the network. A change may add a layer at the end; taking it back takes that off again. */
  readonly layers: readonly LayerLevels[];
  /** What `bestCell` points into; also those that are gone. */
  readonly transmitters: readonly Transmitter[];
  /** Codes by place in the list of sites, of which `servingSiteXor` speaks; also those that are gone, and '' for one without cells. */
  readonly siteCodes: readonly string[];
  /** How many changes can be taken back. */
  readonly depth: number;
  apply(change: NetworkChange): AppliedChange;
  /** Reckons everything anew. Nothing changes by it; it says what a full reckoning of a network that is laid out costs. */
  reckonAll(hooks?: RunHooks): void;
  /** Takes the latest change back, bit by bit. Throws `RangeError` when there is none. */
  revert(): void;
  /** What goes when one site alone fails, for every site and every view, of the network as it is. */
  outages(amounts: CellAmounts): SiteOutages;
  /** Makes all changes so far stay, and forgets what was before. */
  settle(): void;
}
