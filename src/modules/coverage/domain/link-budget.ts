import type { Technology } from './technology.js';

/** Resource blocks of LTE by channel bandwidth in MHz (3GPP TS 36.101 table 5.6-1). */
const LTE_RESOURCE_BLOCKS: Readonly<Record<string, number>> = {
  1.4: 6,
  3: 15,
  5: 25,
  10: 50,
  15: 75,
  20: 100,
};

/** Resource blocks of NR at 15 kHz and 30 kHz by channel bandwidth in MHz (3GPP TS 38.101-1 table 5.3.2-1). */
const NR_15_KHZ: Readonly<Record<string, number>> = {
  5: 25,
  10: 52,
  15: 79,
  20: 106,
  25: 133,
  30: 160,
  40: 216,
  50: 270,
};
const NR_30_KHZ: Readonly<Record<string, number>> = {
  5: 11,
  10: 24,
  15: 38,
  20: 51,
  25: 65,
  30: 78,
  40: 106,
  50: 133,
  60: 162,
  70: 189,
  80: 217,
  90: 245,
  100: 273,
};

/** From this frequency up NR is taken to be time-division with 30 kHz between subcarriers; below with 15 kHz. */
const NR_30_KHZ_FROM_MHZ = 2300;

export interface ResourceBlocks {
  count: number;
  /** False when the bandwidth is none of the standard's and the count was reckoned from 90 % of it. */
  standard: boolean;
}

/** Number of resource blocks N_RB of an LTE or NR carrier. */
export function resourceBlocks(
  technology: '4G' | '5G',
  bandwidthMhz: number,
  frequencyMhz: number,
): ResourceBlocks {
  const wide = technology === '5G' && frequencyMhz >= NR_30_KHZ_FROM_MHZ;
  const table = technology === '4G' ? LTE_RESOURCE_BLOCKS : wide ? NR_30_KHZ : NR_15_KHZ;
  const count = table[String(bandwidthMhz)];
  if (count !== undefined) return { count, standard: true };
  const blockMhz = wide ? 0.36 : 0.18;
  return { count: Math.max(1, Math.floor((0.9 * bandwidthMhz) / blockMhz)), standard: false };
}

/** Share of a UMTS carrier's power that the common pilot has: 10 %, the usual setting. */
export const PILOT_SHARE_DB = -10;

export interface Carrier {
  technology: Technology;
  frequencyMhz: number;
  bandwidthMhz: number;
  /** Whole carrier, at the antenna port or the feeder's foot. */
  txPowerDbm: number;
}

/**
 * Power of what the mobile measures: one resource element for RSRP (4G, 5G: Ptx − 10 log(12·N_RB)), the common pilot for RSCP (3G), the whole
 * carrier for RxLev (2G).
 */
export function referencePowerDbm(carrier: Carrier): number {
  switch (carrier.technology) {
    case '2G':
      return carrier.txPowerDbm;
    case '3G':
      return carrier.txPowerDbm + PILOT_SHARE_DB;
    case '4G':
    case '5G': {
      const blocks = resourceBlocks(carrier.technology, carrier.bandwidthMhz, carrier.frequencyMhz);
      return carrier.txPowerDbm - 10 * Math.log10(12 * blocks.count);
    }
  }
}

/** EIRP of the reference signal in the main beam, dBm. */
export function referenceEirpDbm(carrier: Carrier, gainDbi: number, feederLossDb: number): number {
  return referencePowerDbm(carrier) + gainDbi - feederLossDb;
}

/** RSRP, RSCP or RxLev in dBm from the reference EIRP: less the antenna's attenuation, path loss, loss into buildings and margin. */
export function receivedLevelDbm(
  eirpDbm: number,
  losses: { antennaDb: number; pathLossDb: number; entryLossDb: number; marginDb: number },
): number {
  return eirpDbm - losses.antennaDb - losses.pathLossDb - losses.entryLossDb - losses.marginDb;
}

/**
 * Margin in dB for a level to be met with a probability at the edge: z·σ, σ of log-normal shadowing. 50 % gives 0, 90 % 1.2816 σ.
 */
export function shadowMarginDb(probability: number, sigmaDb: number): number {
  return normalQuantile(probability) * sigmaDb;
}

/** z for which the standard normal distribution function is `probability` (0 < p < 1); Acklam's approximation, relative error 1.2·10⁻⁹. */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1))
    throw new RangeError('A probability between 0 and 1 is required.');
  if (probability < TAIL) return tail(probability);
  if (probability > 1 - TAIL) return -tail(1 - probability);
  const q = probability - 0.5;
  const r = q * q;
  return (q * polynomial(CENTRE_TOP, r)) / polynomial(CENTRE_BOTTOM, r);
}

const TAIL = 0.02425;
const CENTRE_TOP = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const CENTRE_BOTTOM = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
  1,
];
const TAIL_TOP = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BOTTOM = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

function tail(probability: number): number {
  const q = Math.sqrt(-2 * Math.log(probability));
  return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
}

/** Horner's rule, highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
