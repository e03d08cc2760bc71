import type { LevelExplanation } from './coverage.types.js';
import {
  LAND_COVERS,
  levelClass,
  rangeWarnings,
  shadowMarginDb,
  type CoverageGrid,
  type LandCover,
  type StoredLevels,
  type RunParameters,
  type Transmitter,
} from './domain/index.js';
import { entryLossDb, MIN_DISTANCE_M, modelFor } from './domain/path-loss-table.js';

/**
 * Takes a stored level apart: from the EIRP of the best server through path loss, entry loss and margin, what is left
 * over being the antenna's pattern. Levels in dBm and losses in dB, to a tenth.
 */
export function explainLevel(
  grid: CoverageGrid,
  cell: number,
  layer: StoredLevels,
  transmitters: readonly Transmitter[],
  parameters: RunParameters,
): LevelExplanation {
  const { technology } = layer;
  const threshold = parameters.thresholds[technology];
  const levelDbm = layer.levelDbm[cell] as number;
  const server = transmitters[layer.bestCell[cell] as number];
  return {
    technology,
    operator: layer.operatorCode,
    levelDbm: server ? tenths(levelDbm) : null,
    levelClass: levelClass(threshold, levelDbm),
    metric: threshold.metric,
    thresholdDbm: threshold.sufficientDbm,
    marginDb: server ? tenths(levelDbm - threshold.sufficientDbm) : null,
    servingCells: layer.servingCells[cell] as number,
    servingSites: layer.servingSites[cell] as number,
    best: server ? explainServer(grid, cell, server, levelDbm, parameters) : null,
  };
}

function explainServer(
  grid: CoverageGrid,
  cell: number,
  server: Transmitter,
  levelDbm: number,
  parameters: RunParameters,
): NonNullable<LevelExplanation['best']> {
  const landCover = LAND_COVERS[grid.landCover[cell] as number] as LandCover;
  const model = modelFor(parameters, server.technology, landCover);
  const east = (grid.x[cell] as number) - server.x;
  const north = (grid.y[cell] as number) - server.y;
  const path = {
    frequencyMhz: server.frequencyMhz,
    baseHeightM: server.heightM,
    mobileHeightM: parameters.mobileHeightM,
    environment: parameters.environments[landCover],
    distanceM: Math.max(MIN_DISTANCE_M, Math.hypot(east, north)),
  };
  const pathLossDb = model.pathLossDb(path);
  const entry = entryLossDb(parameters, landCover, server.frequencyMhz);
  const margin = shadowMarginDb(parameters.probability, parameters.shadowSigmaDb);
  // Levels come from tables: a few hundredths of a decibel may be missing.
  const antenna = Math.max(0, server.eirpDbm - pathLossDb - entry - margin - levelDbm);
  return {
    siteCode: server.siteCode,
    cellCode: server.cellCode,
    distanceM: Math.round(Math.hypot(east, north)),
    bearingDeg: Math.round((Math.atan2(east, north) * 180) / Math.PI + 360) % 360,
    frequencyMhz: server.frequencyMhz,
    antennaHeightM: server.heightM,
    eirpDbm: tenths(server.eirpDbm),
    pathLossDb: tenths(pathLossDb),
    entryLossDb: tenths(entry),
    shadowMarginDb: tenths(margin),
    antennaLossDb: tenths(antenna),
    model: model.id,
    outsideRange: rangeWarnings(model, path),
  };
}

const tenths = (value: number): number => Math.round(value * 10) / 10;
