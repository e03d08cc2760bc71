import { Injectable } from '@nestjs/common';
import { cellToBoundary, isValidCell, latLngToCell } from 'h3-js';
import { decodeCursor, encodeCursor } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { projectX, projectY, type Bbox, type FeatureCollection, type Polygon } from '../../geo/index.js';
import type { CellExplanation, LayerView } from './coverage.types.js';
import { explainLevel } from './explain-level.js';
import { countOperators } from './domain/count-operators.js';
import {
  cellId,
  LAND_COVERS,
  levelClass,
  type CoverageGrid,
  type LandCover,
  type StoredLevels,
  type LevelClass,
  type Transmitter,
} from './domain/index.js';
import { indexOfCell } from './domain/grid-lookup.js';
import { RunDataReader } from './run-data.reader.js';
import { layerViewOf, scenarioOf, type ViewRequest } from './run-view.js';
import { RunsReader } from './runs.reader.js';

/** As many as a province has at resolution 9, with room. */
export const MAX_CELLS_IN_BBOX = 25_000;

/** A cell of the grid in one view. */
export interface CellProperties {
  levelDbm: number | null;
  levelClass: LevelClass;
  site: string | null;
  cell: string | null;
  operator: string | null;
  /** Of the view: its operator's, or all operators' together. */
  servingCells: number;
  servingSites: number;
  /** Operators that serve the cell with this technology. */
  operatorCount: number;
  landCover: LandCover;
  population: number;
}
export type CellsPage = FeatureCollection<Polygon, CellProperties> &
  LayerView & { numberMatched: number; numberReturned: number; nextCursor: string | null };

/** The best server of a cell among some layers. */
export interface BestOf {
  levelDbm: number;
  layer: StoredLevels | undefined;
  transmitter: number;
}

/** What a run says of single cells of its grid. */
@Injectable()
export class CellsReader {
  constructor(
    private readonly runs: RunsReader,
    private readonly data: RunDataReader,
  ) {}

  /** Cells whose centre lies in the box, by H3 index. Throws 400 when the box holds too many. */
  async cells(
    runId: string,
    bbox: Bbox,
    request: ViewRequest,
    page: { limit: number; cursor?: string },
  ): Promise<CellsPage> {
    const run = await this.runs.getDone(runId);
    const after = cursorCell(page.cursor);
    const view = layerViewOf(run, request, await this.data.views(run.id));
    const grid = await this.data.grid(run.manifest.grid.key);
    const matched = cellsWithin(grid, bbox);
    if (matched.length > MAX_CELLS_IN_BBOX)
      throw Problem.invalidField('bbox', 'BBOX_TOO_LARGE', {
        en: `bbox holds ${matched.length} cells; ${MAX_CELLS_IN_BBOX} at most can be asked for at once`,
        vi: `bbox chứa ${matched.length} ô lưới; mỗi lần chỉ lấy được nhiều nhất ${MAX_CELLS_IN_BBOX} ô`,
      });
    const rest = after === undefined ? matched : matched.filter((i) => (grid.h3[i] as bigint) > after);
    const shown = rest.slice(0, page.limit);
    const all = await this.data.layers(run.id, view, view.technology);
    const layers = all.filter(({ operatorCode }) => view.operator === null || operatorCode === view.operator);
    const transmitters = await this.data.transmitters(run.id);
    const operators = countOperators(all, grid.cellCount).find((c) => c.technology === view.technology);
    const threshold = run.manifest.parameters.thresholds[view.technology];
    const last = shown.at(-1);
    return {
      type: 'FeatureCollection',
      ...view,
      numberMatched: matched.length,
      numberReturned: shown.length,
      nextCursor: rest.length > shown.length && last !== undefined ? encodeCursor(cellId(grid, last)) : null,
      features: shown.map((i) => {
        const best = bestOf(layers, i);
        const server = best.layer && (transmitters[best.transmitter] as Transmitter);
        const sum = (counts: 'servingCells' | 'servingSites') =>
          layers.reduce((total, layer) => total + (layer[counts][i] as number), 0);
        return {
          type: 'Feature' as const,
          id: cellId(grid, i),
          geometry: hexagon(cellId(grid, i)),
          properties: {
            levelDbm: best.layer ? tenths(best.levelDbm) : null,
            levelClass: levelClass(threshold, best.levelDbm),
            site: server?.siteCode ?? null,
            cell: server?.cellCode ?? null,
            operator: best.layer?.operatorCode ?? null,
            servingCells: sum('servingCells'),
            servingSites: sum('servingSites'),
            operatorCount: operators?.operatorCount[i] ?? 0,
            landCover: LAND_COVERS[grid.landCover[i] as number] as LandCover,
            population: tenths(grid.population[i] as number),
          },
        };
      }),
    };
  }

  /** Why the cell at a place has its levels: each network's best server there. Throws 404 outside of the grid. */
  async explain(runId: string, lon: number, lat: number, request: ViewRequest): Promise<CellExplanation> {
    const run = await this.runs.getDone(runId);
    const scenario = scenarioOf(run, request);
    const views = await this.data.views(run.id);
    if (request.technology !== undefined || request.operator !== undefined) layerViewOf(run, request, views);
    const grid = await this.data.grid(run.manifest.grid.key);
    const id = latLngToCell(lat, lon, grid.resolution);
    const i = indexOfCell(grid, BigInt(`0x${id}`));
    if (i === undefined)
      throw Problem.notFound(
        { en: 'cell of this run’s grid at', vi: 'ô lưới của lần tính này tại' },
        `${lon}, ${lat}`,
      );
    const layers = await this.data.layers(run.id, scenario, request.technology);
    const transmitters = await this.data.transmitters(run.id);
    const parameters = {
      ...run.manifest.parameters,
      place: scenario.environment,
      probability: scenario.probability,
    };
    return {
      ...scenario,
      cell: id,
      lon,
      lat,
      landCover: LAND_COVERS[grid.landCover[i] as number] as LandCover,
      waterPercent: grid.water ? tenths(100 * (grid.water[i] as number)) : null,
      population: tenths(grid.population[i] as number),
      households: tenths(grid.households[i] as number),
      networks: layers
        .filter(({ operatorCode }) => request.operator === undefined || operatorCode === request.operator)
        .map((layer) => explainLevel(grid, i, layer, transmitters, parameters)),
    };
  }
}

/** The strongest of some layers in a cell; equal levels go to the first. */
export function bestOf(layers: readonly StoredLevels[], cell: number): BestOf {
  let best: BestOf = { levelDbm: -Infinity, layer: undefined, transmitter: -1 };
  for (const layer of layers) {
    const levelDbm = layer.levelDbm[cell] as number;
    if (levelDbm > best.levelDbm) best = { levelDbm, layer, transmitter: layer.bestCell[cell] as number };
  }
  return best;
}

function cellsWithin(grid: CoverageGrid, bbox: Bbox): number[] {
  const { projection, x, y } = grid;
  const [west, east] = [projectX(projection, bbox.west), projectX(projection, bbox.east)];
  const [south, north] = [projectY(projection, bbox.south), projectY(projection, bbox.north)];
  const found: number[] = [];
  for (let i = 0; i < grid.cellCount; i++) {
    const cx = x[i] as number;
    const cy = y[i] as number;
    if (cx >= west && cx <= east && cy >= south && cy <= north) found.push(i);
  }
  return found;
}

function cursorCell(cursor: string | undefined): bigint | undefined {
  const key = decodeCursor(cursor);
  if (key === undefined) return undefined;
  if (isValidCell(key)) return BigInt(`0x${key}`);
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}

/** GeoJSON's outer rings run anticlockwise, as H3's boundaries do; 6 decimals are a tenth of a metre. */
function hexagon(id: string): Polygon {
  const ring = cellToBoundary(id, true).map(([lon, lat]): [number, number] => [rounded(lon), rounded(lat)]);
  return { type: 'Polygon', coordinates: [ring] };
}
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
const tenths = (value: number): number => Math.round(value * 10) / 10;
