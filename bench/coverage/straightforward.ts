import { haversineM } from '../../src/geo/index.js';
import {
  cellId,
  type CoverageGrid,
  type LayerLevels,
  type RunParameters,
  type SnapshotSite,
} from '../../src/modules/coverage/domain/index.js';
import { antennaAttenuationDb } from '../../src/modules/coverage/domain/antenna.js';
import { cellLonLat } from '../../src/modules/coverage/domain/grid.js';
import { receivedLevelDbm, shadowMarginDb } from '../../src/modules/coverage/domain/link-budget.js';
import { entryLossDb, MIN_DISTANCE_M, modelFor } from '../../src/modules/coverage/domain/path-loss-table.js';
import { LAND_COVERS, type LandCover } from '../../src/modules/coverage/domain/technology.js';
import type { PreparedTransmitters } from '../../src/modules/coverage/domain/transmitters.js';

interface Place {
  id: string;
  lon: number;
  lat: number;
  landCover: LandCover;
}
interface Heard {
  levelDbm: number;
  cells: number;
  sites: Set<string>;
}
/** What each cell of the grid hears of a network, by technology and operator. */
export type HeardByLayer = Map<string, Map<string, Heard>>;

const STEP_DEG = 0.02;
const M_PER_DEG = 111_000;
const bucketOf = (lon: number, lat: number): string =>
  `${Math.floor(lon / STEP_DEG)}|${Math.floor(lat / STEP_DEG)}`;

export const layerKey = ({
  technology,
  operatorCode,
}: Pick<LayerLevels, 'technology' | 'operatorCode'>): string => `${technology}|${operatorCode}`;

/**
 * Coverage as one writes it first: an index of the cells by place, for each transmitter the cells near it, great-circle distance and
 * bearing, the formulas of the model, and maps of what is heard.
 */
export function straightforward(
  grid: CoverageGrid,
  prepared: PreparedTransmitters,
  sites: readonly SnapshotSite[],
  p: RunParameters,
): HeardByLayer {
  const buckets = new Map<string, Place[]>();
  for (let i = 0; i < grid.cellCount; i++) {
    const [lon, lat] = cellLonLat(grid, i);
    const place = {
      id: cellId(grid, i),
      lon,
      lat,
      landCover: LAND_COVERS[grid.landCover[i] as number] as LandCover,
    };
    const key = bucketOf(lon, lat);
    const bucket = buckets.get(key);
    if (bucket) bucket.push(place);
    else buckets.set(key, [place]);
  }
  const result: HeardByLayer = new Map();
  const marginDb = shadowMarginDb(p.probability, p.shadowSigmaDb);
  const siteOf = new Map(sites.map((site) => [site.code, site]));
  for (const transmitter of prepared.transmitters) {
    const layer = prepared.layers[transmitter.layerIndex];
    const site = siteOf.get(transmitter.siteCode);
    if (!layer || !site) continue;
    const { lon, lat } = site;
    const heardBy = result.get(layerKey(layer)) ?? new Map<string, Heard>();
    result.set(layerKey(layer), heardBy);
    const { maxRangeM } = p.cutoffs[transmitter.technology];
    const threshold = p.thresholds[transmitter.technology].sufficientDbm;
    const reach = Math.ceil(maxRangeM / M_PER_DEG / STEP_DEG) + 1;
    for (let i = -reach; i <= reach; i++) {
      for (let j = -reach; j <= reach; j++) {
        for (const place of buckets.get(bucketOf(lon + i * STEP_DEG, lat + j * STEP_DEG)) ?? []) {
          const groundM = haversineM(lon, lat, place.lon, place.lat);
          if (groundM > maxRangeM) continue;
          const distanceM = Math.max(groundM, MIN_DISTANCE_M);
          const bearingDeg = bearing(lon, lat, place.lon, place.lat);
          const depressionDeg = degrees(Math.atan2(transmitter.heightM - p.mobileHeightM, distanceM));
          const levelDbm = receivedLevelDbm(transmitter.eirpDbm, {
            antennaDb: antennaAttenuationDb(
              { ...transmitter, ...p.antenna },
              bearingDeg - (transmitter.azimuthDeg ?? 0),
              depressionDeg,
              transmitter.tiltDeg,
            ),
            pathLossDb: modelFor(p, transmitter.technology, place.landCover).pathLossDb({
              frequencyMhz: transmitter.frequencyMhz,
              distanceM,
              baseHeightM: transmitter.heightM,
              mobileHeightM: p.mobileHeightM,
              environment: p.environments[place.landCover],
            }),
            entryLossDb: entryLossDb(p, place.landCover, transmitter.frequencyMhz),
            marginDb,
          });
          const heard = heardBy.get(place.id) ?? { levelDbm: -Infinity, cells: 0, sites: new Set<string>() };
          heardBy.set(place.id, heard);
          heard.levelDbm = Math.max(heard.levelDbm, levelDbm);
          if (levelDbm < threshold) continue;
          heard.cells++;
          heard.sites.add(transmitter.siteCode);
        }
      }
    }
  }
  return result;
}

const radians = (deg: number): number => (deg * Math.PI) / 180;
const degrees = (rad: number): number => (rad * 180) / Math.PI;

function bearing(lon: number, lat: number, toLon: number, toLat: number): number {
  const east = radians(toLon - lon);
  const y = Math.sin(east) * Math.cos(radians(toLat));
  const x =
    Math.cos(radians(lat)) * Math.sin(radians(toLat)) -
    Math.sin(radians(lat)) * Math.cos(radians(toLat)) * Math.cos(east);
  return degrees(Math.atan2(y, x));
}
