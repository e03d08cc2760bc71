import type { OctaveBandHz } from './ground-effect.js';

/** A-weighting of octave bands, dB (IEC 61672-1). */
export const A_WEIGHTING_DB: Readonly<Record<OctaveBandHz, number>> = {
  63: -26.2,
  125: -16.1,
  250: -8.6,
  500: -3.2,
  1000: 0,
  2000: 1.2,
  4000: 1,
  8000: -1.1,
};

/** Octaves that a horn radiates and that carry what makes speech understood. */
export const SPEECH_BANDS_HZ = [500, 1000, 2000, 4000] as const satisfies OctaveBandHz[];

/** Octave levels of male speech relative to its A-weighted level, dB (IEC 60268-16:2011, clause A.6). */
const MALE_SPEECH_DB = { 500: -0.8, 1000: -6.8, 2000: -12.8, 4000: -18.8 } as const;

export const SPEECH_SOURCE =
  'IEC 60268-16:2011 male speech spectrum, octaves 500–4000 Hz, A-weighted by IEC 61672-1';

/** Part of the A-weighted energy of speech that each band carries; together 1. In the order of `SPEECH_BANDS_HZ`. */
export const SPEECH_SHARES: readonly number[] = sharesOf();

function sharesOf(): number[] {
  const energies = SPEECH_BANDS_HZ.map((band) => 10 ** ((MALE_SPEECH_DB[band] + A_WEIGHTING_DB[band]) / 10));
  const total = energies.reduce((a, b) => a + b, 0);
  return energies.map((energy) => energy / total);
}
