import { fieldProblem, Problem } from '../../common/http/problem.js';
import { isIsoDate } from '../areas/index.js';
import {
  checkParameters,
  CoverageInputError,
  defaultParameters,
  deliveredDefaults,
  LAND_COVERS,
  parameterDefaults,
  PLACES,
  type CoverageDefaults,
  type LandCover,
  type ModelId,
  type Place,
  type RunParameters,
} from './domain/index.js';
import type { AskedParameters, RunRequest, Scenario } from './coverage.types.js';
import type { SourcesUsed } from './sources/run-basis.js';

/** What results are published from; 9 is for a look within seconds, 11 takes some ten times as long and as much room. */
export const DEFAULT_RESOLUTION = 10;
export const ASKED_RESOLUTIONS = [7, 11] as const;
/** The two ends; a vehicle lies between them and is there for the asking. Each further view costs its time. */
const DEFAULT_ENVIRONMENTS: readonly Place[] = ['outdoor', 'indoor'];
const DEFAULT_PROBABILITIES = [0.5, 0.9];

/** Fills in the defaults that are set and refuses, with 400, what no run can be reckoned from. */
export function askedParameters(
  request: RunRequest,
  today: string,
  defaults: CoverageDefaults = deliveredDefaults(),
  sources: SourcesUsed = { populationSource: null, landCoverSource: null, waterSource: null },
): AskedParameters {
  const { boundaryDate = today, networkDate = today } = request;
  checkDay('boundaryDate', boundaryDate);
  checkDay('networkDate', networkDate);
  const { place: _place, probability: _probability, ...reckoning } = reckoningOf(request, defaults);
  const asked: AskedParameters = {
    boundaryDate,
    networkDate,
    resolution: reckoning.resolution,
    environments: PLACES.filter((place) => (request.environments ?? DEFAULT_ENVIRONMENTS).includes(place)),
    probabilities: [...new Set(request.probabilities ?? DEFAULT_PROBABILITIES)].sort((a, b) => a - b),
    technologies: request.technologies ? [...new Set(request.technologies)].sort() : null,
    operators: request.operators ? [...new Set(request.operators)].sort() : null,
    reckoning,
    settings: { version: defaults.version, sources: defaults.sources },
    ...sources,
  };
  for (const scenario of scenariosOf(asked)) check(asked, scenario);
  return asked;
}

/** The views that a run reckons, in the order in which it does. */
export function scenariosOf(asked: Pick<AskedParameters, 'environments' | 'probabilities'>): Scenario[] {
  return asked.environments.flatMap((environment) =>
    asked.probabilities.map((probability) => ({ environment, probability })),
  );
}

export function parametersOf(asked: AskedParameters, scenario: Scenario): RunParameters {
  return { ...asked.reckoning, place: scenario.environment, probability: scenario.probability };
}

function reckoningOf(request: RunRequest, defaults: CoverageDefaults): RunParameters {
  const parameters = defaultParameters({
    ...parameterDefaults(defaults.values),
    resolution: request.resolution ?? DEFAULT_RESOLUTION,
  });
  if (request.shadowSigmaDb !== undefined) parameters.shadowSigmaDb = request.shadowSigmaDb;
  if (request.mobileHeightM !== undefined) parameters.mobileHeightM = request.mobileHeightM;
  for (const { technology, model } of request.models ?? [])
    parameters.models[technology] = Object.fromEntries(
      LAND_COVERS.map((landCover) => [landCover, model]),
    ) as Record<LandCover, ModelId>;
  request.thresholds?.forEach(({ technology, ...levels }, i) => {
    const { metric } = parameters.thresholds[technology];
    if (!(levels.sufficientDbm <= levels.goodDbm && levels.goodDbm <= levels.veryGoodDbm))
      throw Problem.invalid([
        fieldProblem(`thresholds.${i}`, 'ORDER', {
          en: 'the levels must rise: sufficientDbm ≤ goodDbm ≤ veryGoodDbm',
          vi: 'các mức phải tăng dần: sufficientDbm ≤ goodDbm ≤ veryGoodDbm',
        }),
      ]);
    parameters.thresholds[technology] = { metric, ...levels, assumed: false };
  });
  return parameters;
}

/** Throws 400 for what is not in the calendar. */
export function checkDay(field: string, day: string): void {
  if (!isIsoDate(day))
    throw Problem.invalidField(field, 'DATE', {
      en: `${field} must be a day of the calendar, YYYY-MM-DD`,
      vi: `${field} phải là một ngày có thật, dạng YYYY-MM-DD`,
    });
}

function check(asked: AskedParameters, scenario: Scenario): void {
  try {
    checkParameters(parametersOf(asked, scenario));
  } catch (error) {
    if (!(error instanceof CoverageInputError)) throw error;
    const field = error.code.replace(/^parameters\./, '');
    throw Problem.invalidField(field, 'RANGE', { en: error.messageEn, vi: error.messageVi });
  }
}
