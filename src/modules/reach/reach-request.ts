import { fieldProblem, Problem } from '../../common/http/problem.js';
import { isIsoDate } from '../areas/index.js';
import { LAND_COVERS } from '../coverage/index.js';
import { checkReachParameters, defaultReachParameters, ReachInputError } from './domain/index.js';
import type { AskedReach, ReachRunRequest } from './reach.types.js';

export const DEFAULT_RESOLUTION = 10;
export const ASKED_RESOLUTIONS = [8, 11] as const;
/** Half of what the province has on average: fields stay below, hamlets do not. */
export const DEFAULT_SETTLED_PER_KM2 = 200;

/** Fills in the defaults and refuses, with 400, what no run can be reckoned from. */
export function askedReach(request: ReachRunRequest, today: string): AskedReach {
  const { boundaryDate = today } = request;
  if (!isIsoDate(boundaryDate))
    throw Problem.invalidField('boundaryDate', 'DATE', {
      en: 'boundaryDate must be a day of the calendar, YYYY-MM-DD',
      vi: 'boundaryDate phải là một ngày có thật, dạng YYYY-MM-DD',
    });
  const reckoning = defaultReachParameters(LAND_COVERS);
  const given = 'given with the request';
  if (request.earHeightM !== undefined) reckoning.earHeightM = request.earHeightM;
  const { air, horn } = reckoning;
  if (request.temperatureC !== undefined || request.relativeHumidityPercent !== undefined)
    reckoning.air = {
      ...air,
      temperatureC: request.temperatureC ?? air.temperatureC,
      relativeHumidityPercent: request.relativeHumidityPercent ?? air.relativeHumidityPercent,
      source: given,
    };
  if (request.marginDb !== undefined)
    reckoning.margin = { marginDb: request.marginDb, source: given, assumed: false };
  if (
    [request.sensitivityDb, request.dispersionDeg, request.hornHeightM].some((value) => value !== undefined)
  )
    reckoning.horn = {
      ...horn,
      sensitivityDb: request.sensitivityDb ?? horn.sensitivityDb,
      dispersionDeg: request.dispersionDeg ?? horn.dispersionDeg,
      heightM: request.hornHeightM ?? horn.heightM,
      source: given,
    };
  request.surroundings?.forEach(({ landCover, ...values }, i) => {
    const known = reckoning.surroundings.findIndex((surroundings) => surroundings.landCover === landCover);
    const before = reckoning.surroundings[known];
    if (!before)
      throw Problem.invalid([
        fieldProblem(`surroundings.${i}.landCover`, 'VALUE', {
          en: `landCover must be one of: ${LAND_COVERS.join(', ')}`,
          vi: `landCover phải là một trong: ${LAND_COVERS.join(', ')}`,
        }),
      ]);
    reckoning.surroundings[known] = { ...before, ...values, assumed: false };
  });
  check(reckoning);
  return {
    boundaryDate,
    resolution: request.resolution ?? DEFAULT_RESOLUTION,
    atVolume: request.atVolume ?? 'full',
    settledFromPerKm2: request.settledFromPerKm2 ?? DEFAULT_SETTLED_PER_KM2,
    reckoning,
  };
}

function check(parameters: AskedReach['reckoning']): void {
  try {
    checkReachParameters(parameters);
  } catch (error) {
    if (!(error instanceof ReachInputError)) throw error;
    throw Problem.invalidField(error.field, 'RANGE', { en: error.messageEn, vi: error.messageVi });
  }
}
