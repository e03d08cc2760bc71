import { projectX, projectY, type LocalProjection } from '../../../geo/index.js';
import { levelInDirectionDb } from './horn.js';
import {
  BELOW_HEARD_DB,
  backgroundDba,
  PERIODS,
  type Period,
  type ReachParameters,
  type Surroundings,
} from './parameters.js';
import type { ReachCluster } from './reach-clusters.js';
import { lossFromTable, type WayTable, type WayTables } from './spreading.js';

const DIRECTIONS = 360;
const DEG_PER_RAD = 180 / Math.PI;

/** A cluster as the engine reads it: its level at 1 m by direction, and what the way takes off by distance. */
export interface ClusterField {
  x: number;
  y: number;
  /** Above the ear, squared; m². */
  riseSquaredM2: number;
  /** Level of speech at 1 m in each whole degree from north, and once more that of north; dB(A). */
  atOneMetreDba: Float64Array;
  /** By code of land cover. */
  tables: readonly WayTable[];
  /** Beyond this nothing is reported, whatever the land cover; and by land cover. */
  reachM: number;
  reportedM: Float64Array;
  /** Beyond this nobody hears it, by land cover. */
  heardM: Float64Array;
  /** It would be heard even beyond `maxRangeM`. */
  cut: boolean;
}

/** Level from which speech is heard and understood in a land cover, dB(A). */
export function heardFromDba(
  parameters: ReachParameters,
  surroundings: Surroundings,
  period: Period,
): number {
  return backgroundDba(surroundings, period) + parameters.margin.marginDb;
}

export function clusterField(
  cluster: ReachCluster,
  parameters: ReachParameters,
  projection: LocalProjection,
  ways: WayTables,
): ClusterField {
  const atOneMetreDba = Float64Array.from(
    { length: DIRECTIONS + 1 },
    (_, deg) =>
      levelInDirectionDb(cluster.horns, deg, parameters.behindHorn.attenuationDb) -
      parameters.speech.belowToneDb,
  );
  const rise = cluster.hornHeightM - parameters.earHeightM;
  const field: ClusterField = {
    x: projectX(projection, cluster.lon),
    y: projectY(projection, cluster.lat),
    riseSquaredM2: rise * rise,
    atOneMetreDba,
    tables: ways.of(cluster.hornHeightM),
    reachM: 0,
    reportedM: new Float64Array(parameters.surroundings.length),
    heardM: new Float64Array(parameters.surroundings.length),
    cut: false,
  };
  const loudest = atOneMetreDba.reduce((a, b) => Math.max(a, b), -Infinity);
  parameters.surroundings.forEach((surroundings, code) => {
    const quietest = Math.min(...PERIODS.map((period) => heardFromDba(parameters, surroundings, period)));
    const within = (leastDba: number) =>
      furthest((m) => loudest - lossAtM(field, code, m) >= leastDba, parameters.maxRangeM);
    field.heardM[code] = within(quietest);
    field.reportedM[code] = within(quietest - BELOW_HEARD_DB);
    field.cut ||= field.heardM[code] === parameters.maxRangeM;
  });
  field.reachM = field.reportedM.reduce((a, b) => Math.max(a, b), 0);
  return field;
}

/** Levels fall with distance: the furthest place where `still` holds, to a metre on the safe side. */
function furthest(still: (distanceM: number) => boolean, maxRangeM: number): number {
  if (still(maxRangeM)) return maxRangeM;
  let [near, far] = [0, maxRangeM];
  while (far - near > 0.5) {
    const middle = (near + far) / 2;
    if (still(middle)) near = middle;
    else far = middle;
  }
  return far;
}

function lossAtM(field: ClusterField, landCover: number, distanceM: number): number {
  const slantSquared = Math.max(1, distanceM * distanceM + field.riseSquaredM2);
  return 10 * Math.log10(slantSquared) + lossFromTable(field.tables[landCover] as WayTable, distanceM);
}

/** Level of a cluster at a place (metres in the projection) within its reach, dB(A); the land cover is that of the ear. */
export function levelAtDba(field: ClusterField, landCover: number, x: number, y: number): number {
  const dx = x - field.x;
  const dy = y - field.y;
  const bearing = Math.atan2(dx, dy) * DEG_PER_RAD;
  const turn = bearing < 0 ? bearing + DIRECTIONS : bearing;
  const deg = Math.min(turn | 0, DIRECTIONS - 1);
  const low = field.atOneMetreDba[deg] as number;
  const sent = low + ((field.atOneMetreDba[deg + 1] as number) - low) * (turn - deg);
  return sent - lossAtM(field, landCover, Math.sqrt(dx * dx + dy * dy));
}
