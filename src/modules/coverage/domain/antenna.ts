/**
 * Antenna patterns of 3GPP TR 36.814 table A.2.1.1-2 and TR 38.901 table 7.3-1; both have the same form and other constants:
 * horizontal min(12 (φ/φ3dB)², Am), vertical min(12 ((θ − tilt)/θ3dB)², SLA), together min(horizontal + vertical, Am).
 */
export interface AntennaPattern {
  /** Horizontal half-power beamwidth in degrees; null for an omnidirectional antenna. */
  horizontalBeamwidthDeg: number | null;
  verticalBeamwidthDeg: number;
  /** Greatest attenuation in any direction (front to back), dB. */
  maxAttenuationDb: number;
  /** Greatest attenuation of the vertical pattern alone, dB. */
  sideLobeDb: number;
}

/** A base station's sector antenna. */
export const TR_36814_SECTOR: AntennaPattern = {
  horizontalBeamwidthDeg: 70,
  verticalBeamwidthDeg: 10,
  maxAttenuationDb: 25,
  sideLobeDb: 20,
};

/** One element of a panel. */
export const TR_38901_ELEMENT: AntennaPattern = {
  horizontalBeamwidthDeg: 65,
  verticalBeamwidthDeg: 65,
  maxAttenuationDb: 30,
  sideLobeDb: 30,
};

/** Angle brought into −180 … 180 degrees. */
export function normaliseAngleDeg(angle: number): number {
  const turned = angle % 360;
  if (turned > 180) return turned - 360;
  return turned < -180 ? turned + 360 : turned;
}

/** Attenuation at an angle from the azimuth, dB ≥ 0. */
export function horizontalAttenuationDb(pattern: AntennaPattern, offsetDeg: number): number {
  const width = pattern.horizontalBeamwidthDeg;
  if (width === null) return 0;
  return Math.min(12 * (normaliseAngleDeg(offsetDeg) / width) ** 2, pattern.maxAttenuationDb);
}

/** Attenuation at an angle below the horizon with the beam tilted down by `tiltDeg`, dB ≥ 0. */
export function verticalAttenuationDb(
  pattern: AntennaPattern,
  depressionDeg: number,
  tiltDeg: number,
): number {
  return Math.min(12 * ((depressionDeg - tiltDeg) / pattern.verticalBeamwidthDeg) ** 2, pattern.sideLobeDb);
}

/** Both together: how much less than the antenna's gain goes in a direction, dB ≥ 0. The tilt counts alike in all directions. */
export function antennaAttenuationDb(
  pattern: AntennaPattern,
  offsetDeg: number,
  depressionDeg: number,
  tiltDeg: number,
): number {
  return Math.min(
    horizontalAttenuationDb(pattern, offsetDeg) + verticalAttenuationDb(pattern, depressionDeg, tiltDeg),
    pattern.maxAttenuationDb,
  );
}
