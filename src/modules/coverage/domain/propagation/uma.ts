import { defineModel, ENVIRONMENTS, slantDistanceM, type LossCurve, type PropagationModel } from './model.js';
import { SPEED_OF_LIGHT_M_PER_S, type SightMode } from './rma.js';

/** The curve with line of sight. The effective environment height is 1 m. */
function losCurve(frequencyMhz: number, hb: number, hm: number): LossCurve {
  const fixed = 28 + 20 * Math.log10(frequencyMhz / 1000);
  const breakpointM = (4 * (hb - 1) * (hm - 1) * frequencyMhz * 1e6) / SPEED_OF_LIGHT_M_PER_S;
  const beyond = 9 * Math.log10(breakpointM ** 2 + (hb - hm) ** 2);
  return (distanceM) => {
    const logD = Math.log10(slantDistanceM(distanceM, hb, hm));
    return distanceM <= breakpointM ? fixed + 22 * logD : fixed + 40 * logD - beyond;
  };
}

/** The curve without line of sight, before it is held to be no less than the one with sight. */
function bareNlosCurve(frequencyMhz: number, hb: number, hm: number): LossCurve {
  const fixed = 13.54 + 20 * Math.log10(frequencyMhz / 1000) - 0.6 * (hm - 1.5);
  return (distanceM) => fixed + 39.08 * Math.log10(slantDistanceM(distanceM, hb, hm));
}

/** Urban macro with line of sight, dB; ground distance 10 m to 5 km. */
export function umaLosDb(
  frequencyMhz: number,
  distanceM: number,
  baseHeightM: number,
  mobileHeightM: number,
): number {
  return losCurve(frequencyMhz, baseHeightM, mobileHeightM)(distanceM);
}

/** Urban macro without line of sight, dB. Never less than with line of sight. */
export function umaNlosDb(
  frequencyMhz: number,
  distanceM: number,
  baseHeightM: number,
  mobileHeightM: number,
): number {
  return Math.max(
    umaLosDb(frequencyMhz, distanceM, baseHeightM, mobileHeightM),
    bareNlosCurve(frequencyMhz, baseHeightM, mobileHeightM)(distanceM),
  );
}

/** Probability of line of sight over a ground distance for a mobile of up to 13 m (38.901 table 7.4.2-1). */
export function umaLosProbability(distanceM: number): number {
  if (distanceM <= 18) return 1;
  return 18 / distanceM + Math.exp(-distanceM / 63) * (1 - 18 / distanceM);
}

/** The urban macro model. It is made for masts of 25 m; others are reported as out of range. */
export function umaModel(mode: SightMode = 'blend'): PropagationModel {
  return defineModel({
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
    lossCurve({ frequencyMhz, baseHeightM, mobileHeightM }) {
      const sighted = losCurve(frequencyMhz, baseHeightM, mobileHeightM);
      const hidden = bareNlosCurve(frequencyMhz, baseHeightM, mobileHeightM);
      if (mode === 'nlos') return (distanceM) => Math.max(sighted(distanceM), hidden(distanceM));
      return (distanceM) => {
        const los = sighted(distanceM);
        const share = umaLosProbability(distanceM);
        return share * los + (1 - share) * Math.max(los, hidden(distanceM));
      };
    },
  });
}
