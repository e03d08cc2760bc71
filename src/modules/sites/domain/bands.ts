/**
 * Downlink of the bands in use or planned in the country, MHz: 3GPP TS 36.101 table 5.5-1 (E-UTRA, the same numbers as UTRA's)
 * and TS 38.104 tables 5.2-1 and 5.2-2 (NR; below n65 the same as E-UTRA's).
 */
const DOWNLINK_MHZ: Readonly<Record<number, readonly [low: number, high: number]>> = {
  1: [2110, 2170],
  3: [1805, 1880],
  5: [869, 894],
  7: [2620, 2690],
  8: [925, 960],
  20: [791, 821],
  28: [758, 803],
  38: [2570, 2620],
  40: [2300, 2400],
  41: [2496, 2690],
  77: [3300, 4200],
  78: [3300, 3800],
  79: [4400, 5000],
  258: [24_250, 27_500],
};

/** `B3` before 5G, `n3` in it. */
export const BAND_PATTERN = /^(B|n)[1-9]\d{0,2}$/;

/** The downlink of a band, MHz; undefined for one that is not in the table. */
export function downlinkMhz(band: string): readonly [low: number, high: number] | undefined {
  return BAND_PATTERN.test(band) ? DOWNLINK_MHZ[Number(band.slice(1))] : undefined;
}
