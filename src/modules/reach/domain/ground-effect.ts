/** Octave bands of ISO 9613-2, Hz. */
export const OCTAVE_BANDS_HZ = [63, 125, 250, 500, 1000, 2000, 4000, 8000] as const;
export type OctaveBandHz = (typeof OCTAVE_BANDS_HZ)[number];

/** A path over flat ground of one kind. */
export interface GroundPath {
  sourceHeightM: number;
  receiverHeightM: number;
  /** Distance projected on the ground, d_p. */
  distanceM: number;
  /** Ground factor G: 0 hard (paving, water), 1 porous (grass, fields, trees), mixed in between. */
  groundFactor: number;
}

/**
 * Ground attenuation A_gr in a band, dB: ISO 9613-2:1996 clause 7.3.1, equation (9) and table 3, with one G for the regions at the
 * source, in the middle and at the receiver. Negative where reflections add to the sound. The standard states ±3 dB for broadband
 * sound to 1,000 m and mean heights to 30 m, wind blowing from the source or a ground inversion.
 */
export function groundAttenuationDb(band: OctaveBandHz, path: GroundPath): number {
  const { sourceHeightM, receiverHeightM, distanceM, groundFactor: g } = path;
  const nearEnds = 30 * (sourceHeightM + receiverHeightM);
  const q = distanceM <= nearEnds ? 0 : 1 - nearEnds / distanceM;
  const middle = band === 63 ? -3 * q : -3 * q * (1 - g);
  return regionDb(band, sourceHeightM, distanceM, g) + regionDb(band, receiverHeightM, distanceM, g) + middle;
}

/** A_s or A_r of table 3. */
function regionDb(band: OctaveBandHz, heightM: number, distanceM: number, g: number): number {
  const far = 1 - Math.exp(-distanceM / 50);
  const squared = heightM * heightM;
  switch (band) {
    case 63:
      return -1.5;
    case 125: {
      const veryFar = 1 - Math.exp(-2.8e-6 * distanceM * distanceM);
      const high = 3 * Math.exp(-0.12 * (heightM - 5) ** 2) * far;
      return -1.5 + g * (1.5 + high + 5.7 * Math.exp(-0.09 * squared) * veryFar);
    }
    case 250:
      return -1.5 + g * (1.5 + 8.6 * Math.exp(-0.09 * squared) * far);
    case 500:
      return -1.5 + g * (1.5 + 14 * Math.exp(-0.46 * squared) * far);
    case 1000:
      return -1.5 + g * (1.5 + 5 * Math.exp(-0.9 * squared) * far);
    default:
      return -1.5 * (1 - g);
  }
}
