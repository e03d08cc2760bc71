import type { CoverageGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import type { RunParameters } from '../parameters.js';
import type { CellAmounts } from '../planning/amounts.js';
import { siteOutages, type SiteOutages } from '../planning/outage.js';
import type { RunHooks } from '../progress.js';
import { WarningCollector } from '../run-warning.js';
import { groupTransmitters, type GroupTables, type TransmitterGroup } from '../transmitter-groups.js';
import {
  prepareTransmitters,
  type Layer,
  type PreparedTransmitters,
  type Transmitter,
} from '../transmitters.js';
import type { AppliedChange, LayerChange, NetworkChange, NetworkModel } from './network-model.js';
import { NetworkRoll, type RollMark, type RollSite } from './network-roll.js';
import { compareRuns, restoreRuns, SaveBuffers, type SavedRuns } from './saved-runs.js';

/** Added to the reach of a site against rounding. */
const REACH_SLACK_M = 2;

/** A site with its groups in a layer. */
export interface SiteGroups {
  site: RollSite;
  groups: readonly TransmitterGroup[];
}

interface Undo<Mark> {
  roll: RollMark;
  memory: Mark;
  dropped: readonly RollSite[];
  saved: { layer: number; runs: SavedRuns }[];
}

/**
 * What both engines' models have in common: who is in the network, where a change reaches, and how it is taken back. `Mark` says what
 * the engine's own lists were like before a change.
 */
export abstract class IncrementalNetwork<Mark> implements NetworkModel {
  abstract readonly layers: readonly LayerLevels[];
  private readonly roll: NetworkRoll;
  private readonly groups: (readonly TransmitterGroup[])[][] = [];
  private readonly undos: Undo<Mark>[] = [];
  protected readonly buffers = new SaveBuffers();

  protected constructor(
    readonly grid: CoverageGrid,
    prepared: PreparedTransmitters,
    readonly parameters: RunParameters,
    protected readonly tables: GroupTables,
    ranksFor: (count: number) => Int32Array,
  ) {
    this.roll = new NetworkRoll(prepared, ranksFor);
  }

  get transmitters(): readonly Transmitter[] {
    return this.roll.transmitters;
  }
  get siteCodes(): readonly string[] {
    return this.roll.siteCodes;
  }
  get depth(): number {
    return this.undos.length;
  }

  /** The engine's own lists as they are now. */
  protected abstract markLists(): Mark;
  /** Makes the lists what they were; sites that were dropped since are back. */
  protected abstract resetLists(mark: Mark, dropped: readonly RollSite[]): void;
  /** Makes sure that there are as many layers as the roll has. */
  protected abstract openLayers(count: number): void;
  /**
   * Reckons the tiles of a layer without the sites `dropped` and with the sites `put`. Gives what it writes into to `keep`, as it was before,
   * whatever happens.
   */
  protected abstract rework(
    layer: number,
    dropped: readonly SiteGroups[],
    put: readonly SiteGroups[],
    tilesOf: (change: SiteGroups) => number[],
    tiles: readonly number[],
    keep: (runs: SavedRuns) => void,
  ): void;

  abstract reckonAll(hooks?: RunHooks): void;

  apply(change: NetworkChange): AppliedChange {
    const { put = [], remove = [] } = change;
    const warnings = new WarningCollector();
    const prepared = prepareTransmitters(put, this.parameters, this.grid.projection, warnings);
    const roll = this.roll.begin();
    const going = new Set([...remove, ...put.map(({ code }) => code)]);
    const dropped = [...going].flatMap((code) => this.roll.drop(code) ?? []);
    const undo: Undo<Mark> = { roll, memory: this.markLists(), dropped, saved: [] };
    this.undos.push(undo);
    try {
      const coming = this.roll.put(prepared);
      this.openLayers(this.roll.layers.length);
      this.group(coming);
      const layers: LayerChange[] = [];
      for (const layer of this.layers.keys()) {
        const changed = this.changeLayer(layer, dropped, coming, undo);
        if (changed) layers.push(changed);
      }
      return { layers, warnings: warnings.list(), cellsSkipped: prepared.cellsSkipped };
    } catch (error) {
      this.revert();
      throw error;
    }
  }

  revert(): void {
    const undo = this.undos.pop();
    if (!undo) throw new RangeError('There is no change to take back.');
    for (const { layer, runs } of undo.saved) {
      restoreRuns(this.layers[layer] as LayerLevels, runs);
      this.buffers.give(runs.buffer);
    }
    this.groups.length = undo.roll.sites;
    this.roll.rollBack(undo.roll);
    this.resetLists(undo.memory, undo.dropped);
  }

  outages(amounts: CellAmounts): SiteOutages {
    return siteOutages(amounts, this.layers, this.siteCodes.length);
  }

  settle(): void {
    this.undos.length = 0;
  }

  /** Groups the transmitters of sites; all sites of the network when none are named. */
  protected group(sites?: readonly RollSite[]): void {
    const base = sites ? (sites[0]?.first ?? this.roll.transmitters.length) : 0;
    const { layers, transmitters } = this.roll;
    const fresh = { layers, transmitters: transmitters.slice(base) };
    groupTransmitters(fresh, this.parameters, this.tables).forEach((groups, layer) => {
      for (const group of groups) {
        for (let c = 0; c < group.transmitter.length; c++)
          group.transmitter[c] = (group.transmitter[c] as number) + base;
        const bySite = (this.groups[group.siteIndex] ??= []);
        bySite[layer] = [...(bySite[layer] ?? []), group];
      }
    });
  }

  /** A layer by its place; the roll has it before the engine does. */
  protected layerAt(layer: number): Layer {
    return this.roll.layers[layer] as Layer;
  }

  /** The groups of a site in a layer. */
  protected groupsOf(slot: number, layer: number): readonly TransmitterGroup[] {
    return this.groups[slot]?.[layer] ?? [];
  }

  private changeLayer(
    layer: number,
    dropped: readonly RollSite[],
    coming: readonly RollSite[],
    undo: Undo<Mark>,
  ): LayerChange | undefined {
    const here = (site: RollSite): SiteGroups[] => {
      const groups = this.groupsOf(site.slot, layer);
      return groups.length > 0 ? [{ site, groups }] : [];
    };
    const out = dropped.flatMap(here);
    const put = coming.flatMap(here);
    const reached = new Map([...out, ...put].map((change) => [change.site.slot, this.tilesReached(change)]));
    const tilesOf = ({ site }: SiteGroups): number[] => reached.get(site.slot) ?? [];
    if (reached.size === 0) return undefined;
    const [first = []] = reached.values();
    const tiles =
      reached.size === 1 ? first : [...new Set([...reached.values()].flat())].sort((a, b) => a - b);
    let was: SavedRuns | undefined;
    this.rework(layer, out, put, tilesOf, tiles, (runs) => {
      was = runs;
      undo.saved.push({ layer, runs });
    });
    if (!was) return undefined;
    const changed = compareRuns(this.layers[layer] as LayerLevels, was, this.grid.tileStart);
    return changed.tiles.length > 0 ? { layer, ...changed } : undefined;
  }

  private tilesReached({ groups }: SiteGroups): number[] {
    const [{ x, y }] = groups as [TransmitterGroup];
    const reachM = groups.reduce((most, group) => Math.max(most, group.reachM), 0) + REACH_SLACK_M;
    const { tileX, tileY, tileRadiusM } = this.grid;
    const tiles: number[] = [];
    for (let t = 0; t < tileX.length; t++) {
      const dx = (tileX[t] as number) - x;
      const dy = (tileY[t] as number) - y;
      const reach = (tileRadiusM[t] as number) + reachM;
      if (dx * dx + dy * dy <= reach * reach) tiles.push(t);
    }
    return tiles;
  }
}
