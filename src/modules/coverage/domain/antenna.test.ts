import fc from 'fast-check';
import {
  antennaAttenuationDb,
  horizontalAttenuationDb,
  normaliseAngleDeg,
  TR_36814_SECTOR,
  TR_38901_ELEMENT,
  verticalAttenuationDb,
} from './antenna.js';
import { depressionDeg } from './sector-levels.js';

const angle = fc.double({ min: -720, max: 720, noNaN: true });

describe('antenna patterns', () => {
  it.each([TR_36814_SECTOR, TR_38901_ELEMENT])(
    'lose nothing in the beam and 3 dB at half the beamwidth',
    (pattern) => {
      expect(antennaAttenuationDb(pattern, 0, 4, 4)).toBe(0);
      expect(horizontalAttenuationDb(pattern, (pattern.horizontalBeamwidthDeg ?? 0) / 2)).toBeCloseTo(3, 10);
      expect(verticalAttenuationDb(pattern, 4 + pattern.verticalBeamwidthDeg / 2, 4)).toBeCloseTo(3, 10);
    },
  );

  it('lose no more than front to back, in whatever direction', () => {
    expect(horizontalAttenuationDb(TR_36814_SECTOR, 180)).toBe(25);
    expect(verticalAttenuationDb(TR_36814_SECTOR, 90, 0)).toBe(20);
    expect(antennaAttenuationDb(TR_36814_SECTOR, 180, 90, 0)).toBe(25);
    fc.assert(
      fc.property(angle, angle, angle, (offset, depression, tilt) => {
        const loss = antennaAttenuationDb(TR_38901_ELEMENT, offset, depression, tilt);
        expect(loss).toBeGreaterThanOrEqual(0);
        expect(loss).toBeLessThanOrEqual(30);
      }),
    );
  });

  it('are the same left and right and after a full turn', () => {
    fc.assert(
      fc.property(angle, (offset) => {
        const loss = horizontalAttenuationDb(TR_36814_SECTOR, offset);
        expect(horizontalAttenuationDb(TR_36814_SECTOR, -offset)).toBeCloseTo(loss, 9);
        expect(horizontalAttenuationDb(TR_36814_SECTOR, offset + 360)).toBeCloseTo(loss, 6);
        expect(Math.abs(normaliseAngleDeg(offset))).toBeLessThanOrEqual(180);
      }),
    );
  });

  it('of an omnidirectional antenna lose nothing round about, but above and below', () => {
    const omni = { ...TR_36814_SECTOR, horizontalBeamwidthDeg: null };
    expect(horizontalAttenuationDb(omni, 123)).toBe(0);
    expect(antennaAttenuationDb(omni, 123, 10, 0)).toBeCloseTo(12, 10);
  });
});

describe('depressionDeg', () => {
  it('is the arctangent within a thousandth of a degree', () => {
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (ratio) => {
        expect(Math.abs(depressionDeg(ratio) - (Math.atan(ratio) * 180) / Math.PI)).toBeLessThan(0.001);
      }),
    );
  });
});
