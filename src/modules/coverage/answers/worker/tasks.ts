import { cellsToMultiPolygon } from 'h3-js';
import type { MultiPolygon, Position } from '../../../../geo/index.js';
import { cellId } from '../../domain/grid.js';
import { regionsOf, type Region, type RegionGrid } from '../../domain/regions.js';

/** What is reckoned of finished runs in a thread of its own. Plain data. */
export interface RegionsTask {
  kind: 'regions';
  grid: RegionGrid;
  /** 1 for cells that belong to a region. */
  chosen: Uint8Array;
}

export type OutlinedRegion = Region & { outline: MultiPolygon };

export type AnswerTask = RegionsTask;
export interface TaskResult {
  regions: OutlinedRegion[];
}

export function reckonAnswer<T extends AnswerTask>(task: T): TaskResult[T['kind']];
export function reckonAnswer(task: AnswerTask): TaskResult[AnswerTask['kind']] {
  switch (task.kind) {
    case 'regions':
      return regionsOf(task.grid, task.chosen).map((region) => ({
        ...region,
        outline: outlineOf(task.grid, region.cells),
      }));
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
