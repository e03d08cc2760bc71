import { localProjection, projectX, projectY } from '../../../geo/index.js';
import { heardFromDba } from './cluster-field.js';
import { levelInDirectionDb } from './horn.js';
import { backgroundDba, PERIODS, STATED_RANGES, type Period, type ReachParameters } from './parameters.js';
import type { ReachCluster } from './reach-clusters.js';
import { bandAbsorptions, wayLoss } from './spreading.js';

/** How the level of one cluster at a place comes about; all in dB or dB(A). */
export interface HeardCluster {
  clusterId: string;
  distanceM: number;
  /** From the cluster to the place, degrees from north. */
  bearingDeg: number;
  hornHeightM: number;
  /** Of speech at 1 m in this direction, all horns of the cluster together. */
  atOneMetreDba: number;
  spreadingDb: number;
  airDb: number;
  /** Negative where the ground adds to the sound. */
  groundDb: number;
  levelDba: number;
  /** What of the horns is assumed. */
  assumed: string[];
  /** Which values lie outside of what ISO 9613 states its accuracy for. */
  outsideRange: string[];
}

export interface PlaceExplanation {
  landCover: string;
  groundFactor: number;
  periods: {
    period: Period;
    backgroundDba: number;
    /** Background and the margin above it that speech needs. */
    heardFromDba: number;
    heard: boolean;
    /** Of the loudest cluster, above or (negative) below what is needed. Null without a cluster. */
    marginDb: number | null;
    clustersHeard: number;
  }[];
  /** The loudest first. */
  clusters: HeardCluster[];
}

/** Why a place hears what it hears: each cluster within `maxRangeM`, exactly reckoned (the run's tables differ by 0.1 dB at most). */
export function explainPlace(
  clusters: readonly ReachCluster[],
  parameters: ReachParameters,
  landCoverCode: number,
  lon: number,
  lat: number,
): PlaceExplanation {
  const surroundings = parameters.surroundings[landCoverCode];
  if (!surroundings) throw new RangeError(`There is no land cover ${landCoverCode}.`);
  const projection = localProjection(lon, lat);
  const absorptions = bandAbsorptions(parameters);
  const found: HeardCluster[] = [];
  for (const cluster of clusters) {
    const east = -projectX(projection, cluster.lon);
    const north = -projectY(projection, cluster.lat);
    const distanceM = Math.hypot(east, north);
    if (distanceM > parameters.maxRangeM) continue;
    const bearingDeg = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
    const atOneMetreDba =
      levelInDirectionDb(cluster.horns, bearingDeg, parameters.behindHorn.attenuationDb) -
      parameters.speech.belowToneDb;
    const { hornHeightM } = cluster;
    const way = wayLoss(parameters, absorptions, hornHeightM, surroundings.groundFactor, distanceM);
    found.push({
      clusterId: cluster.id,
      distanceM,
      bearingDeg,
      hornHeightM,
      atOneMetreDba,
      ...way,
      levelDba: atOneMetreDba - way.spreadingDb - way.airDb - way.groundDb,
      assumed: cluster.assumed,
      outsideRange: [
        ...(distanceM > STATED_RANGES.distanceM[1] ? ['distanceM'] : []),
        ...(hornHeightM > STATED_RANGES.heightM[1] ? ['hornHeightM'] : []),
      ],
    });
  }
  found.sort((a, b) => b.levelDba - a.levelDba || (a.clusterId < b.clusterId ? -1 : 1));
  const loudest = found[0]?.levelDba ?? null;
  return {
    landCover: surroundings.landCover,
    groundFactor: surroundings.groundFactor,
    periods: PERIODS.map((period) => {
      const needed = heardFromDba(parameters, surroundings, period);
      return {
        period,
        backgroundDba: backgroundDba(surroundings, period),
        heardFromDba: needed,
        heard: loudest !== null && loudest >= needed,
        marginDb: loudest === null ? null : loudest - needed,
        clustersHeard: found.filter(({ levelDba }) => levelDba >= needed).length,
      };
    }),
    clusters: found,
  };
}
