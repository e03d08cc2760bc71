import { ENVIRONMENTS, slantDistanceM, type PropagationModel } from './model.js';
import { SPEED_OF_LIGHT_M_PER_S, type SightMode } from './rma.js';

/** Urban macro with line of sight, dB; ground distance 10 m to 5 km. The effective environment height is 1 m. */
export function umaLosDb(
  frequencyMhz: number,
  distanceM: number,
  baseHeightM: number,
  mobileHeightM: number,
): number {
  const ghz = frequencyMhz / 1000;
  const slantM = slantDistanceM(distanceM, baseHeightM, mobileHeightM);
  const breakpointM = (4 * (baseHeightM - 1) * (mobileHeightM - 1) * frequencyMhz * 1e6) / SPEED_OF_LIGHT_M_PER_S;
  if (distanceM <= breakpointM) return 28 + 22 * Math.log10(slantM) + 20 * Math.log10(ghz);
  return (
    28 +
    40 * Math.log10(slantM) +
    20 * Math.log10(ghz) -
    9 * Math.log10(breakpointM ** 2 + (baseHeightM - mobileHeightM) ** 2)
  );
}

/** Urban macro without line of sight, dB. Never less than with line of sight. */
export function umaNlosDb(
  frequencyMhz: number,
  distanceM: number,
  baseHeightM: number,
  mobileHeightM: number,
): number {
  const slantM = slantDistanceM(distanceM, baseHeightM, mobileHeightM);
  const nlos =
    13.54 + 39.08 * Math.log10(slantM) + 20 * Math.log10(frequencyMhz / 1000) - 0.6 * (mobileHeightM - 1.5);
  return Math.max(umaLosDb(frequencyMhz, distanceM, baseHeightM, mobileHeightM), nlos);
}

/** Probability of line of sight over a ground distance for a mobile of up to 13 m (38.901 table 7.4.2-1). */
export function umaLosProbability(distanceM: number): number {
  if (distanceM <= 18) return 1;
  return 18 / distanceM + Math.exp(-distanceM / 63) * (1 - 18 / distanceM);
}

/** The urban macro model. It is made for masts of 25 m; others are reported as out of range. */
export function umaModel(mode: SightMode = 'blend'): PropagationModel {
  return {
    id: mode === 'blend' ? '3gpp-38901-uma' : '3gpp-38901-uma-nlos',
    version: '1',
    source: `3GPP TR 38.901 v17, table 7.4.1-1 UMa, ${mode}`,
    validity: {
      frequencyMhz: [500, 100_000],
      baseHeightM: [25, 25],
      // The model goes to 22.5 m; the probability of sight used here to 13 m.
      mobileHeightM: [1.5, 13],
      distanceM: [10, 5000],
      environments: ENVIRONMENTS,
    },
    pathLossDb({ frequencyMhz, distanceM, baseHeightM, mobileHeightM }) {
      const nlos = umaNlosDb(frequencyMhz, distanceM, baseHeightM, mobileHeightM);
      if (mode === 'nlos') return nlos;
      const sight = umaLosProbability(distanceM);
      return sight * umaLosDb(frequencyMhz, distanceM, baseHeightM, mobileHeightM) + (1 - sight) * nlos;
    },
  };
}
