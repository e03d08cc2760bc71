import type { LayerLevels } from './layer-levels.js';
import type { CoverageGrid } from './grid.js';
import type { RunParameters } from './parameters.js';
import { leastLossFrom } from './path-loss-table.js';
import { addSector, makeScratch, prepareCells, type SectorLimits } from './sector-levels.js';
import { PATTERN_STEPS, weakestLevelDbm, type TransmitterGroup } from './transmitter-groups.js';

/** Added to a tile's radius against rounding. */
const TILE_SLACK_M = 1;

/** A layer with the places of its groups in flat arrays, for most groups are only asked whether they are near enough. */
interface WorkLayer {
  levels: LayerLevels;
  groups: readonly TransmitterGroup[];
  x: Float64Array;
  y: Float64Array;
  reachM: Float64Array;
  limits: SectorLimits;
}

/** A run of neighbouring cells with the circle round their centres and the land covers that occur in it. */
interface Tile {
  from: number;
  to: number;
  x: number;
  y: number;
  radiusM: number;
  landCovers: number[];
}

/** A sector that cannot serve in the tile but may be the best that there is. */
interface Candidate {
  group: TransmitterGroup;
  sector: number;
  boundDbm: number;
}

/** Reckons tile by tile, all layers of each. */
export class TileLayers {
  private readonly layers: WorkLayer[];
  private readonly scratch;

  constructor(
    private readonly grid: CoverageGrid,
    levels: readonly LayerLevels[],
    groupsByLayer: readonly (readonly TransmitterGroup[])[],
    parameters: RunParameters,
    ranks: Int32Array,
  ) {
    this.scratch = makeScratch(grid.tileStart);
    this.layers = levels.map((layer, l): WorkLayer => {
      const groups = groupsByLayer[l] ?? [];
      return {
        levels: layer,
        groups,
        x: Float64Array.from(groups, (group) => group.x),
        y: Float64Array.from(groups, (group) => group.y),
        reachM: Float64Array.from(groups, (group) => group.reachM),
        limits: {
          thresholdDbm: parameters.thresholds[layer.technology].sufficientDbm,
          weakestDbm: weakestLevelDbm(parameters, layer.technology),
          maxAttenuationDb: parameters.antenna.maxAttenuationDb,
          sideLobeDb: parameters.antenna.sideLobeDb,
          ranks,
        },
      };
    });
  }

  /** Empties a tile, to be reckoned anew. */
  clearTile(t: number): void {
    const from = this.grid.tileStart[t];
    const to = this.grid.tileStart[t + 1];
    for (const { levels } of this.layers) {
      levels.levelDbm.fill(-Infinity, from, to);
      levels.bestCell.fill(-1, from, to);
      levels.servingCells.fill(0, from, to);
      levels.servingSites.fill(0, from, to);
      levels.servingSiteXor.fill(0, from, to);
    }
  }

  /** Adds all layers' groups to an empty tile. */
  reckonTile(t: number): void {
    const tile = tileAt(this.grid, t);
    for (const layer of this.layers) {
      this.addServers(layer, tile);
      this.addOthers(layer, tile);
    }
  }

  /** The sectors that may reach the threshold somewhere in the tile, site by site, for the counts. */
  private addServers(layer: WorkLayer, tile: Tile): void {
    const { groups, x, y, reachM, limits, levels } = layer;
    const { scratch } = this;
    let site = -1;
    for (let g = 0; g < groups.length; g++) {
      const dx = tile.x - (x[g] as number);
      const dy = tile.y - (y[g] as number);
      const squared = dx * dx + dy * dy;
      const reach = (reachM[g] as number) + tile.radiusM;
      if (squared > reach * reach) continue;
      const group = groups[g] as TransmitterGroup;
      const distanceM = Math.sqrt(squared);
      const loss = leastLoss(group, tile, distanceM);
      if (group.strongestDbm - loss < limits.thresholdDbm) continue;
      let count = -1;
      for (let c = 0; c < group.transmitter.length; c++) {
        if (sectorBoundDbm(group, c, tile, dx, dy, distanceM, loss) < limits.thresholdDbm) continue;
        if (count < 0) count = prepareCells(this.grid, group, scratch, tile.from, tile.to);
        if (group.siteIndex !== site) {
          if (site >= 0) countSite(scratch.served, site, levels, tile);
          site = group.siteIndex;
        }
        addSector(group, c, levels, scratch, count, tile.from, limits);
      }
    }
    if (site >= 0) countSite(scratch.served, site, levels, tile);
  }

  /**
   * What is left cannot serve, but may be the best of a cell that nobody serves: strongest first, until none can beat the weakest cell.
   */
  private addOthers(layer: WorkLayer, tile: Tile): void {
    const { levels, limits } = layer;
    let lowest = lowestLevel(levels.levelDbm, tile);
    if (lowest >= limits.thresholdDbm) return;
    const candidates = this.candidates(layer, tile, Math.max(lowest, limits.weakestDbm));
    for (const { group, sector, boundDbm } of candidates) {
      if (boundDbm < lowest) return;
      const count = prepareCells(this.grid, group, this.scratch, tile.from, tile.to);
      addSector(group, sector, levels, this.scratch, count, tile.from, limits);
      lowest = lowestLevel(levels.levelDbm, tile);
    }
  }

  private candidates(layer: WorkLayer, tile: Tile, leastDbm: number): Candidate[] {
    const { groups, x, y, reachM, limits } = layer;
    const found: Candidate[] = [];
    for (let g = 0; g < groups.length; g++) {
      const dx = tile.x - (x[g] as number);
      const dy = tile.y - (y[g] as number);
      const squared = dx * dx + dy * dy;
      const reach = (reachM[g] as number) + tile.radiusM;
      if (squared > reach * reach) continue;
      const group = groups[g] as TransmitterGroup;
      const distanceM = Math.sqrt(squared);
      const loss = leastLoss(group, tile, distanceM);
      if (group.strongestDbm - loss < leastDbm) continue;
      for (let sector = 0; sector < group.transmitter.length; sector++) {
        const boundDbm = sectorBoundDbm(group, sector, tile, dx, dy, distanceM, loss);
        if (boundDbm < limits.thresholdDbm && boundDbm >= leastDbm) found.push({ group, sector, boundDbm });
      }
    }
    return found.sort((a, b) => b.boundDbm - a.boundDbm);
  }
}

function tileAt(grid: CoverageGrid, t: number): Tile {
  const from = grid.tileStart[t] as number;
  const to = grid.tileStart[t + 1] as number;
  return {
    from,
    to,
    x: grid.tileX[t] as number,
    y: grid.tileY[t] as number,
    radiusM: (grid.tileRadiusM[t] as number) + TILE_SLACK_M,
    landCovers: [...new Set(grid.landCover.subarray(from, to))],
  };
}

/** No loss of the group in the tile is less than this, dB: nearest point of the tile, best land cover that occurs there. */
function leastLoss(group: TransmitterGroup, tile: Tile, distanceM: number): number {
  const nearest = Math.max(0, distanceM - tile.radiusM);
  return leastLossFrom(group.table, tile.landCovers, nearest * nearest);
}

/**
 * No level of the sector in the tile is above this, dBm. Seen from the site, the tile lies within an angle δ of its centre, sin δ = radius / distance;
 * the sector's attenuation is least at the side of the tile that is nearest to its azimuth.
 */
function sectorBoundDbm(
  group: TransmitterGroup,
  c: number,
  tile: Tile,
  dx: number,
  dy: number,
  distanceM: number,
  loss: number,
): number {
  const bound = (group.eirpDbm[c] as number) - loss;
  if (distanceM <= tile.radiusM) return bound;
  const sinSpread = tile.radiusM / distanceM;
  const cosSpread = Math.sqrt(1 - sinSpread * sinSpread);
  const cosCentre = (dx * (group.east[c] as number) + dy * (group.north[c] as number)) / distanceM;
  if (cosCentre >= cosSpread) return bound;
  const sinCentre = Math.sqrt(Math.max(0, 1 - cosCentre * cosCentre));
  const cosNearest = cosCentre * cosSpread + sinCentre * sinSpread;
  // Attenuation falls as the cosine rises: the next entry is a bound for this one. Omnidirectional patterns are nought everywhere.
  const entry = Math.min(PATTERN_STEPS, (((cosNearest + 1) * PATTERN_STEPS) / 2 + 1) | 0);
  return bound - ((group.pattern[c] as Float32Array)[entry] as number);
}

function lowestLevel(levelDbm: Float32Array, tile: Tile): number {
  let lowest = Infinity;
  for (let i = tile.from; i < tile.to; i++) {
    const level = levelDbm[i] as number;
    if (level < lowest) lowest = level;
  }
  return lowest;
}

/** Counts the site in hand where it serves, and clears the marks for the next. */
function countSite(served: Uint8Array, siteIndex: number, levels: LayerLevels, tile: Tile): void {
  const { servingSites, servingSiteXor } = levels;
  for (let i = tile.from, k = 0; i < tile.to; i++, k++) {
    if (served[k] === 0) continue;
    servingSites[i] = (servingSites[i] as number) + 1;
    servingSiteXor[i] = (servingSiteXor[i] as number) ^ (siteIndex + 1);
    served[k] = 0;
  }
}
