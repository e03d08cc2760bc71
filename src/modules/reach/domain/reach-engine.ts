import { clusterField, heardFromDba, levelAtDba, type ClusterField } from './cluster-field.js';
import { BELOW_HEARD_DB, PERIODS, STATED_RANGES, type ReachParameters } from './parameters.js';
import type { ReachCluster } from './reach-clusters.js';
import { SUB_POINTS, subPointOffsets, type ReachGrid } from './reach-grid.js';
import type { ReachWarnings } from './reach-warnings.js';
import { WayTables } from './spreading.js';

/** What is heard in each cell; arrays are in the grid's order. */
export interface ReachCells {
  /** Loudest cluster at the cell's centre, dB(A); −Infinity where all are more than 10 dB too quiet to be heard. */
  levelDba: Float32Array;
  /** Place in the list of clusters, −1 for none. */
  bestCluster: Int32Array;
  /** In how many of the cell's seven points somebody hears a cluster, or two or more of them (an echo). */
  heardDay: Uint8Array;
  heardNight: Uint8Array;
  echoDay: Uint8Array;
  echoNight: Uint8Array;
  /** How many clusters are heard at the centre; 255 stands for more. */
  clustersDay: Uint8Array;
  clustersNight: Uint8Array;
}

export interface ReachHooks {
  onProgress?: (fraction: number) => void;
}

const PROGRESS_EVERY_TILES = 200;

/**
 * Who hears which cluster. Each cell is looked at in seven points of its own land cover, so that the edge of what is heard runs through
 * cells: at resolution 10 the points are about 50 m apart. The same input gives the same result whatever the order of clusters.
 */
export function computeReach(
  grid: ReachGrid,
  clusters: readonly ReachCluster[],
  parameters: ReachParameters,
  warnings: ReachWarnings,
  hooks: ReachHooks = {},
): ReachCells {
  const ways = new WayTables(parameters);
  const fields = clusters.map((cluster) => clusterField(cluster, parameters, grid.projection, ways));
  fields.forEach(({ cut }, c) => {
    if (cut) warnings.add('range.cut', (clusters[c] as ReachCluster).id);
  });
  const cells: ReachCells = {
    levelDba: new Float32Array(grid.cellCount).fill(-Infinity),
    bestCluster: new Int32Array(grid.cellCount).fill(-1),
    heardDay: new Uint8Array(grid.cellCount),
    heardNight: new Uint8Array(grid.cellCount),
    echoDay: new Uint8Array(grid.cellCount),
    echoNight: new Uint8Array(grid.cellCount),
    clustersDay: new Uint8Array(grid.cellCount),
    clustersNight: new Uint8Array(grid.cellCount),
  };
  const offsets = subPointOffsets(grid);
  const margin = Math.max(...offsets.east.map((east, k) => Math.hypot(east, offsets.north[k] as number)));
  const thresholds = parameters.surroundings.map((surroundings): Thresholds => {
    const [dayDba, nightDba] = PERIODS.map((period) => heardFromDba(parameters, surroundings, period)) as [
      number,
      number,
    ];
    return { dayDba, nightDba, reportedDba: Math.min(dayDba, nightDba) - BELOW_HEARD_DB };
  });
  const cellLooker = new CellLooker(grid, fields, offsets, margin, cells);
  const tiles = grid.tileX.length;
  for (let t = 0; t < tiles; t++) {
    if (t % PROGRESS_EVERY_TILES === 0) hooks.onProgress?.(t / tiles);
    const near = fieldsNear(grid, fields, t, margin);
    if (near.length === 0) continue;
    for (let i = grid.tileStart[t] as number; i < (grid.tileStart[t + 1] as number); i++) {
      cellLooker.look(i, near, thresholds[grid.landCover[i] as number] as Thresholds);
    }
  }
  warnOfDistance(grid, clusters, fields, cells, warnings);
  return cells;
}

function fieldsNear(
  grid: ReachGrid,
  fields: readonly ClusterField[],
  tile: number,
  margin: number,
): number[] {
  const x = grid.tileX[tile] as number;
  const y = grid.tileY[tile] as number;
  const around = (grid.tileRadiusM[tile] as number) + margin;
  const near: number[] = [];
  fields.forEach((field, c) => {
    const far = field.reachM + around;
    if ((field.x - x) ** 2 + (field.y - y) ** 2 <= far * far) near.push(c);
  });
  return near;
}

/** From which level on a cluster is heard, and mentioned at all. */
interface Thresholds {
  dayDba: number;
  nightDba: number;
  reportedDba: number;
}

/** Looks at one cell after another. */
class CellLooker {
  private readonly near: number[] = [];

  constructor(
    private readonly grid: ReachGrid,
    private readonly fields: readonly ClusterField[],
    private readonly offsets: { east: Float64Array; north: Float64Array },
    private readonly margin: number,
    private readonly cells: ReachCells,
  ) {}

  look(i: number, candidates: readonly number[], thresholds: Thresholds): void {
    const { dayDba, nightDba, reportedDba } = thresholds;
    const { grid, fields, offsets, near, cells } = this;
    const cx = grid.x[i] as number;
    const cy = grid.y[i] as number;
    const landCover = grid.landCover[i] as number;
    near.length = 0;
    for (const c of candidates) {
      const { x, y, reportedM } = fields[c] as ClusterField;
      const far = (reportedM[landCover] as number) + this.margin;
      if ((x - cx) ** 2 + (y - cy) ** 2 <= far * far) near.push(c);
    }
    for (let k = 0; k < SUB_POINTS && near.length > 0; k++) {
      const x = cx + (offsets.east[k] as number);
      const y = cy + (offsets.north[k] as number);
      let day = 0;
      let night = 0;
      for (const c of near) {
        const field = fields[c] as ClusterField;
        // Only the centre's level is reported where it is not heard.
        const far = (k === 0 ? field.reportedM : field.heardM)[landCover] as number;
        if ((x - field.x) ** 2 + (y - field.y) ** 2 > far * far) continue;
        const level = levelAtDba(field, landCover, x, y);
        if (level >= dayDba) day++;
        if (level >= nightDba) night++;
        // Clusters come in their order, so equal levels stay with the first.
        if (k === 0 && level >= reportedDba && Math.fround(level) > (cells.levelDba[i] as number)) {
          cells.levelDba[i] = level;
          cells.bestCluster[i] = c;
        }
      }
      if (k === 0) {
        cells.clustersDay[i] = Math.min(day, 255);
        cells.clustersNight[i] = Math.min(night, 255);
      }
      if (day > 0) cells.heardDay[i] = (cells.heardDay[i] as number) + 1;
      if (night > 0) cells.heardNight[i] = (cells.heardNight[i] as number) + 1;
      if (day > 1) cells.echoDay[i] = (cells.echoDay[i] as number) + 1;
      if (night > 1) cells.echoNight[i] = (cells.echoNight[i] as number) + 1;
    }
  }
}

/** Counts the cells that hear a cluster, by night at least, from beyond what the method is stated for. */
function warnOfDistance(
  grid: ReachGrid,
  clusters: readonly ReachCluster[],
  fields: readonly ClusterField[],
  cells: ReachCells,
  warnings: ReachWarnings,
): void {
  const [, limit] = STATED_RANGES.distanceM;
  for (let i = 0; i < grid.cellCount; i++) {
    const c = cells.bestCluster[i] as number;
    if (c < 0 || (cells.clustersNight[i] as number) + (cells.clustersDay[i] as number) === 0) continue;
    const field = fields[c] as ClusterField;
    const distanceM = Math.hypot((grid.x[i] as number) - field.x, (grid.y[i] as number) - field.y);
    if (distanceM > limit) warnings.add('range.distance', (clusters[c] as ReachCluster).id);
  }
}
