import { Injectable } from '@nestjs/common';
import { encodeCursor } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import { unproject, type Feature, type FeatureCollection, type MultiPolygon } from '../../../geo/index.js';
import { AreasService } from '../../areas/index.js';
import type { LayerView } from '../coverage.types.js';
import { countOperators } from '../domain/count-operators.js';
import type { CoverageGrid } from '../domain/index.js';
import { RunDataReader } from '../run-data.reader.js';
import type { ViewRequest } from '../run-view.js';
import { Kept } from './kept.js';
import { numberCursor, provenanceOf, type ProvenanceDto } from './provenance.js';
import { nearest, RegisterPlaces, type Near, type Place } from './register-places.js';
import { RunViews, viewKey, type LoadedView } from './run-views.js';
import { answerInWorker } from './worker/answer-in-worker.js';
import type { OutlinedRegion } from './worker/tasks.js';

export const REGION_KINDS = ['white', 'grey'] as const;
export type RegionKind = (typeof REGION_KINDS)[number];

export interface RegionsRequest extends ViewRequest {
  kind: RegionKind;
  /** Of grey regions. */
  operatorsAtMost: number;
  /** Code of a unit: regions that lie in it, if only in part. */
  area?: string;
  /** Regions with fewer people are left out. */
  minPopulation: number;
}

export interface RegionProperties {
  /** 1: of all regions of the view the one with most people. */
  rank: number;
  cells: number;
  areaKm2: number;
  population: number;
  households: number;
  /** Centre of the cell with most people; distances are from there. */
  lon: number;
  lat: number;
  communes: { code: string; areaKm2: number; population: number }[];
  hamlets: { code: string; name: string; households: number | null; signal: string | null }[];
  nearestSite: Near | null;
  /** Of the view's operator, with any technology; null where the view is of all. */
  nearestSiteOfOperator: Near | null;
  /** As the register has it now. */
  nearestFibreSite: Near | null;
  nearestFibreCommune: Near | null;
}

export type RegionsPage = FeatureCollection<MultiPolygon, RegionProperties> &
  LayerView & {
    provenance: ProvenanceDto;
    kind: RegionKind;
    operatorsAtMost: number | null;
    /** Quarter of the fibre figures; null when there are none. */
    fibreQuarter: string | null;
    numberMatched: number;
    numberReturned: number;
    nextCursor: string | null;
  };

const SETS_KEPT = 4;

/** Where coverage is missing, or hangs on few: connected cells of the grid, those with most people first. */
@Injectable()
export class RegionsReader {
  private readonly sets = new Kept<OutlinedRegion[]>(SETS_KEPT);

  constructor(
    private readonly views: RunViews,
    private readonly data: RunDataReader,
    private readonly places: RegisterPlaces,
    private readonly areas: AreasService,
  ) {}

  /** Throws 404, 409, 400 for a view that the run has not. */
  async regions(
    runId: string,
    request: RegionsRequest,
    page: { limit: number; cursor?: string },
  ): Promise<RegionsPage> {
    const { kind, operatorsAtMost, minPopulation } = request;
    const found = await this.views.find(runId, request);
    const { run, view } = found;
    if (kind === 'grey' && view.operator !== null)
      throw Problem.invalidField('operator', 'GREY', {
        en: 'grey regions are served by few of all operators: operator must be left out',
        vi: 'vùng xám là nơi ít nhà mạng phục vụ: không được chọn operator',
      });
    const after = Number(numberCursor(page.cursor) ?? 0);
    const within = request.area === undefined ? null : await this.communesOf(request.area, run.boundaryDate);
    const loaded = await this.views.load(found);
    const key = `${kind}|${kind === 'grey' ? operatorsAtMost : ''}|${viewKey(found)}`;
    const all = await this.sets.get(key, () =>
      answerInWorker({
        kind: 'regions',
        grid: regionGridOf(loaded.grid),
        chosen: chosenCells(loaded, kind, operatorsAtMost),
      }),
    );
    const matched = all
      .map((region, i) => ({ region, rank: i + 1 }))
      .filter(({ region }) => region.population >= minPopulation)
      .filter(({ region }) => !within || region.areas.some(({ areaCode }) => within.has(areaCode)));
    const rest = matched.filter(({ rank }) => rank > after);
    const shown = rest.slice(0, page.limit);
    const { features, fibreQuarter } = await this.features(loaded, shown);
    const last = shown.at(-1);
    return {
      type: 'FeatureCollection',
      provenance: provenanceOf(run, view.technology),
      ...view,
      kind,
      operatorsAtMost: kind === 'grey' ? operatorsAtMost : null,
      fibreQuarter,
      numberMatched: matched.length,
      numberReturned: shown.length,
      nextCursor: rest.length > shown.length && last ? encodeCursor(String(last.rank)) : null,
      features,
    };
  }

  private async communesOf(code: string, day: string): Promise<ReadonlySet<string>> {
    const unit = await this.areas.resolve(code, day);
    const ground = new Set(await this.areas.groundIds(unit.id));
    const communes = await this.areas.communesAt(day);
    return new Set(communes.filter(({ id }) => ground.has(id)).map((commune) => commune.code));
  }

  private async features(
    { run, view, grid }: LoadedView,
    shown: readonly { region: OutlinedRegion; rank: number }[],
  ): Promise<{ features: Feature<MultiPolygon, RegionProperties>[]; fibreQuarter: string | null }> {
    const sites = new Map<string, Place & { operators: Set<string> }>();
    for (const { siteCode, operatorCode, x, y } of await this.data.transmitters(run.id)) {
      let site = sites.get(siteCode);
      if (!site) {
        const [lon, lat] = unproject(grid.projection, x, y);
        sites.set(siteCode, (site = { code: siteCode, name: null, lon, lat, operators: new Set() }));
      }
      site.operators.add(operatorCode);
    }
    const everywhere = [...sites.values()];
    const own =
      view.operator === null ? [] : everywhere.filter((site) => site.operators.has(view.operator as string));
    const withFibre = await this.places.fibreSites();
    const hamletsOf = await this.places.hamletsByCell(grid);
    const centres = shown.map(({ region }) =>
      unproject(grid.projection, grid.x[region.densest] as number, grid.y[region.densest] as number),
    );
    const fibre = await this.places.fibreCommunes(centres);
    const features = shown.map(({ region, rank }, n): Feature<MultiPolygon, RegionProperties> => {
      const [lon, lat] = centres[n] as [number, number];
      return {
        type: 'Feature',
        geometry: region.outline,
        properties: {
          rank,
          cells: region.cells.length,
          areaKm2: km2(region.areaM2),
          population: tenths(region.population),
          households: tenths(region.households),
          lon: degrees(lon),
          lat: degrees(lat),
          communes: region.areas.map(({ areaCode, areaM2, population }) => ({
            code: areaCode,
            areaKm2: km2(areaM2),
            population: tenths(population),
          })),
          hamlets: region.cells
            .flatMap((i) => hamletsOf.get(i) ?? [])
            .map(({ code, name, households, signal }) => ({ code, name, households, signal })),
          nearestSite: nearest(everywhere, lon, lat),
          nearestSiteOfOperator: nearest(own, lon, lat),
          nearestFibreSite: nearest(withFibre, lon, lat),
          nearestFibreCommune: fibre.nearest[n] ?? null,
        },
      };
    });
    return { features, fibreQuarter: fibre.quarter };
  }
}

/** White: nobody serves it (of the view's operator, or of all); grey: some do, but no more than so many. */
function chosenCells(
  { grid, layers, technologyLayers, view }: LoadedView,
  kind: RegionKind,
  operatorsAtMost: number,
): Uint8Array {
  const chosen = new Uint8Array(grid.cellCount);
  const counts = countOperators(kind === 'white' ? layers : technologyLayers, grid.cellCount).find(
    ({ technology }) => technology === view.technology,
  );
  for (let i = 0; i < chosen.length; i++) {
    const operators = counts?.operatorCount[i] ?? 0;
    chosen[i] = Number(kind === 'white' ? operators === 0 : operators > 0 && operators <= operatorsAtMost);
  }
  return chosen;
}

function regionGridOf(grid: CoverageGrid) {
  const { h3, x, y, cellCount, projection, areaM2, population, households, areaCodes } = grid;
  const { shareStart, shareArea, shareFraction, sharePopulation } = grid;
  return {
    ...{ h3, x, y, cellCount, projection, areaM2, population, households, areaCodes },
    ...{ shareStart, shareArea, shareFraction, sharePopulation },
  };
}

const km2 = (m2: number): number => Math.round(m2) / 1e6;
const tenths = (value: number): number => Math.round(value * 10) / 10;
const degrees = (value: number): number => Math.round(value * 1e6) / 1e6;
