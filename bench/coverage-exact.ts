import pg from 'pg';
import { pgClientConfig } from '../src/common/database/connection.js';
import type { Progress } from '../src/console/progress.js';
import { textTable } from '../src/console/table.js';
import { generateDemo } from '../src/demo/province/index.js';
import { EmbeddedDatabase } from '../src/embedded/database/embedded-database.js';
import { polygonsOf, projectX, projectY, type AreaGeometry, type LocalProjection } from '../src/geo/index.js';
import {
  computeView,
  defaultParameters,
  findModel,
  prepareRun,
  type RunParameters,
  type SnapshotArea,
  type SnapshotSite,
} from '../src/modules/coverage/domain/index.js';
import { chooseEngine } from '../src/modules/coverage/engine/index.js';

const RADIUS_M = 1500;
const TARGET_POINTS = 0.2;
const HEIGHT_M = 31.5;
const FREQUENCY_MHZ = 1800;
/** Sides of a quarter of what GEOS takes for a circle; its area is then right to 0.0006 %. */
const QUARTER_SIDES = 256;

/** How far the share of a commune's area that discs cover is from exact geometry, in percentage points. */
export interface ExactFigures {
  radiusM: number;
  targetPoints: number;
  rows: { resolution: number; operator: string; sites: number; worstPoints: number; p95Points: number }[];
}

/**
 * Discs about every operator's sites in the demo's communes, as the grid covers them and as GEOS has them: the union of circles cut with
 * each commune, in the same plane.
 */
export async function coverageExact(progress: Progress): Promise<ExactFigures> {
  const demo = generateDemo(1);
  const areas = demo.areas.flatMap(({ code, kind, validTo, boundary }): SnapshotArea[] => {
    if (kind !== 'commune' || validTo === null || !boundary) return [];
    const polygon = boundary as unknown as AreaGeometry;
    return [{ code, polygon, population: null, households: null, centres: [], parentCode: null }];
  });
  const loss = findModel('free-space')?.pathLossDb({
    frequencyMhz: FREQUENCY_MHZ,
    baseHeightM: HEIGHT_M,
    mobileHeightM: 1.5,
    environment: 'open',
    distanceM: RADIUS_M,
  });
  const eirpDbm = (loss ?? NaN) + defaultParameters().thresholds['4G'].sufficientDbm;
  const sites = demo.sites.map((site) => discs(site, eirpDbm));
  const database = new EmbeddedDatabase({ dataDir: 'memory', log: () => undefined });
  await database.start();
  const client = new pg.Client(pgClientConfig(database.connection));
  await client.connect();
  try {
    await client.query('create extension if not exists postgis');
    const rows: ExactFigures['rows'] = [];
    const exact = new Map<string, Map<string, number>>();
    for (const resolution of [9, 10]) {
      progress.doing(`discs at resolution ${resolution}`);
      const parameters = discParameters(resolution);
      const snapshot = { dataVersion: 'bench', boundaryDate: '2025-06-30', areas, parents: [], sites };
      const prepared = prepareRun(snapshot, parameters);
      const { aggregates } = computeView(prepared, parameters, {}, chooseEngine().engine);
      for (const { operatorCode } of prepared.transmitters.layers) {
        const own = sites.filter(({ cells }) => cells.some((cell) => cell.operatorCode === operatorCode));
        progress.doing(`exact geometry of ${own.length} discs of ${operatorCode}`);
        const wanted =
          exact.get(operatorCode) ?? (await exactPercent(client, areas, own, prepared.grid.projection));
        exact.set(operatorCode, wanted);
        const off = aggregates.coverage
          .filter((row) => row.operatorCode === operatorCode && row.technology === '4G')
          .map((row) => Math.abs((row.areaPercent ?? NaN) - (wanted.get(row.unitCode) ?? NaN)))
          .sort((a, b) => a - b);
        rows.push({
          resolution,
          operator: operatorCode,
          sites: own.length,
          worstPoints: off.at(-1) ?? NaN,
          p95Points: off[Math.floor(off.length * 0.95)] ?? NaN,
        });
      }
    }
    progress.done(
      `Discs of ${RADIUS_M} m in ${areas.length} communes against GEOS (target at resolution 10: ${TARGET_POINTS})`,
    );
    progress.say(
      textTable(
        ['resolution', 'operator', 'sites', 'worst, points', '95 % within'],
        rows.map((row) => [
          String(row.resolution),
          row.operator,
          String(row.sites),
          row.worstPoints.toFixed(3),
          row.p95Points.toFixed(3),
        ]),
      ),
    );
    return { radiusM: RADIUS_M, targetPoints: TARGET_POINTS, rows };
  } finally {
    await client.end();
    await database.stop();
  }
}

/** Free space and nothing else that takes away: the threshold is met up to one distance. */
function discParameters(resolution: number): RunParameters {
  const parameters = defaultParameters({ resolution });
  const free = { urban: 'free-space', suburban: 'free-space', open: 'free-space' } as const;
  return {
    ...parameters,
    models: { ...parameters.models, '4G': free },
    antenna: { ...parameters.antenna, sideLobeDb: 0 },
  };
}

interface Mast {
  code: string;
  lon: number;
  lat: number;
  cells: readonly { operatorCode: string }[];
}

function discs({ code, lon, lat, cells }: Mast, referenceEirpDbm: number): SnapshotSite {
  const operators = [...new Set(cells.map(({ operatorCode }) => operatorCode))];
  return {
    code,
    lon,
    lat,
    structureHeightM: HEIGHT_M,
    cells: operators.map((operatorCode) => ({
      code: operatorCode,
      operatorCode,
      technology: '4G',
      frequencyMhz: FREQUENCY_MHZ,
      bandwidthMhz: 20,
      azimuthDeg: null,
      horizontalBeamwidthDeg: null,
      verticalBeamwidthDeg: 180,
      tiltDeg: 0,
      antennaHeightM: HEIGHT_M,
      txPowerDbm: null,
      gainDbi: null,
      feederLossDb: null,
      referenceEirpDbm,
    })),
  };
}

async function exactPercent(
  client: pg.Client,
  areas: readonly SnapshotArea[],
  sites: readonly SnapshotSite[],
  projection: LocalProjection,
): Promise<Map<string, number>> {
  const planar = areas.map(({ code, polygon }) => ({
    code,
    shape: {
      type: 'MultiPolygon',
      coordinates: polygonsOf(polygon).map((rings) =>
        rings.map((ring) => ring.map(([lon, lat]) => [projectX(projection, lon), projectY(projection, lat)])),
      ),
    },
  }));
  const { rows } = await client.query<{ code: string; percent: number }>(
    `with covered as (
       select st_union(st_buffer(st_makepoint(x, y), $3, $4::int)) as shape from unnest($1::float8[], $2::float8[]) as s(x, y)
     ), commune as (
       select code, st_setsrid(st_geomfromgeojson(shape), 0) as shape from jsonb_to_recordset($5::jsonb) as c(code text, shape text)
     )
     select commune.code, 100 * st_area(st_intersection(commune.shape, covered.shape)) / st_area(commune.shape) as percent
       from commune, covered`,
    [
      sites.map(({ lon }) => projectX(projection, lon)),
      sites.map(({ lat }) => projectY(projection, lat)),
      RADIUS_M,
      QUARTER_SIDES,
      JSON.stringify(planar),
    ],
  );
  return new Map(rows.map(({ code, percent }) => [code, percent]));
}
