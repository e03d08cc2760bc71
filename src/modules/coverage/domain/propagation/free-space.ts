import { defineModel, ENVIRONMENTS, slantDistanceM, type LossCurve } from './model.js';

/** Free-space loss in dB for MHz and km, textbook constant 32.45 (20 log(4π·10⁹/c)). */
export function freeSpaceDb(frequencyMhz: number, distanceKm: number): number {
  return 32.45 + 20 * Math.log10(frequencyMhz) + 20 * Math.log10(distanceKm);
}

/**
 * Free-space loss in dB over the slant distance, with the constant 32.4 of ITU-R P.525 as SEAMCAT uses it: it is the floor of
 * Extended Hata, so both must have the same constant.
 */
export function freeSpaceSlantDb(
  frequencyMhz: number,
  distanceM: number,
  baseHeightM: number,
  mobileHeightM: number,
): number {
  return freeSpaceSlantCurve(frequencyMhz, baseHeightM, mobileHeightM)(distanceM);
}

export function freeSpaceSlantCurve(
  frequencyMhz: number,
  baseHeightM: number,
  mobileHeightM: number,
): LossCurve {
  // 60 dB, for the distance is in metres here.
  const fixed = 32.4 + 20 * Math.log10(frequencyMhz) - 60;
  return (distanceM) => fixed + 20 * Math.log10(slantDistanceM(distanceM, baseHeightM, mobileHeightM));
}

export const freeSpace = defineModel({
  id: 'free-space',
  version: '1',
  source: 'ITU-R P.525-4, equation 4, over the slant distance',
  validity: {
    frequencyMhz: [30, 100_000],
    baseHeightM: [1, 1000],
    mobileHeightM: [1, 1000],
    distanceM: [1, 40_000],
    environments: ENVIRONMENTS,
  },
  lossCurve: (p) => freeSpaceSlantCurve(p.frequencyMhz, p.baseHeightM, p.mobileHeightM),
});
