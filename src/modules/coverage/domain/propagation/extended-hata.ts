import { freeSpaceSlantCurve } from './free-space.js';
import { defineModel, ENVIRONMENTS, type LossCurve, type PathParams } from './model.js';
import { environmentReductionDb } from './okumura-hata.js';

/** Below this ground distance the model is free space; from the next one on it is Hata's curve; between them a straight line in log d. */
const NEAR_M = 40;
const FAR_M = 100;

/** The curve from 100 m on. */
function farCurve({
  frequencyMhz: f,
  baseHeightM: hb,
  mobileHeightM: hm,
  environment,
}: PathParams): LossCurve {
  const logF = Math.log10(f);
  const logHb = Math.log10(Math.max(30, hb));
  const a =
    (1.1 * logF - 0.7) * Math.min(10, hm) - (1.56 * logF - 0.8) + Math.max(0, 20 * Math.log10(hm / 10));
  const b = Math.min(0, 20 * Math.log10(hb / 30));
  const reduction = environmentReductionDb(environment, Math.min(2000, Math.max(150, f)));
  const atOneKm = frequencyTermDb(f) - 13.82 * logHb - a - b - reduction;
  const perDecade = 44.9 - 6.55 * logHb;
  const bend = 0.14 + 1.87e-4 * f + 1.07e-3 * hb;
  return (distanceM) => {
    const logKm = Math.log10(distanceM / 1000);
    if (distanceM <= 20_000) return atOneKm + perDecade * logKm;
    return atOneKm + perDecade * logKm ** (1 + bend * Math.log10(distanceM / 20_000) ** 0.8);
  };
}

function frequencyTermDb(f: number): number {
  if (f <= 150) return 69.6 + 26.2 * Math.log10(150) - 20 * Math.log10(150 / f);
  if (f <= 1500) return 69.6 + 26.2 * Math.log10(f);
  if (f <= 2000) return 46.3 + 33.9 * Math.log10(f);
  return 46.3 + 33.9 * Math.log10(2000) + 10 * Math.log10(f / 2000);
}

export const extendedHata = defineModel({
  id: 'extended-hata',
  version: '1',
  source:
    'ITU-R SM.2028-2, annex 2, and SEAMCAT handbook (ECC Report 252), extended Hata without the spread of levels',
  validity: {
    frequencyMhz: [30, 3000],
    baseHeightM: [1, 200],
    mobileHeightM: [1, 10],
    distanceM: [0, 40_000],
    environments: ENVIRONMENTS.filter((environment) => environment !== 'metropolitan'),
  },
  lossCurve(params) {
    const freeSpace = freeSpaceSlantCurve(params.frequencyMhz, params.baseHeightM, params.mobileHeightM);
    const far = farCurve(params);
    const atNear = freeSpace(NEAR_M);
    const rise = (far(FAR_M) - atNear) / Math.log10(FAR_M / NEAR_M);
    return (distanceM) => {
      const floor = freeSpace(distanceM);
      if (distanceM < NEAR_M) return floor;
      if (distanceM >= FAR_M) return Math.max(floor, far(distanceM));
      return Math.max(floor, atNear + rise * Math.log10(distanceM / NEAR_M));
    };
  },
});
