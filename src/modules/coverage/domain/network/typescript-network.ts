import type { CoverageGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import type { RunParameters } from '../parameters.js';
import { step, type RunHooks } from '../progress.js';
import { TileLayers } from '../tile-layers.js';
import type { GroupTables, TransmitterGroup } from '../transmitter-groups.js';
import type { Layer, PreparedTransmitters } from '../transmitters.js';
import { IncrementalNetwork, type SiteGroups } from './incremental-network.js';
import { runsOf, saveRuns, type SavedRuns } from './saved-runs.js';

/** A layer of which nothing is known yet. */
export function emptyLevels(layer: Layer, cellCount: number): LayerLevels {
  return {
    ...layer,
    levelDbm: new Float32Array(cellCount).fill(-Infinity),
    bestCell: new Int32Array(cellCount).fill(-1),
    servingCells: new Uint16Array(cellCount),
    servingSites: new Uint16Array(cellCount),
    servingSiteXor: new Uint32Array(cellCount),
  };
}

type Groups = readonly TransmitterGroup[];

/** The ranks of transmitters; room is made as more come. */
class Ranks {
  values = new Int32Array(0);

  atLeast(count: number): Int32Array {
    if (count > this.values.length) {
      const known = this.values;
      this.values = new Int32Array(Math.ceil(1.25 * count) + 64);
      this.values.set(known);
    }
    return this.values;
  }
}

/** The model of a network in plain TypeScript: every tile that a change reaches is reckoned anew. */
export class TypescriptNetwork extends IncrementalNetwork<Groups[]> {
  private groupsByLayer: Groups[];
  private readonly ranks: Ranks;

  /** @param layers the levels of the network, which become the model's own */
  constructor(
    grid: CoverageGrid,
    prepared: PreparedTransmitters,
    parameters: RunParameters,
    tables: GroupTables,
    readonly layers: LayerLevels[],
  ) {
    const ranks = new Ranks();
    super(grid, prepared, parameters, tables, (count) => ranks.atLeast(count));
    this.ranks = ranks;
    this.group();
    this.groupsByLayer = layers.map((_layer, l) =>
      [...this.siteCodes.keys()].flatMap((slot) => this.groupsOf(slot, l)),
    );
  }

  reckonAll(hooks: RunHooks = {}): void {
    const work = new TileLayers(
      this.grid,
      this.layers,
      this.groupsByLayer,
      this.parameters,
      this.ranks.values,
    );
    const tiles = this.grid.tileX.length;
    for (let tile = 0; tile < tiles; tile++) {
      step(hooks, 'levels', tile, tiles);
      work.clearTile(tile);
      work.reckonTile(tile);
    }
    step(hooks, 'levels', tiles, tiles);
  }

  protected override markLists(): Groups[] {
    return [...this.groupsByLayer];
  }

  protected override resetLists(mark: Groups[]): void {
    this.groupsByLayer = mark;
    this.layers.length = mark.length;
  }

  protected override openLayers(count: number): void {
    for (let l = this.layers.length; l < count; l++) {
      this.layers.push(emptyLevels(this.layerAt(l), this.grid.cellCount));
      this.groupsByLayer.push([]);
    }
  }

  protected override rework(
    layer: number,
    dropped: readonly SiteGroups[],
    put: readonly SiteGroups[],
    _tilesOf: (change: SiteGroups) => number[],
    tiles: readonly number[],
    keep: (runs: SavedRuns) => void,
  ): void {
    const gone = new Set(dropped.map(({ site }) => site.slot));
    const kept = (this.groupsByLayer[layer] ?? []).filter((group) => !gone.has(group.siteIndex));
    const groups = [...kept, ...put.flatMap((change) => change.groups)];
    this.groupsByLayer[layer] = groups;
    const levels = this.layers[layer] as LayerLevels;
    keep(saveRuns(levels, runsOf(tiles, this.grid.tileStart), this.buffers));
    const work = new TileLayers(this.grid, [levels], [groups], this.parameters, this.ranks.values);
    for (const tile of tiles) {
      work.clearTile(tile);
      work.reckonTile(tile);
    }
  }
}
