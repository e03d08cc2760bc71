import type { CoverageGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import { IncrementalNetwork, type SiteGroups } from '../network/incremental-network.js';
import type { RollSite } from '../network/network-roll.js';
import { runsOf, saveRuns, type SavedRuns } from '../network/saved-runs.js';
import type { RunParameters } from '../parameters.js';
import { LossTables, type CurveCache } from '../path-loss-table.js';
import type { CellAmounts } from '../planning/amounts.js';
import type { SiteOutages } from '../planning/outage.js';
import type { RunHooks } from '../progress.js';
import type { PreparedTransmitters } from '../transmitters.js';
import { Arena, instantiate, newMemory, type Kernel, type KernelModule } from './kernel.js';
import { reckonTiles } from './reckon-tiles.js';
import { kernelOutages } from './kernel-outages.js';
import { SavedTiles } from './saved-tiles.js';
import { KernelMemory, type KernelMark, type Workplace } from './kernel-memory.js';

/** Layers that changes may bring; a layer without transmitters takes no time, and 64 bytes until it has one. */
const SPARE_LAYERS = 64;
/** From so many sites on, reckoning a layer's tiles anew is quicker than following one site after the other. */
const MANY_SITES = 8;

type Span = readonly [first: number, end: number];
interface Mark {
  memory: KernelMark;
  workplace: Workplace;
  sites: number;
}

/** The kernel's model of a network, in a memory of its own. */
export class WasmNetwork extends IncrementalNetwork<Mark> {
  readonly layers: LayerLevels[];
  private readonly kernel: Kernel;
  private readonly memory: KernelMemory;
  private readonly tileList: number;
  private readonly saved: SavedTiles;
  /** A site's batches by layer. */
  private readonly spans: (Span | undefined)[][] = [];
  private workplace: Workplace;

  constructor(
    module: KernelModule,
    grid: CoverageGrid,
    prepared: PreparedTransmitters,
    parameters: RunParameters,
    curves: CurveCache,
    hooks: RunHooks,
  ) {
    const memory = new KernelMemory(
      new Arena(newMemory()),
      grid,
      parameters,
      prepared.layers.length + SPARE_LAYERS,
    );
    const tables = { losses: new LossTables(parameters, curves), patterns: null };
    super(grid, prepared, parameters, tables, (count) => memory.ranks(count));
    this.memory = memory;
    this.kernel = instantiate(module, memory.arena.memory);
    this.tileList = memory.arena.take(4 * memory.tiles);
    this.saved = new SavedTiles(memory.arena, grid);
    this.kernel.saveTo(this.saved.address);
    this.layers = [];
    this.openLayers(prepared.layers.length);
    this.group();
    for (let slot = 0; slot < this.siteCodes.length; slot++) {
      for (const layer of this.layers.keys()) this.enlist(slot, layer);
    }
    this.workplace = this.takeWorkplace();
    this.reckonAll(hooks);
  }

  reckonAll(hooks: RunHooks = {}): void {
    reckonTiles(this.kernel, this.memory, hooks);
  }

  override outages(amounts: CellAmounts): SiteOutages {
    const { arena, layers } = this.memory;
    return kernelOutages(this.kernel, arena, layers, amounts, this.siteCodes.length);
  }

  protected override markLists(): Mark {
    return { memory: this.memory.mark(), workplace: this.workplace, sites: this.spans.length };
  }

  protected override resetLists(mark: Mark, dropped: readonly RollSite[]): void {
    for (const table of this.memory.reset(mark.memory)) this.tables.losses.forget(table);
    this.layers.length = this.memory.layers.length;
    this.spans.length = mark.sites;
    for (const { slot } of dropped) for (const layer of this.layers.keys()) this.setActive(slot, layer, true);
    this.open(mark.workplace);
  }

  protected override openLayers(count: number): void {
    for (let l = this.layers.length; l < count; l++)
      this.layers.push(this.memory.addLayer(this.layerAt(l), 0).levels);
  }

  protected override rework(
    layer: number,
    dropped: readonly SiteGroups[],
    put: readonly SiteGroups[],
    tilesOf: (change: SiteGroups) => number[],
    tiles: readonly number[],
    keep: (runs: SavedRuns) => void,
  ): void {
    for (const { site } of put) {
      this.enlist(site.slot, layer);
      this.setActive(site.slot, layer, false);
    }
    const room = this.memory.layers.reduce((most, { capacity }) => Math.max(most, capacity), 0);
    if (room > this.workplace.batches) this.workplace = this.takeWorkplace();
    if (dropped.length + put.length >= MANY_SITES) {
      const levels = this.layers[layer] as LayerLevels;
      keep(saveRuns(levels, runsOf(tiles, this.grid.tileStart), this.buffers));
      for (const { site } of dropped) this.setActive(site.slot, layer, false);
      for (const { site } of put) this.setActive(site.slot, layer, true);
      for (const tile of tiles) this.kernel.reckon(tile, tile + 1, layer, layer + 1);
      return;
    }
    try {
      this.follow(this.memory.layers[layer]?.address ?? 0, layer, dropped, put, tilesOf);
    } finally {
      keep(this.saved.take(this.buffers));
    }
  }

  /** One after the other: each step takes the lists as they are after the steps before. */
  private follow(
    address: number,
    layer: number,
    dropped: readonly SiteGroups[],
    put: readonly SiteGroups[],
    tilesOf: (change: SiteGroups) => number[],
  ): void {
    for (const change of dropped) {
      const { slot, first, end } = change.site;
      const [firstBatch, endBatch] = this.setActive(slot, layer, false);
      this.kernel.remove(
        address,
        firstBatch,
        endBatch,
        first,
        end,
        this.tileList,
        this.list(tilesOf(change)),
      );
    }
    for (const change of put) {
      const [firstBatch, endBatch] = this.setActive(change.site.slot, layer, true);
      this.kernel.add(address, firstBatch, endBatch, this.tileList, this.list(tilesOf(change)));
    }
  }

  private list(tiles: readonly number[]): number {
    this.memory.arena.uint32(this.tileList, tiles.length).set(tiles);
    return tiles.length;
  }

  /** Writes a site's batches into a layer's list. */
  private enlist(slot: number, layer: number): void {
    const groups = this.groupsOf(slot, layer);
    const memory = this.memory.layers[layer];
    if (groups.length === 0 || !memory) return;
    (this.spans[slot] ??= [])[layer] = this.memory.addGroups(memory, groups, this.transmitters);
  }

  private setActive(slot: number, layer: number, active: boolean): Span {
    const span = this.spans[slot]?.[layer];
    const memory = this.memory.layers[layer];
    if (!span || !memory) return [0, 0];
    this.memory.setActive(memory, ...span, active);
    return span;
  }

  private takeWorkplace(): Workplace {
    const workplace = this.memory.workplace();
    this.open(workplace);
    return workplace;
  }

  private open(workplace: Workplace): void {
    this.workplace = workplace;
    this.kernel.open(this.memory.model, workplace.scratch, workplace.candidates, workplace.bounds);
  }
}
