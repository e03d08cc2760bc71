import { BUILDING_LOSSES, type BuildingLoss } from './propagation/building-entry.js';
import { ENVIRONMENTS, type Environment } from './propagation/model.js';
import { findModel, type ModelId } from './propagation/registry.js';
import { LAND_COVERS, TECHNOLOGIES, type LandCover, type Technology } from './technology.js';
import { VALUE_RANGES } from './value-ranges.js';

/** Where the mobile is. */
export const PLACES = ['outdoor', 'vehicle', 'indoor'] as const;
export type Place = (typeof PLACES)[number];

/** A value's origin. `assumed` is true when no publication gives it for this use. */
export interface Sourced {
  source: string;
  assumed: boolean;
}

/** Levels in dBm from which a cell of the grid counts as served, and the two classes above. */
export interface Threshold extends Sourced {
  metric: 'RSRP' | 'RSCP' | 'RxLev';
  sufficientDbm: number;
  goodDbm: number;
  veryGoodDbm: number;
}

/** What stands in for a cell's unknown values. */
export interface CellDefaults extends Sourced {
  frequencyMhz: number;
  bandwidthMhz: number;
  txPowerDbm: number;
  gainDbi: number;
  /** The same for an omnidirectional antenna. */
  omniGainDbi: number;
  feederLossDb: number;
  horizontalBeamwidthDeg: number;
  verticalBeamwidthDeg: number;
  tiltDeg: number;
  /** Height when neither cell nor site has one; null leaves such a cell out of the run, with a warning. */
  antennaHeightM: number | null;
}

/** Where the reckoning of a transmitter ends. */
export interface Cutoff extends Sourced {
  /** Ground distance, metres; 40,000 at most. */
  maxRangeM: number;
  /** Levels that are further below the threshold than this are reported as no signal. */
  belowThresholdDb: number;
}

export interface LandCoverRule extends Sourced {
  /** People per km² from which a cell of the grid counts as urban, and as suburban. */
  urbanFromPerKm2: number;
  suburbanFromPerKm2: number;
}

export interface SettlementRule extends Sourced {
  /** Share of an area's people that live round its centres, 0–1; the others are spread evenly. */
  share: number;
  /** Standard deviation of the people's distance from a centre in each axis, metres. */
  radiusM: number;
}

/** All that a run depends on beside the snapshot. Plain data; goes into the manifest as it is. */
export interface RunParameters {
  /** H3 resolution of the grid, 6–11: 9 for previews, 10 for results. */
  resolution: number;
  place: Place;
  /** Probability with which a level is met at the edge, above 0 and below 1: 0.5 or 0.9 as a rule. */
  probability: number;
  /** σ of log-normal shadowing, dB. */
  shadowSigmaDb: number;
  mobileHeightM: number;
  /** Kind of building where the land cover is so; counts indoors only. */
  buildings: Record<LandCover, BuildingLoss>;
  /** Hata's surroundings for each land cover. */
  environments: Record<LandCover, Environment>;
  models: Record<Technology, Record<LandCover, ModelId>>;
  thresholds: Record<Technology, Threshold>;
  cellDefaults: Record<Technology, CellDefaults>;
  antenna: Sourced & { maxAttenuationDb: number; sideLobeDb: number };
  cutoffs: Record<Technology, Cutoff>;
  landCover: LandCoverRule;
  settlement: SettlementRule;
}

export const RESOLUTION_RANGE = [6, 11] as const;
export const MAX_RANGE_M = 40_000;

/** Input that no run can be reckoned from; the message is for the user. */
export class CoverageInputError extends Error {
  constructor(
    readonly code: string,
    readonly messageEn: string,
    readonly messageVi: string,
  ) {
    super(messageEn);
    this.name = 'CoverageInputError';
  }
}

/** Throws a `CoverageInputError` for the first parameter that makes no sense. */
export function checkParameters(p: RunParameters): void {
  const [low, high] = RESOLUTION_RANGE;
  between(p.resolution, low, high, 'resolution');
  require(Number.isInteger(p.resolution), 'resolution', 'a whole number', 'là số nguyên');
  between(p.probability, 0.01, 0.99, 'probability');
  between(p.shadowSigmaDb, 0, 20, 'shadowSigmaDb');
  between(p.mobileHeightM, 1, 10, 'mobileHeightM');
  between(p.settlement.share, 0, 1, 'settlement.share');
  between(p.settlement.radiusM, 1, 20_000, 'settlement.radiusM');
  between(p.landCover.urbanFromPerKm2, 0, 1e6, 'landCover.urbanFromPerKm2');
  between(p.landCover.suburbanFromPerKm2, 0, p.landCover.urbanFromPerKm2, 'landCover.suburbanFromPerKm2');
  between(p.antenna.maxAttenuationDb, 0, 60, 'antenna.maxAttenuationDb');
  between(p.antenna.sideLobeDb, 0, 60, 'antenna.sideLobeDb');
  oneOf(p.place, PLACES, 'place');
  for (const landCover of LAND_COVERS) {
    oneOf(p.buildings[landCover], BUILDING_LOSSES, `buildings.${landCover}`);
    oneOf(p.environments[landCover], ENVIRONMENTS, `environments.${landCover}`);
  }
  for (const technology of TECHNOLOGIES) checkTechnology(p, technology);
}

function checkTechnology(p: RunParameters, technology: Technology): void {
  between(p.cutoffs[technology].maxRangeM, 10, MAX_RANGE_M, `cutoffs.${technology}.maxRangeM`);
  between(p.cutoffs[technology].belowThresholdDb, 0, 100, `cutoffs.${technology}.belowThresholdDb`);
  const { sufficientDbm, goodDbm, veryGoodDbm } = p.thresholds[technology];
  between(sufficientDbm, -150, 0, `thresholds.${technology}.sufficientDbm`);
  between(goodDbm, sufficientDbm, 0, `thresholds.${technology}.goodDbm`);
  between(veryGoodDbm, goodDbm, 0, `thresholds.${technology}.veryGoodDbm`);
  for (const landCover of LAND_COVERS) {
    const known = findModel(p.models[technology][landCover]) !== undefined;
    require(known, `models.${technology}.${landCover}`, 'a known model', 'là một mô hình đã biết');
  }
  const { source: _source, assumed: _assumed, omniGainDbi, ...defaults } = p.cellDefaults[technology];
  const at = (field: string) => `cellDefaults.${technology}.${field}`;
  between(omniGainDbi, ...VALUE_RANGES.gainDbi, at('omniGainDbi'));
  for (const [field, value] of Object.entries(defaults) as [keyof typeof defaults, number | null][])
    if (value !== null) between(value, ...VALUE_RANGES[field], at(field));
}

function require(condition: boolean, field: string, rangeEn: string, rangeVi: string): void {
  if (condition) return;
  throw new CoverageInputError(
    `parameters.${field}`,
    `The parameter ${field} must be ${rangeEn}.`,
    `Tham số ${field} phải ${rangeVi}.`,
  );
}

function between(value: number, min: number, max: number, field: string): void {
  require(value >= min && value <= max, field, `from ${min} to ${max}`, `từ ${min} đến ${max}`);
}

function oneOf(value: string, choices: readonly string[], field: string): void {
  const list = choices.join(', ');
  require(choices.includes(value), field, `one of ${list}`, `là một trong ${list}`);
}

/** Classes of level; the place in this list is the code. */
export const LEVEL_CLASSES = ['none', 'sufficient', 'good', 'very-good'] as const;
export type LevelClass = (typeof LEVEL_CLASSES)[number];

/** The class of a level in dBm; `-Infinity` (no signal) is `none`. */
export function levelClass(threshold: Threshold, levelDbm: number): LevelClass {
  if (levelDbm >= threshold.veryGoodDbm) return 'very-good';
  if (levelDbm >= threshold.goodDbm) return 'good';
  return levelDbm >= threshold.sufficientDbm ? 'sufficient' : 'none';
}
