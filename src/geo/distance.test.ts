import { distance } from '@turf/turf';
import fc from 'fast-check';
import { haversineM, localProjection, metresPerDegree, projectX, projectY, unproject } from './distance.js';

const lon = fc.double({ min: -180, max: 180, noNaN: true });
const lat = fc.double({ min: -90, max: 90, noNaN: true });

describe('haversineM', () => {
  it('agrees with turf', () => {
    fc.assert(
      fc.property(lon, lat, lon, lat, (a, b, c, d) => {
        const turf = distance([a, b], [c, d], { units: 'meters' });
        expect(Math.abs(haversineM(a, b, c, d) - turf)).toBeLessThan(0.5);
      }),
    );
  });

  it('is nought for a place and itself, also at the poles', () => {
    expect(haversineM(105, 9, 105, 9)).toBe(0);
    expect(haversineM(0, 90, 120, 90)).toBeCloseTo(0, 6);
  });
});

describe('the local projection', () => {
  it('has the metres per degree of WGS84', () => {
    // NGA standard tables: at the equator 111,319.49 m (longitude) and 110,574.28 m (latitude); at 45° 78,846.81 and 111,131.78 m.
    expect(metresPerDegree(0).lon).toBeCloseTo(111_319.49, 1);
    expect(metresPerDegree(0).lat).toBeCloseTo(110_574.28, 1);
    expect(metresPerDegree(45).lon).toBeCloseTo(78_846.81, 1);
    expect(metresPerDegree(45).lat).toBeCloseTo(111_131.78, 1);
  });

  it('goes there and back', () => {
    const p = localProjection(105.6, 9.8);
    fc.assert(
      fc.property(fc.double({ min: -40_000, max: 40_000, noNaN: true }), (x) => {
        const [a, b] = unproject(p, x, -x / 2);
        expect(projectX(p, a)).toBeCloseTo(x, 5);
        expect(projectY(p, b)).toBeCloseTo(-x / 2, 5);
      }),
    );
  });

  it('keeps distances of a province within 0.7 % of the sphere', () => {
    const p = localProjection(105.6, 9.8);
    const d = Math.hypot(projectX(p, 105.9), projectY(p, 10.0));
    expect(Math.abs(d / haversineM(105.6, 9.8, 105.9, 10.0) - 1)).toBeLessThan(0.007);
  });
});
