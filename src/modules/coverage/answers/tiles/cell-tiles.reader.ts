import { createHash } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { CellLevel } from '../../domain/cell-pyramid.js';
import { RunDataReader } from '../../run-data.reader.js';
import type { ViewRequest } from '../../run-view.js';
import { shareTexts, type SharedTexts } from '../../worker/shared-arrays.js';
import { answerInWorker, tileThread } from '../worker/answer-in-worker.js';
import { Kept } from '../kept.js';
import { provenanceOf } from '../provenance.js';
import { RunViews, viewKey, type RunView } from '../run-views.js';
import { shownCells } from '../shown-cells.js';
import { TILE_LAYER } from './cell-tile.js';

/** Changes with the way tiles are drawn. */
const TILES_VERSION = 1;
export const DEEPEST_ZOOM = 16;
const COARSEST_RESOLUTION = 6;
/** Each takes some 20 megabytes for a province at resolution 10. */
const PYRAMIDS_KEPT = 2;

interface Pyramid {
  levels: CellLevel[];
  sites: SharedTexts;
}

/** Vector tiles of the cells of a run's view. They never change. */
@Injectable()
export class CellTilesReader implements OnModuleDestroy {
  private readonly pyramids = new Kept<Pyramid>(PYRAMIDS_KEPT);
  private readonly thread = tileThread();

  constructor(
    private readonly views: RunViews,
    private readonly data: RunDataReader,
  ) {}

  /** The view and what its tile is called. Throws 404, 409, 400 for a view that the run has not. */
  async find(
    runId: string,
    request: ViewRequest,
    place: readonly number[],
  ): Promise<{ found: RunView; etag: string }> {
    const found = await this.views.find(runId, request);
    const name = JSON.stringify([TILES_VERSION, viewKey(found), place]);
    return { found, etag: `"${createHash('sha256').update(name).digest('base64url').slice(0, 27)}"` };
  }

  async tile(found: RunView, z: number, x: number, y: number): Promise<Uint8Array> {
    const { levels, sites } = await this.pyramid(found);
    return this.thread.ask({ pyramid: levels, sites, z, x, y });
  }

  /** TileJSON 3.0. `root` is the address of the API. */
  async tileJson(runId: string, request: ViewRequest, root: string): Promise<object> {
    const found = await this.views.find(runId, request);
    const { run, view } = found;
    const { levels } = await this.pyramid(found);
    const { technology, operator, environment, probability } = view;
    const query = new URLSearchParams({
      technology,
      ...(operator === null ? {} : { operator }),
      environment,
      probability: String(probability),
    });
    return {
      tilejson: '3.0.0',
      name: `${run.title}: ${technology} ${operator ?? ''} ${environment} ${probability}`.replaceAll(
        '  ',
        ' ',
      ),
      version: `${TILES_VERSION}.0.0`,
      scheme: 'xyz',
      tiles: [`${root}/coverage/runs/${run.id}/tiles/{z}/{x}/{y}.mvt?${query.toString()}`],
      minzoom: 0,
      maxzoom: DEEPEST_ZOOM,
      bounds: boundsOf(levels),
      vector_layers: [
        {
          id: TILE_LAYER,
          description: 'Cells of the H3 grid; coarser ones at small scales',
          fields: {
            h3: 'Index of the cell',
            level:
              'Level of the best server, dBm; of a coarser cell the mean; absent where nothing is received',
            class: 'none, sufficient, good, very-good',
            server: 'Code of the site that serves best',
            operators: 'Operators that serve the cell with this technology',
            covered: 'Of a coarser cell: percent of its cells that are covered',
          },
        },
      ],
      provenance: provenanceOf(run, technology),
    };
  }

  async onModuleDestroy(): Promise<void> {
    await this.thread.close();
  }

  private async pyramid(found: RunView): Promise<Pyramid> {
    return this.pyramids.get(viewKey(found), async () => {
      const loaded = await this.views.load(found);
      const { h3, cellCount, resolution } = loaded.grid;
      const { run, view } = found;
      const levels = await answerInWorker({
        kind: 'pyramid',
        grid: { h3, cellCount, resolution },
        shown: shownCells(loaded),
        threshold: run.manifest.parameters.thresholds[view.technology],
        coarsest: Math.min(COARSEST_RESOLUTION, resolution),
      });
      const sites = shareTexts((await this.data.transmitters(run.id)).map(({ siteCode }) => siteCode));
      return { levels, sites };
    });
  }
}

/** West, south, east, north in degrees. */
function boundsOf([finest]: readonly CellLevel[]): [number, number, number, number] {
  let [west, north, east, south] = [1, 1, 0, 0];
  for (let i = 0; i < (finest?.count ?? 0); i++) {
    const box = (finest as CellLevel).boxes.subarray(4 * i, 4 * i + 4);
    west = Math.min(west, box[0] as number);
    north = Math.min(north, box[1] as number);
    east = Math.max(east, box[2] as number);
    south = Math.max(south, box[3] as number);
  }
  const lon = (x: number) => Math.round((x - 0.5) * 360 * 1e6) / 1e6;
  const lat = (y: number) =>
    Math.round((Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 * 1e6) / Math.PI) / 1e6;
  return [lon(west), lat(south), lon(east), lat(north)];
}
