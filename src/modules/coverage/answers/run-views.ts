import { Injectable } from '@nestjs/common';
import type { LayerView } from '../coverage.types.js';
import type { CoverageGrid, StoredLevels } from '../domain/index.js';
import { RunDataReader } from '../run-data.reader.js';
import { layerViewOf, type ViewRequest } from '../run-view.js';
import { RunsReader } from '../runs.reader.js';
import { Kept } from './kept.js';
import type { DoneRun } from './provenance.js';

/** A view of a finished run. */
export interface RunView {
  run: DoneRun;
  view: LayerView;
}

/** A view with what is stored of it. */
export interface LoadedView extends RunView {
  grid: CoverageGrid;
  /** Of the view's technology, all operators. */
  technologyLayers: StoredLevels[];
  /** Of them those of the view's operator, or all. */
  layers: StoredLevels[];
}

/** One layer of a province at resolution 10 takes a megabyte. */
const LAYER_SETS_KEPT = 4;

/** Views of finished runs, with their layers. */
@Injectable()
export class RunViews {
  private readonly layers = new Kept<StoredLevels[]>(LAYER_SETS_KEPT);

  constructor(
    private readonly runs: RunsReader,
    private readonly data: RunDataReader,
  ) {}

  /** Throws 404, 409 when the run is not done, 400 for a view that it has not. */
  async find(runId: string, request: ViewRequest): Promise<RunView> {
    const run = await this.runs.getDone(runId);
    return { run, view: layerViewOf(run, request, await this.data.views(run.id)) };
  }

  async load({ run, view }: RunView): Promise<LoadedView> {
    const grid = await this.data.grid(run.manifest.grid.key);
    const { environment, probability, technology, operator } = view;
    const key = JSON.stringify([run.id, environment, probability, technology]);
    const technologyLayers = await this.layers.get(key, () => this.data.layers(run.id, view, technology));
    const layers = technologyLayers.filter(
      ({ operatorCode }) => operator === null || operatorCode === operator,
    );
    return { run, view, grid, technologyLayers, layers };
  }
}

/** A name for a view of a run: two equal ones hold the same for ever. */
export function viewKey({ run, view }: RunView): string {
  return JSON.stringify([run.id, view.environment, view.probability, view.technology, view.operator]);
}
