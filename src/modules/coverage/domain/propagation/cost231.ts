import { defineModel } from './model.js';
import { smallCityMobileCorrectionDb } from './okumura-hata.js';

/**
 * COST-231-Hata. The report gives C = 3 dB for metropolitan centres and 0 for medium cities and suburban centres, and nothing for
 * open country: there C = 0 is used and the environment is reported as out of range.
 */
export const cost231Hata = defineModel({
  id: 'cost231-hata',
  version: '1',
  source:
    'COST Action 231, Digital mobile radio towards future generation systems, final report (1999), section 4.4.1',
  validity: {
    frequencyMhz: [1500, 2000],
    baseHeightM: [30, 200],
    mobileHeightM: [1, 10],
    distanceM: [1000, 20_000],
    environments: ['metropolitan', 'urban', 'suburban'],
  },
  lossCurve({ frequencyMhz, baseHeightM, mobileHeightM, environment }) {
    const logHb = Math.log10(baseHeightM);
    const atOneKm =
      46.3 +
      33.9 * Math.log10(frequencyMhz) -
      13.82 * logHb -
      smallCityMobileCorrectionDb(frequencyMhz, mobileHeightM) +
      (environment === 'metropolitan' ? 3 : 0);
    const perDecade = 44.9 - 6.55 * logHb;
    return (distanceM) => atOneKm + perDecade * Math.log10(distanceM / 1000);
  },
});
