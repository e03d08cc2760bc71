/** A horn as it is reckoned. */
export interface Horn {
  /** Electrical power, W. */
  powerW: number;
  /** Where it points, degrees from north. */
  azimuthDeg: number;
  sensitivityDb: number;
  dispersionDeg: number;
}

/** Level at 1 m on the axis, dB: sensitivity (1 W, 1 m) and 10 lg of the power in W. No power, no sound. */
export function axisLevelDb(horn: Pick<Horn, 'powerW' | 'sensitivityDb'>): number {
  return horn.powerW > 0 ? horn.sensitivityDb + 10 * Math.log10(horn.powerW) : -Infinity;
}

/**
 * How much less than on its axis a horn sends at an angle from it, dB. The same shape that 3GPP TR 36.814 uses for sector antennas, a
 * parabola in dB (a Gaussian beam) with a floor behind; here 6 dB down at half of the nominal dispersion, which is how the makers of
 * horns define dispersion. Alike in all bands, and in the horizontal plane only: horns are hung so that they point at people.
 */
export function directivityDb(offsetDeg: number, dispersionDeg: number, behindDb: number): number {
  const turned = Math.abs((((offsetDeg % 360) + 540) % 360) - 180);
  return Math.min(6 * (turned / (dispersionDeg / 2)) ** 2, behindDb);
}

/**
 * Level at 1 m from several horns in one place in a direction (degrees from north), dB: the sum of their energies. Speech from one
 * amplifier is coherent only very near; further on path differences of horns side by side make it incoherent on average.
 */
export function levelInDirectionDb(horns: readonly Horn[], bearingDeg: number, behindDb: number): number {
  let energy = 0;
  for (const horn of horns) {
    const off = directivityDb(bearingDeg - horn.azimuthDeg, horn.dispersionDeg, behindDb);
    energy += 10 ** ((axisLevelDb(horn) - off) / 10);
  }
  return 10 * Math.log10(energy);
}
