/** The kinds of surroundings that Hata's family tells apart. 3GPP's models have the surroundings in the choice of model. */
export const ENVIRONMENTS = ['metropolitan', 'urban', 'suburban', 'open'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What every model is asked with. */
export interface PathLossParams {
  frequencyMhz: number;
  /** Distance over the ground, metres; not the slant distance. */
  distanceM: number;
  baseHeightM: number;
  mobileHeightM: number;
  environment: Environment;
}

/** Inclusive lower and upper end. */
export type Span = readonly [min: number, max: number];

/** The range that a model's publication claims. */
export interface Validity {
  frequencyMhz: Span;
  baseHeightM: Span;
  mobileHeightM: Span;
  distanceM: Span;
  environments: readonly Environment[];
}

/** Which parameter lies outside the published range. */
export const RANGE_WARNINGS = [
  'frequency',
  'base-height',
  'mobile-height',
  'distance',
  'environment',
] as const;
export type RangeWarning = (typeof RANGE_WARNINGS)[number];

/** All but the distance: what is fixed for one transmitter and one kind of surroundings. */
export type PathParams = Omit<PathLossParams, 'distanceM'>;

/** Loss in dB over a ground distance in metres. */
export type LossCurve = (distanceM: number) => number;

/**
 * A path-loss model that depends on ground distance alone once frequency, heights and surroundings are given. It answers outside its
 * range too (by its own formula); `rangeWarnings` says so.
 */
export interface PropagationModel {
  /** Stable name, as in a run's manifest. */
  readonly id: string;
  /** Changes whenever a result changes. */
  readonly version: string;
  /** The publication. */
  readonly source: string;
  readonly validity: Validity;
  /** Basic transmission loss between isotropic antennas, dB, median. */
  pathLossDb(params: PathLossParams): number;
  /** The same as a function of distance, with all that does not depend on it reckoned once. */
  lossCurve(params: PathParams): LossCurve;
}

/** A model from its curve. */
export function defineModel(definition: Omit<PropagationModel, 'pathLossDb'>): PropagationModel {
  return { ...definition, pathLossDb: (params) => definition.lossCurve(params)(params.distanceM) };
}

const inside = (value: number, [min, max]: Span): boolean => value >= min && value <= max;

/** The parameters that lie outside the model's published range; empty when all is well. */
export function rangeWarnings(model: PropagationModel, params: PathLossParams): RangeWarning[] {
  const { validity } = model;
  const warnings: RangeWarning[] = [];
  if (!inside(params.frequencyMhz, validity.frequencyMhz)) warnings.push('frequency');
  if (!inside(params.baseHeightM, validity.baseHeightM)) warnings.push('base-height');
  if (!inside(params.mobileHeightM, validity.mobileHeightM)) warnings.push('mobile-height');
  if (!inside(params.distanceM, validity.distanceM)) warnings.push('distance');
  if (!validity.environments.includes(params.environment)) warnings.push('environment');
  return warnings;
}

/** Straight-line distance in metres between two antennas of given heights. */
export function slantDistanceM(distanceM: number, baseHeightM: number, mobileHeightM: number): number {
  const rise = baseHeightM - mobileHeightM;
  return Math.sqrt(distanceM * distanceM + rise * rise);
}
