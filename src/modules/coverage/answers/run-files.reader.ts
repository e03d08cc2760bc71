import { setImmediate as breathe } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { CoverageFigure } from '../coverage.types.js';
import { cellId, LAND_COVERS, levelClass } from '../domain/index.js';
import { cellLonLat } from '../domain/grid.js';
import { rasterFrame, type RasterFrame } from '../domain/raster.js';
import { FiguresReader, type FigureFilter } from '../figures.reader.js';
import { RunDataReader } from '../run-data.reader.js';
import type { ViewRequest } from '../run-view.js';
import { RunsReader } from '../runs.reader.js';
import { hexagon, levelOrNull } from './cell-features.js';
import { csvLines } from './csv.js';
import { provenanceOf, type DoneRun } from './provenance.js';
import { RunViews, type LoadedView } from './run-views.js';
import { shownCells } from './shown-cells.js';
import { answerInWorker } from './worker/answer-in-worker.js';
import type { RasterTask } from './worker/draw-raster.js';

export interface CellRow extends Record<string, string | number | null> {
  h3: string;
  levelDbm: number | null;
  levelClass: string;
  site: string | null;
  cell: string | null;
  operators: number;
  landCover: string;
  population: number;
  households: number;
}
const CELL_COLUMNS = [
  'h3',
  'lon',
  'lat',
  'levelDbm',
  'levelClass',
  'site',
  'cell',
  'operators',
  'landCover',
  'population',
  'households',
  'technology',
  'operator',
  'environment',
  'probability',
  'runId',
] as const;
const FIGURE_COLUMNS = [
  'areaCode',
  'areaKind',
  'areaName',
  'technology',
  'operator',
  'environment',
  'probability',
  'areaKm2',
  'areaCoveredKm2',
  'areaPercent',
  'population',
  'populationCovered',
  'populationPercent',
  'households',
  'householdsCovered',
  'householdsPercent',
  'communes',
  'communesWithoutPopulation',
  'communesWithoutHouseholds',
  'boundaryDate',
  'networkDate',
  'dataVersion',
  'runId',
] as const;

/** So many lines at a time: others are answered in between. */
const CELLS_PER_PART = 500;
const FIGURES_PER_PART = 1000;

/** A file that is being written, and what to call it. */
export interface RunFile<T> {
  name: string;
  content: T;
}

/** Runs as files. */
@Injectable()
export class RunFilesReader {
  constructor(
    private readonly views: RunViews,
    private readonly runs: RunsReader,
    private readonly data: RunDataReader,
    private readonly figuresReader: FiguresReader,
  ) {}

  /** All cells of a view. Throws, before anything is written, 404, 409 and 400 as all views do. */
  async cells(
    runId: string,
    request: ViewRequest,
    format: 'geojson' | 'csv',
  ): Promise<RunFile<AsyncGenerator<string>>> {
    const loaded = await this.views.load(await this.views.find(runId, request));
    const rows = await this.rowsOf(loaded);
    const content = format === 'csv' ? cellTable(loaded, rows) : cellFeatures(loaded, rows);
    return { name: nameOf(loaded, 'cells', format), content };
  }

  /** Figures as a table, those of a filter. Throws 404, 409. */
  async figures(runId: string, filter: FigureFilter): Promise<RunFile<AsyncGenerator<string>>> {
    const run = await this.runs.getDone(runId);
    return { name: `coverage-${run.id}-figures.csv`, content: this.figureTable(run, filter) };
  }

  async raster(
    runId: string,
    request: ViewRequest,
    format: RasterTask['format'],
  ): Promise<RunFile<Uint8Array> & { frame: RasterFrame }> {
    const loaded = await this.views.load(await this.views.find(runId, request));
    const { h3, cellCount } = loaded.grid;
    const frame = rasterFrame(loaded.grid);
    const content = await answerInWorker({
      kind: 'raster',
      grid: { h3, cellCount },
      frame,
      format,
      levelDbm: shownCells(loaded).levelDbm,
      threshold: loaded.run.manifest.parameters.thresholds[loaded.view.technology],
    });
    const what = format === 'level.tif' ? 'level' : 'class';
    return { name: nameOf(loaded, what, format === 'png' ? 'png' : 'tif'), content, frame };
  }

  /** Where a raster of the run lies. */
  async frame(runId: string): Promise<RasterFrame> {
    const run = await this.runs.getDone(runId);
    return rasterFrame(await this.data.grid(run.manifest.grid.key));
  }

  private async *figureTable(run: DoneRun, filter: FigureFilter): AsyncGenerator<string> {
    const { networkDate, dataVersion } = run.manifest;
    const origin = { boundaryDate: run.boundaryDate, networkDate, dataVersion, runId: run.id };
    let cursor: string | undefined;
    do {
      const page = await this.figuresReader.list(run.id, filter, { limit: FIGURES_PER_PART, cursor });
      const rows = page.items.map((figure: CoverageFigure) => ({ ...figure, ...origin }));
      yield csvLines(FIGURE_COLUMNS, rows, cursor === undefined ? 'beginning' : 'more');
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  private async rowsOf(loaded: LoadedView): Promise<(i: number) => CellRow> {
    const { run, view, grid } = loaded;
    const { levelDbm, server, operators } = shownCells(loaded);
    const transmitters = await this.data.transmitters(run.id);
    const threshold = run.manifest.parameters.thresholds[view.technology];
    return (i) => {
      const best = transmitters[server[i] as number];
      return {
        h3: cellId(grid, i),
        levelDbm: levelOrNull(levelDbm[i] as number),
        levelClass: levelClass(threshold, levelDbm[i] as number),
        site: best?.siteCode ?? null,
        cell: best?.cellCode ?? null,
        operators: operators[i] as number,
        landCover: LAND_COVERS[grid.landCover[i] as number] ?? '',
        population: tenths(grid.population[i] as number),
        households: tenths(grid.households[i] as number),
      };
    };
  }
}

async function* cellFeatures(
  { run, view, grid }: LoadedView,
  rowOf: (i: number) => CellRow,
): AsyncGenerator<string> {
  const head = { type: 'FeatureCollection', provenance: provenanceOf(run, view.technology), ...view };
  yield `${JSON.stringify(head).slice(0, -1)},"features":[`;
  for (let from = 0; from < grid.cellCount; from += CELLS_PER_PART) {
    const features: string[] = [];
    for (let i = from; i < Math.min(grid.cellCount, from + CELLS_PER_PART); i++) {
      const { h3, ...properties } = rowOf(i);
      features.push(JSON.stringify({ type: 'Feature', id: h3, geometry: hexagon(h3), properties }));
    }
    yield (from > 0 ? ',\n' : '\n') + features.join(',\n');
    await breathe();
  }
  yield '\n]}\n';
}

async function* cellTable(
  { run, view, grid }: LoadedView,
  rowOf: (i: number) => CellRow,
): AsyncGenerator<string> {
  const { technology, operator, environment, probability } = view;
  for (let from = 0; from < grid.cellCount; from += CELLS_PER_PART) {
    const rows: Record<string, string | number | null>[] = [];
    for (let i = from; i < Math.min(grid.cellCount, from + CELLS_PER_PART); i++) {
      const [lon, lat] = cellLonLat(grid, i);
      const origin = { technology, operator, environment, probability, runId: run.id };
      rows.push({ ...rowOf(i), lon: degrees(lon), lat: degrees(lat), ...origin });
    }
    yield csvLines(CELL_COLUMNS, rows, from === 0 ? 'beginning' : 'more');
    await breathe();
  }
}

/** As in coverage-<run>-4G-viettel-indoor-90-cells.csv. */
function nameOf({ run, view }: LoadedView, what: string, ending: string): string {
  const { technology, operator, environment, probability } = view;
  const parts = [run.id, technology, operator ?? 'all', environment, Math.round(probability * 100), what];
  return `coverage-${parts.join('-').replace(/[^\w.-]/g, '_')}.${ending}`;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
const degrees = (value: number): number => Math.round(value * 1e6) / 1e6;
