import { Injectable } from '@nestjs/common';
import { areaContains, bboxOf, prepareArea, unproject, type MultiPolygon } from '../../geo/index.js';
import { AreasService, type CommuneSnapshot } from '../areas/index.js';
import { bestOf } from './cells.reader.js';
import {
  cellId,
  LEVEL_CLASSES,
  levelClass,
  type CoverageGrid,
  type StoredLevels,
  type Technology,
  type Threshold,
} from './domain/index.js';
import { drawMapInWorker } from './map/draw-in-worker.js';
import type { MapClass, MapModel } from './map/map-model.js';
import type { StoredTransmitter } from './reckon-run.js';
import { RunDataReader } from './run-data.reader.js';
import { layerViewOf, type ViewRequest } from './run-view.js';
import { RunsReader } from './runs.reader.js';

/** Runs as pictures. */
@Injectable()
export class MapReader {
  constructor(
    private readonly runs: RunsReader,
    private readonly data: RunDataReader,
    private readonly areas: AreasService,
  ) {}

  /** An SVG document of one view. Throws 404, 409 when the run is not done, 400 for a view that it has not. */
  async svg(runId: string, request: ViewRequest): Promise<string> {
    const run = await this.runs.getDone(runId);
    const { manifest } = run;
    const view = layerViewOf(run, request, await this.data.views(run.id));
    const grid = await this.data.grid(manifest.grid.key);
    const layers = (await this.data.layers(run.id, view, view.technology)).filter(
      ({ operatorCode }) => view.operator === null || operatorCode === view.operator,
    );
    const threshold = manifest.parameters.thresholds[view.technology];
    const communes = await this.areas.snapshotAt(run.boundaryDate);
    return drawMapInWorker({
      ...view,
      runId: run.id,
      boundaryDate: run.boundaryDate,
      networkDate: manifest.networkDate,
      resolution: run.resolution,
      threshold,
      models: [...new Set(Object.values(manifest.parameters.models[view.technology]))],
      synthetic: manifest.synthetic,
      place: [...new Set(communes.map(({ provinceName }) => provinceName))].join(', '),
      ...(await this.outlines(communes)),
      classes: classesOf(grid, layers, threshold),
      sites: sitesOf(grid, await this.data.transmitters(run.id), view.technology, layers),
    });
  }

  private async outlines(
    communes: readonly CommuneSnapshot[],
  ): Promise<Pick<MapModel, 'communes' | 'districts' | 'provinces' | 'labels'>> {
    const byDistrict = new Map<string, CommuneSnapshot[]>();
    for (const commune of communes) {
      if (commune.districtId === null) continue;
      byDistrict.set(commune.districtId, [...(byDistrict.get(commune.districtId) ?? []), commune]);
    }
    const labelled = [...byDistrict.values()].map((members) => ({
      name: members[0]?.districtName ?? '',
      at: middleOf(members),
    }));
    const communesNamed = labelled.length === 0 && communes.length <= MOST_COMMUNES_NAMED;
    return {
      communes: communes.map(({ boundary }) => boundary),
      districts: await this.boundaries([...byDistrict.keys()]),
      provinces: await this.boundaries([...new Set(communes.map(({ provinceId }) => provinceId))]),
      labels: communesNamed
        ? communes.map((commune) => ({ name: commune.name, at: middleOf([commune]) }))
        : labelled,
    };
  }

  private async boundaries(areaIds: readonly string[]): Promise<MultiPolygon[]> {
    const areas = await Promise.all(areaIds.map((id) => this.areas.getWithBoundary(id)));
    return areas.flatMap(({ boundary }) => boundary ?? []);
  }
}

/** More names than this would lie on top of each other. */
const MOST_COMMUNES_NAMED = 40;

/**
 * Where the name of some communes together can stand: in their middle, each by its area, or where that is outside of them
 * all in the middle of the one nearest to it.
 */
function middleOf(communes: readonly CommuneSnapshot[]): [lon: number, lat: number] {
  const middles = communes.map(({ boundary, areaKm2 }) => {
    const { west, south, east, north } = bboxOf(boundary);
    return { lon: (west + east) / 2, lat: (south + north) / 2, areaKm2 };
  });
  const whole = middles.reduce((sum, { areaKm2 }) => sum + areaKm2, 0);
  const mean = (of: 'lon' | 'lat') => middles.reduce((sum, m) => sum + (m[of] * m.areaKm2) / whole, 0);
  const [lon, lat] = [mean('lon'), mean('lat')];
  if (communes.some(({ boundary }) => areaContains(prepareArea(boundary), lon, lat))) return [lon, lat];
  const far = (m: { lon: number; lat: number }) => Math.hypot(m.lon - lon, m.lat - lat);
  const nearest = middles.toSorted((a, b) => far(a) - far(b))[0];
  return nearest ? [nearest.lon, nearest.lat] : [lon, lat];
}

/** The cells by class of their best level, the best class first, with their part of area and people. */
function classesOf(grid: CoverageGrid, layers: readonly StoredLevels[], threshold: Threshold): MapClass[] {
  const sums = new Map(LEVEL_CLASSES.map((name) => [name, { cells: [] as string[], areaM2: 0, people: 0 }]));
  let [areaM2, people] = [0, 0];
  for (let i = 0; i < grid.cellCount; i++) {
    const sum = sums.get(levelClass(threshold, bestOf(layers, i).levelDbm));
    if (!sum) continue;
    sum.cells.push(cellId(grid, i));
    const inside = insideM2(grid, i);
    sum.areaM2 += inside;
    sum.people += grid.population[i] as number;
    areaM2 += inside;
    people += grid.population[i] as number;
  }
  return [...sums].reverse().map(([name, sum]) => ({
    name,
    cells: sum.cells,
    areaPercent: areaM2 > 0 ? (100 * sum.areaM2) / areaM2 : 0,
    populationPercent: people > 0 ? (100 * sum.people) / people : null,
  }));
}

/** The part of a cell that lies in any area. */
function insideM2(grid: CoverageGrid, cell: number): number {
  let fraction = 0;
  for (let s = grid.shareStart[cell] as number; s < (grid.shareStart[cell + 1] as number); s++)
    fraction += grid.shareFraction[s] as number;
  return fraction * (grid.areaM2[cell] as number);
}

/** Each mast of the view once. */
function sitesOf(
  grid: CoverageGrid,
  transmitters: readonly StoredTransmitter[],
  technology: Technology,
  layers: readonly StoredLevels[],
): [lon: number, lat: number][] {
  const shown = new Set(layers.map(({ operatorCode }) => operatorCode));
  const places = new Map<string, [lon: number, lat: number]>();
  for (const { siteCode, technology: own, operatorCode, x, y } of transmitters)
    if (own === technology && shown.has(operatorCode) && !places.has(siteCode))
      places.set(siteCode, unproject(grid.projection, x, y));
  return [...places.values()];
}
