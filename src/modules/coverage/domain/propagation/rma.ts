import { defineModel, ENVIRONMENTS, slantDistanceM, type LossCurve, type PropagationModel } from './model.js';

/** What the published vectors reckon with. */
export const SPEED_OF_LIGHT_M_PER_S = 3e8;

/** `blend` weighs line of sight and none by the probability of sight; `nlos` takes no line of sight everywhere (conservative). */
export type SightMode = 'blend' | 'nlos';

export interface RmaSettings {
  /** Mean street width W, 5–50 m. */
  streetWidthM: number;
  /** Mean building height h, 5–50 m. */
  buildingHeightM: number;
}

export const RMA_DEFAULTS: RmaSettings = { streetWidthM: 20, buildingHeightM: 5 };

/** The curve with line of sight. Its argument is the ground distance; inside, the slant distance counts. */
function losCurve(
  frequencyMhz: number,
  hb: number,
  hm: number,
  { buildingHeightM: h }: RmaSettings,
): LossCurve {
  const atOneM =
    20 * Math.log10((40 * Math.PI * (frequencyMhz / 1000)) / 3) - Math.min(0.044 * h ** 1.72, 14.77);
  const perDecade = 20 + Math.min(0.03 * h ** 1.72, 10);
  const perM = 0.002 * Math.log10(h);
  const near = (slantM: number): number => atOneM + perDecade * Math.log10(slantM) + perM * slantM;
  const breakpointM = (2 * Math.PI * hb * hm * frequencyMhz * 1e6) / SPEED_OF_LIGHT_M_PER_S;
  const atBreakpoint = near(breakpointM);
  return (distanceM) => {
    const slantM = slantDistanceM(distanceM, hb, hm);
    return distanceM <= breakpointM ? near(slantM) : atBreakpoint + 40 * Math.log10(slantM / breakpointM);
  };
}

/** The curve without line of sight, before it is held to be no less than the one with sight. */
function bareNlosCurve(frequencyMhz: number, hb: number, hm: number, settings: RmaSettings): LossCurve {
  const { streetWidthM: w, buildingHeightM: h } = settings;
  const logHb = Math.log10(hb);
  const perDecade = 43.42 - 3.1 * logHb;
  const atOneKm =
    161.04 -
    7.1 * Math.log10(w) +
    7.5 * Math.log10(h) -
    (24.37 - 3.7 * (h / hb) ** 2) * logHb +
    20 * Math.log10(frequencyMhz / 1000) -
    (3.2 * Math.log10(11.75 * hm) ** 2 - 4.97);
  return (distanceM) => atOneKm + perDecade * (Math.log10(slantDistanceM(distanceM, hb, hm)) - 3);
}

/** Rural macro with line of sight, dB; ground distance 10 m to 10 km. */
export function rmaLosDb(
  frequencyMhz: number,
  distanceM: number,
  baseHeightM: number,
  mobileHeightM: number,
  settings: RmaSettings = RMA_DEFAULTS,
): number {
  return losCurve(frequencyMhz, baseHeightM, mobileHeightM, settings)(distanceM);
}

/** Rural macro without line of sight, dB; ground distance 10 m to 5 km. Never less than with line of sight. */
export function rmaNlosDb(
  frequencyMhz: number,
  distanceM: number,
  baseHeightM: number,
  mobileHeightM: number,
  settings: RmaSettings = RMA_DEFAULTS,
): number {
  return Math.max(
    rmaLosDb(frequencyMhz, distanceM, baseHeightM, mobileHeightM, settings),
    bareNlosCurve(frequencyMhz, baseHeightM, mobileHeightM, settings)(distanceM),
  );
}

/** Probability of line of sight over a ground distance (38.901 table 7.4.2-1). */
export function rmaLosProbability(distanceM: number): number {
  return distanceM <= 10 ? 1 : Math.exp(-(distanceM - 10) / 1000);
}

/** The rural macro model for given surroundings. Clutter is in it: no clutter loss is to be added. */
export function rmaModel(mode: SightMode = 'blend', settings: RmaSettings = RMA_DEFAULTS): PropagationModel {
  return defineModel({
    id: mode === 'blend' ? '3gpp-38901-rma' : '3gpp-38901-rma-nlos',
    version: '1',
    source: `3GPP TR 38.901 v17, table 7.4.1-1 RMa, W = ${settings.streetWidthM} m, h = ${settings.buildingHeightM} m, ${mode}`,
    validity: {
      frequencyMhz: [500, 30_000],
      baseHeightM: [10, 150],
      mobileHeightM: [1, 10],
      // The curve without line of sight ends at 5 km, and both modes use it.
      distanceM: [10, 5000],
      environments: ENVIRONMENTS,
    },
    lossCurve({ frequencyMhz, baseHeightM, mobileHeightM }) {
      const sighted = losCurve(frequencyMhz, baseHeightM, mobileHeightM, settings);
      const hidden = bareNlosCurve(frequencyMhz, baseHeightM, mobileHeightM, settings);
      if (mode === 'nlos') return (distanceM) => Math.max(sighted(distanceM), hidden(distanceM));
      return (distanceM) => {
        const los = sighted(distanceM);
        const share = rmaLosProbability(distanceM);
        return share * los + (1 - share) * Math.max(los, hidden(distanceM));
      };
    },
  });
}
