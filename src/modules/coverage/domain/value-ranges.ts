import type { AssumableField } from './snapshot.js';

/** What a cell's values may be; beyond is a mistake of typing or of units. */
export const VALUE_RANGES: Readonly<
  Record<AssumableField | 'referenceEirpDbm', readonly [min: number, max: number]>
> = {
  frequencyMhz: [30, 100_000],
  bandwidthMhz: [0.01, 2000],
  azimuthDeg: [-360, 360],
  horizontalBeamwidthDeg: [1, 360],
  verticalBeamwidthDeg: [1, 180],
  tiltDeg: [-90, 90],
  antennaHeightM: [0.5, 500],
  txPowerDbm: [-30, 90],
  gainDbi: [-20, 60],
  feederLossDb: [0, 60],
  referenceEirpDbm: [-60, 120],
};
