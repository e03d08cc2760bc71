import { Injectable } from '@nestjs/common';
import { cellToBoundary, isValidCell, latLngToCell } from 'h3-js';
import { decodeCursor, encodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { bboxContains, type Bbox, type FeatureCollection, type Polygon } from '../../geo/index.js';
import { indexOfCell, LAND_COVERS } from '../coverage/index.js';
import { explainPlace, SUB_POINTS, type Period, type PlaceExplanation } from './domain/index.js';
import type { ReachData } from './reach-data.js';
import { ReachRunsReader, wrongCursor } from './reach-runs.reader.js';
import { figureOf, spotOf, thousandths, type UnitFigure, type SilentSpotView } from './reach-views.js';

export const MAX_CELLS_IN_BBOX = 25_000;

export interface CellProperties {
  /** Loudest cluster at the centre; null where all are more than 10 dB too quiet. */
  levelDba: number | null;
  cluster: string | null;
  /** Part of the cell where somebody hears a cluster, and where two or more, 0–1. */
  heardShare: number;
  echoShare: number;
  /** At the centre. */
  clustersHeard: number;
  landCover: string;
  population: number;
}
export type CellsPage = FeatureCollection<Polygon, CellProperties> & {
  period: Period;
  numberMatched: number;
  numberReturned: number;
  nextCursor: string | null;
};

/** A place and why it hears what it hears. */
export type PlaceAnswer = PlaceExplanation & {
  cell: string;
  lon: number;
  lat: number;
  population: number;
  households: number;
};

/** How many clusters an explanation names. */
const CLUSTERS_NAMED = 10;

/** What finished runs say. All throw 404 without the run and 409 when it is not done. */
@Injectable()
export class ReachAnswers {
  constructor(private readonly runs: ReachRunsReader) {}

  async figures(
    runId: string,
    filter: { by?: string; area?: string; period?: Period },
    page: { limit: number; cursor?: string },
  ): Promise<Page<UnitFigure>> {
    const all = await this.runs.figures(await this.runs.getDone(runId));
    const wanted = all.filter(
      (figure) =>
        (filter.by === undefined || figure.areaKind === filter.by) &&
        (filter.area === undefined || figure.areaCode === filter.area) &&
        (filter.period === undefined || figure.period === filter.period),
    );
    return numbered(wanted, page, figureOf);
  }

  async silentSpots(
    runId: string,
    filter: { area?: string; period: Period },
    page: { limit: number; cursor?: string },
  ): Promise<Page<SilentSpotView>> {
    const all = await this.runs.spots(await this.runs.getDone(runId));
    const wanted = all.filter(
      ({ period, areaCode }) =>
        period === filter.period && (filter.area === undefined || areaCode === filter.area),
    );
    return numbered(wanted, page, spotOf);
  }

  /** Cells whose centre lies in the box, by H3 index. Throws 400 when the box holds too many. */
  async cells(
    runId: string,
    bbox: Bbox,
    period: Period,
    page: { limit: number; cursor?: string },
  ): Promise<CellsPage> {
    const after = cursorCell(page.cursor);
    const data = await this.runs.data(await this.runs.getDone(runId));
    const matched: number[] = [];
    for (let i = 0; i < data.h3.length; i++)
      if (bboxContains(bbox, data.lon[i] as number, data.lat[i] as number)) matched.push(i);
    if (matched.length > MAX_CELLS_IN_BBOX)
      throw Problem.invalidField('bbox', 'BBOX_TOO_LARGE', {
        en: `bbox holds ${matched.length} cells; ${MAX_CELLS_IN_BBOX} at most can be asked for at once`,
        vi: `bbox chứa ${matched.length} ô lưới; mỗi lần chỉ lấy được nhiều nhất ${MAX_CELLS_IN_BBOX} ô`,
      });
    const rest = after === undefined ? matched : matched.filter((i) => (data.h3[i] as bigint) > after);
    const shown = rest.slice(0, page.limit);
    const last = shown.at(-1);
    return {
      type: 'FeatureCollection',
      period,
      numberMatched: matched.length,
      numberReturned: shown.length,
      nextCursor: rest.length > shown.length && last !== undefined ? encodeCursor(idOf(data, last)) : null,
      features: shown.map((i) => ({
        type: 'Feature' as const,
        id: idOf(data, i),
        geometry: hexagon(idOf(data, i)),
        properties: propertiesOf(data, i, period),
      })),
    };
  }

  /** Why a place hears what it hears, for its own spot and not only its cell. Throws 404 outside of the grid. */
  async explain(runId: string, lon: number, lat: number): Promise<PlaceAnswer> {
    const run = await this.runs.getDone(runId);
    const data = await this.runs.data(run);
    const cell = latLngToCell(lat, lon, run.resolution);
    const i = indexOfCell(data, BigInt(`0x${cell}`));
    if (i === undefined)
      throw Problem.notFound(
        { en: 'cell of this run’s grid at', vi: 'ô lưới của lần tính này tại' },
        `${lon}, ${lat}`,
      );
    const { parameters } = run.manifest;
    const place = explainPlace(data.clusters, parameters, data.landCover[i] as number, lon, lat);
    return {
      cell,
      lon,
      lat,
      population: thousandths(data.population[i] as number),
      households: thousandths(data.households[i] as number),
      ...place,
      periods: place.periods.map((period) => ({
        ...period,
        marginDb: period.marginDb === null ? null : tenths(period.marginDb),
      })),
      clusters: place.clusters.slice(0, CLUSTERS_NAMED).map((cluster) => ({
        ...cluster,
        distanceM: Math.round(cluster.distanceM),
        bearingDeg: Math.round(cluster.bearingDeg) % 360,
        atOneMetreDba: tenths(cluster.atOneMetreDba),
        spreadingDb: tenths(cluster.spreadingDb),
        airDb: tenths(cluster.airDb),
        groundDb: tenths(cluster.groundDb),
        levelDba: tenths(cluster.levelDba),
      })),
    };
  }
}

function propertiesOf(data: ReachData, i: number, period: Period): CellProperties {
  const day = period === 'day';
  const level = data.levelDba[i] as number;
  return {
    levelDba: level === -Infinity ? null : tenths(level),
    cluster: data.clusters[data.bestCluster[i] as number]?.id ?? null,
    heardShare: thousandths(((day ? data.heardDay : data.heardNight)[i] as number) / SUB_POINTS),
    echoShare: thousandths(((day ? data.echoDay : data.echoNight)[i] as number) / SUB_POINTS),
    clustersHeard: (day ? data.clustersDay : data.clustersNight)[i] as number,
    landCover: LAND_COVERS[data.landCover[i] as number] as string,
    population: tenths(data.population[i] as number),
  };
}

/** A page of a list that never changes: the cursor is the number of the last item. */
function numbered<T, V>(
  all: readonly T[],
  page: { limit: number; cursor?: string },
  view: (item: T) => V,
): Page<V> {
  const key = decodeCursor(page.cursor);
  if (key !== undefined && !/^\d{1,9}$/.test(key)) throw wrongCursor();
  const from = key === undefined ? 0 : Number(key);
  const rows = all
    .slice(from, from + page.limit + 1)
    .map((item, n) => ({ n: from + n + 1, view: view(item) }));
  const { items, nextCursor } = toPage(rows, page.limit, ({ n }) => String(n));
  return { items: items.map((row) => row.view), nextCursor };
}

function cursorCell(cursor: string | undefined): bigint | undefined {
  const key = decodeCursor(cursor);
  if (key === undefined) return undefined;
  if (isValidCell(key)) return BigInt(`0x${key}`);
  throw wrongCursor();
}

function idOf(data: ReachData, i: number): string {
  return (data.h3[i] as bigint).toString(16);
}

/** 6 decimals are a tenth of a metre. */
function hexagon(id: string): Polygon {
  const rounded = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  const ring = cellToBoundary(id, true).map(([lon, lat]): [number, number] => [rounded(lon), rounded(lat)]);
  return { type: 'Polygon', coordinates: [ring] };
}
const tenths = (value: number): number => Math.round(value * 10) / 10;
