import { antennaAttenuationDb } from './antenna.js';
import type { CoverageGrid } from './grid.js';
import { shadowMarginDb } from './link-budget.js';
import type { RunParameters } from './parameters.js';
import { entryLossDb, MIN_DISTANCE_M, modelFor } from './path-loss-table.js';
import { LAND_COVERS, type LandCover } from './technology.js';
import type { Transmitter } from './transmitters.js';

/** A site that serves a place, by its best cell there. */
export interface ServingSite {
  siteCode: string;
  cellCode: string;
  levelDbm: number;
  distanceM: number;
}

const DEG_PER_RAD = 180 / Math.PI;

/**
 * All sites that serve a cell of the grid, the best first: whose level there reaches the threshold of their technology. A run keeps only
 * the best of them and their number; this is the same reckoning without tables (levels differ by a few hundredths of a decibel).
 */
export function servingSites(
  grid: CoverageGrid,
  cell: number,
  transmitters: readonly Transmitter[],
  parameters: RunParameters,
): ServingSite[] {
  const landCover = LAND_COVERS[grid.landCover[cell] as number] as LandCover;
  const margin = shadowMarginDb(parameters.probability, parameters.shadowSigmaDb);
  const best = new Map<string, ServingSite>();
  for (const transmitter of transmitters) {
    const { technology, frequencyMhz, heightM, siteCode, cellCode } = transmitter;
    const east = (grid.x[cell] as number) - transmitter.x;
    const north = (grid.y[cell] as number) - transmitter.y;
    const ground = Math.hypot(east, north);
    if (ground > parameters.cutoffs[technology].maxRangeM) continue;
    const distanceM = Math.max(MIN_DISTANCE_M, ground);
    const pathLossDb = modelFor(parameters, technology, landCover).pathLossDb({
      frequencyMhz,
      baseHeightM: heightM,
      mobileHeightM: parameters.mobileHeightM,
      environment: parameters.environments[landCover],
      distanceM,
    });
    const unattenuatedDbm =
      transmitter.eirpDbm - pathLossDb - entryLossDb(parameters, landCover, frequencyMhz) - margin;
    const { sufficientDbm } = parameters.thresholds[technology];
    if (unattenuatedDbm < sufficientDbm) continue;
    const levelDbm =
      unattenuatedDbm -
      antennaAttenuationDb(
        {
          horizontalBeamwidthDeg: transmitter.horizontalBeamwidthDeg,
          verticalBeamwidthDeg: transmitter.verticalBeamwidthDeg,
          maxAttenuationDb: parameters.antenna.maxAttenuationDb,
          sideLobeDb: parameters.antenna.sideLobeDb,
        },
        Math.atan2(east, north) * DEG_PER_RAD - (transmitter.azimuthDeg ?? 0),
        Math.atan2(heightM - parameters.mobileHeightM, distanceM) * DEG_PER_RAD,
        transmitter.tiltDeg,
      );
    const before = best.get(siteCode);
    if (levelDbm >= sufficientDbm && (!before || levelDbm > before.levelDbm))
      best.set(siteCode, { siteCode, cellCode, levelDbm, distanceM: ground });
  }
  return [...best.values()].sort((a, b) => b.levelDbm - a.levelDbm || (a.siteCode < b.siteCode ? -1 : 1));
}
