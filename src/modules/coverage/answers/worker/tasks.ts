import { cellsToMultiPolygon } from 'h3-js';
import type { MultiPolygon, Position } from '../../../../geo/index.js';
import { cellPyramid, type CellLevel, type ShownCells } from '../../domain/cell-pyramid.js';
import {
  compareLevels,
  type ComparedGrid,
  type ComparedView,
  type LevelComparison,
} from '../../domain/compare-levels.js';
import { edgesOf, type EdgeGrid } from '../../domain/edge-cells.js';
import { cellId, type CoverageGrid } from '../../domain/grid.js';
import type { StoredLevels } from '../../domain/layer-levels.js';
import { checkParameters, type RunParameters, type Threshold } from '../../domain/parameters.js';
import { regionsOf, type Region, type RegionGrid } from '../../domain/regions.js';
import type { Transmitter } from '../../domain/transmitters.js';
import { shareArrays, type SharedTexts } from '../../worker/shared-arrays.js';
import { drawRaster, type RasterTask } from './draw-raster.js';

/** What is reckoned of finished runs in a thread of its own. Plain data. */
export interface RegionsTask {
  kind: 'regions';
  grid: RegionGrid;
  /** 1 for cells that belong to a region. */
  chosen: Uint8Array;
}

export type OutlinedRegion = Region & { outline: MultiPolygon };

/** A view of a run as it is compared. */
export interface ComparedRun {
  layers: readonly StoredLevels[];
  /** What `bestCell` of the layers points into. */
  transmitters: readonly Transmitter[];
  /** With the view's place and probability. Where an older version's cannot be reckoned with, cells count whole, as that one counted them. */
  parameters: RunParameters;
}

/** Two runs on one grid, in one view. */
export interface CompareTask {
  kind: 'compare';
  grid: ComparedGrid & EdgeGrid;
  before: ComparedRun;
  after: ComparedRun;
}

/** A view as maps of any scale show it; its arrays come back in memory that threads share. */
export interface PyramidTask {
  kind: 'pyramid';
  grid: Pick<CoverageGrid, 'h3' | 'cellCount' | 'resolution'>;
  shown: ShownCells;
  threshold: Threshold;
  coarsest: number;
}

/** One tile of a pyramid whose arrays, and the codes of the sites, are in shared memory. */
export interface TileTask {
  pyramid: readonly CellLevel[];
  /** Code of each transmitter's site, in the run's order. */
  sites: SharedTexts;
  z: number;
  x: number;
  y: number;
}

export type AnswerTask = RegionsTask | CompareTask | PyramidTask | RasterTask;
export interface TaskResult {
  regions: OutlinedRegion[];
  compare: LevelComparison;
  pyramid: CellLevel[];
  raster: Uint8Array;
}

export function reckonAnswer<T extends AnswerTask>(task: T): TaskResult[T['kind']];
export function reckonAnswer(task: AnswerTask): TaskResult[AnswerTask['kind']] {
  switch (task.kind) {
    case 'regions':
      return regionsOf(task.grid, task.chosen).map((region) => ({
        ...region,
        outline: outlineOf(task.grid, region.cells),
      }));
    case 'compare':
      return compareLevels(task.grid, withEdges(task.grid, task.before), withEdges(task.grid, task.after));
    case 'pyramid':
      return cellPyramid(task.grid, task.shown, task.threshold, task.coarsest).map(shareArrays);
    case 'raster':
      return drawRaster(task);
  }
}

function withEdges(grid: EdgeGrid, { layers, transmitters, parameters }: ComparedRun): ComparedView {
  return {
    layers,
    edges: isReckonable(parameters) ? edgesOf(grid, layers, transmitters, parameters) : [],
  };
}

function isReckonable(parameters: RunParameters): boolean {
  try {
    checkParameters(parameters);
    return true;
  } catch {
    return false;
  }
}

function outlineOf(grid: RegionGrid, cells: readonly number[]): MultiPolygon {
  const ids = cells.map((i) => cellId(grid, i));
  const coordinates = cellsToMultiPolygon(ids, true).map((polygon) =>
    polygon.map((ring) => ring.map(([lon = 0, lat = 0]): Position => [rounded(lon), rounded(lat)])),
  );
  return { type: 'MultiPolygon', coordinates };
}

/** 6 decimals are a tenth of a metre. */
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
