import { defineModel, ENVIRONMENTS, type Environment } from './model.js';

/** Correction for the height of the mobile in a small or medium city, dB (Hata 1980). */
export function smallCityMobileCorrectionDb(frequencyMhz: number, mobileHeightM: number): number {
  const logF = Math.log10(frequencyMhz);
  return (1.1 * logF - 0.7) * mobileHeightM - (1.56 * logF - 0.8);
}

/**
 * The same in a large city. Hata gives one curve up to 200 MHz and another from 400 MHz; between them the change is made at 300 MHz.
 */
export function largeCityMobileCorrectionDb(frequencyMhz: number, mobileHeightM: number): number {
  if (frequencyMhz < 300) return 8.29 * Math.log10(1.54 * mobileHeightM) ** 2 - 1.1;
  return 3.2 * Math.log10(11.75 * mobileHeightM) ** 2 - 4.97;
}

/** What the loss is less in the suburbs than in the city, dB. */
export function suburbanReductionDb(frequencyMhz: number): number {
  return 2 * Math.log10(frequencyMhz / 28) ** 2 + 5.4;
}

/** What the loss is less in the open than in the city, dB. */
export function openReductionDb(frequencyMhz: number): number {
  const logF = Math.log10(frequencyMhz);
  return 4.78 * logF * logF - 18.33 * logF + 40.94;
}

/** Hata's reduction for a kind of surroundings; a city of any size has none. */
export function environmentReductionDb(environment: Environment, frequencyMhz: number): number {
  if (environment === 'suburban') return suburbanReductionDb(frequencyMhz);
  if (environment === 'open') return openReductionDb(frequencyMhz);
  return 0;
}

export const okumuraHata = defineModel({
  id: 'okumura-hata',
  version: '1',
  source:
    'M. Hata, Empirical formula for propagation loss in land mobile radio services, IEEE Trans. VT-29 (1980)',
  validity: {
    frequencyMhz: [150, 1500],
    baseHeightM: [30, 200],
    mobileHeightM: [1, 10],
    distanceM: [1000, 20_000],
    environments: ENVIRONMENTS,
  },
  lossCurve({ frequencyMhz, baseHeightM, mobileHeightM, environment }) {
    const logHb = Math.log10(baseHeightM);
    const mobile =
      environment === 'metropolitan'
        ? largeCityMobileCorrectionDb(frequencyMhz, mobileHeightM)
        : smallCityMobileCorrectionDb(frequencyMhz, mobileHeightM);
    const atOneKm =
      69.55 +
      26.16 * Math.log10(frequencyMhz) -
      13.82 * logHb -
      mobile -
      environmentReductionDb(environment, frequencyMhz);
    const perDecade = 44.9 - 6.55 * logHb;
    return (distanceM) => atOneKm + perDecade * Math.log10(distanceM / 1000);
  },
});
