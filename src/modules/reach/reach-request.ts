import { fieldProblem, Problem } from '../../common/http/problem.js';
import { isIsoDate } from '../areas/index.js';
import { LAND_COVERS } from '../coverage/index.js';
import {
  checkReachParameters,
  defaultReachParameters,
  ReachInputError,
  type ReachParameters,
} from './domain/index.js';
import type { AskedReach, ReachChanges, ReachDefaults, ReachRunRequest } from './reach.types.js';

export const DEFAULT_RESOLUTION = 10;
export const ASKED_RESOLUTIONS = [8, 11] as const;
/** Half of what the province has on average: fields stay below, hamlets do not. */
const DEFAULT_SETTLED_PER_KM2 = 200;

/** What the program is delivered with. */
export function deliveredReach(): ReachDefaults {
  return {
    reckoning: defaultReachParameters(LAND_COVERS),
    settledFromPerKm2: DEFAULT_SETTLED_PER_KM2,
  };
}

/** Stored defaults for today's classes of land cover: a class that is new takes what the program is delivered with. */
export function completeReach(stored: ReachDefaults): ReachDefaults {
  const delivered = deliveredReach();
  const known = new Map(stored.reckoning.surroundings.map((ground) => [ground.landCover, ground]));
  const surroundings = delivered.reckoning.surroundings.map(
    (ground) => known.get(ground.landCover) ?? ground,
  );
  return {
    ...delivered,
    ...stored,
    reckoning: { ...delivered.reckoning, ...stored.reckoning, surroundings },
  };
}

/** The defaults with some values changed, each with who says so. Throws 400 for what no run can be reckoned from. */
export function changedReach(before: ReachDefaults, changes: ReachChanges, source: string): ReachDefaults {
  const reckoning = { ...before.reckoning, surroundings: [...before.reckoning.surroundings] };
  const said = { source, assumed: false };
  const { earHeightM, maxRangeM, temperatureC, relativeHumidityPercent, marginDb } = changes;
  const { sensitivityDb, dispersionDeg, hornHeightM, speechBelowToneDb, behindHornDb, plainPowerW } = changes;
  const { air, horn } = reckoning;
  if (earHeightM !== undefined) reckoning.earHeightM = earHeightM;
  if (maxRangeM !== undefined) reckoning.maxRangeM = maxRangeM;
  if (temperatureC !== undefined || relativeHumidityPercent !== undefined)
    reckoning.air = {
      ...air,
      ...said,
      temperatureC: temperatureC ?? air.temperatureC,
      relativeHumidityPercent: relativeHumidityPercent ?? air.relativeHumidityPercent,
    };
  if (marginDb !== undefined) reckoning.margin = { ...said, marginDb };
  if (speechBelowToneDb !== undefined)
    reckoning.speech = { ...reckoning.speech, ...said, belowToneDb: speechBelowToneDb };
  if (behindHornDb !== undefined) reckoning.behindHorn = { ...said, attenuationDb: behindHornDb };
  if (plainPowerW !== undefined) reckoning.plainLoudspeaker = { ...said, powerW: plainPowerW };
  if (sensitivityDb !== undefined || dispersionDeg !== undefined || hornHeightM !== undefined)
    reckoning.horn = {
      ...said,
      sensitivityDb: sensitivityDb ?? horn.sensitivityDb,
      dispersionDeg: dispersionDeg ?? horn.dispersionDeg,
      heightM: hornHeightM ?? horn.heightM,
    };
  changes.surroundings?.forEach(({ landCover, ...values }, i) => {
    const known = reckoning.surroundings.findIndex((surroundings) => surroundings.landCover === landCover);
    const ground = reckoning.surroundings[known];
    if (!ground)
      throw Problem.invalid([
        fieldProblem(`surroundings.${i}.landCover`, 'VALUE', {
          en: `landCover must be one of: ${LAND_COVERS.join(', ')}`,
          vi: `landCover phải là một trong: ${LAND_COVERS.join(', ')}`,
        }),
      ]);
    reckoning.surroundings[known] = { ...ground, ...values, assumed: false };
  });
  check(reckoning);
  return { reckoning, settledFromPerKm2: changes.settledFromPerKm2 ?? before.settledFromPerKm2 };
}

/** All that a run is asked for: the settings with what the request changes of them. Throws 400. */
export function askedReach(
  request: ReachRunRequest,
  today: string,
  settings: ReachDefaults & { version: number },
): AskedReach {
  const { boundaryDate = today } = request;
  if (!isIsoDate(boundaryDate))
    throw Problem.invalidField('boundaryDate', 'DATE', {
      en: 'boundaryDate must be a day of the calendar, YYYY-MM-DD',
      vi: 'boundaryDate phải là một ngày có thật, dạng YYYY-MM-DD',
    });
  return {
    boundaryDate,
    resolution: request.resolution ?? DEFAULT_RESOLUTION,
    atVolume: request.atVolume ?? 'full',
    settingsVersion: settings.version,
    ...changedReach(settings, request, 'given with the request'),
  };
}

function check(parameters: ReachParameters): void {
  try {
    checkReachParameters(parameters);
  } catch (error) {
    if (!(error instanceof ReachInputError)) throw error;
    throw Problem.invalidField(error.field, 'RANGE', { en: error.messageEn, vi: error.messageVi });
  }
}
