import { freeSpaceSlantDb } from './free-space.js';
import { environmentReductionDb } from './okumura-hata.js';
import { ENVIRONMENTS, type PathLossParams, type PropagationModel } from './model.js';

/** Below this ground distance the model is free space; from the next one on it is Hata's curve; between them a straight line in log d. */
const NEAR_KM = 0.04;
const FAR_KM = 0.1;

/** The curve from 0.1 km on. */
function farDb({ frequencyMhz: f, baseHeightM: hb, mobileHeightM: hm, environment }: PathLossParams, km: number): number {
  const logF = Math.log10(f);
  const logHb = Math.log10(Math.max(30, hb));
  const a = (1.1 * logF - 0.7) * Math.min(10, hm) - (1.56 * logF - 0.8) + Math.max(0, 20 * Math.log10(hm / 10));
  const b = Math.min(0, 20 * Math.log10(hb / 30));
  const logD = Math.log10(km);
  const alpha =
    km <= 20 ? 1 : 1 + (0.14 + 1.87e-4 * f + 1.07e-3 * hb) * Math.log10(km / 20) ** 0.8;
  const urban = frequencyTermDb(f) - 13.82 * logHb + (44.9 - 6.55 * logHb) * logD ** alpha - a - b;
  return urban - environmentReductionDb(environment, Math.min(2000, Math.max(150, f)));
}

function frequencyTermDb(f: number): number {
  if (f <= 150) return 69.6 + 26.2 * Math.log10(150) - 20 * Math.log10(150 / f);
  if (f <= 1500) return 69.6 + 26.2 * Math.log10(f);
  if (f <= 2000) return 46.3 + 33.9 * Math.log10(f);
  return 46.3 + 33.9 * Math.log10(2000) + 10 * Math.log10(f / 2000);
}

export const extendedHata: PropagationModel = {
  id: 'extended-hata',
  version: '1',
  source: 'ITU-R SM.2028-2, annex 2, and SEAMCAT handbook (ECC Report 252), extended Hata without the spread of levels',
  validity: {
    frequencyMhz: [30, 3000],
    baseHeightM: [1, 200],
    mobileHeightM: [1, 10],
    distanceM: [0, 40_000],
    environments: ENVIRONMENTS.filter((environment) => environment !== 'metropolitan'),
  },
  pathLossDb(params) {
    const { frequencyMhz, baseHeightM, mobileHeightM } = params;
    const km = params.distanceM / 1000;
    const freeSpace = freeSpaceSlantDb(frequencyMhz, params.distanceM, baseHeightM, mobileHeightM);
    if (km < NEAR_KM) return freeSpace;
    if (km >= FAR_KM) return Math.max(freeSpace, farDb(params, km));
    const near = freeSpaceSlantDb(frequencyMhz, NEAR_KM * 1000, baseHeightM, mobileHeightM);
    const far = farDb(params, FAR_KM);
    const share = Math.log10(km / NEAR_KM) / Math.log10(FAR_KM / NEAR_KM);
    return Math.max(freeSpace, near + share * (far - near));
  },
};
