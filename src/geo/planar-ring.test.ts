import fc from 'fast-check';
import { localProjection } from './distance.js';
import { RingClipper, signedArea, toPlanarRing } from './planar-ring.js';

const unit = Float64Array.of(0, 0, 1, 0, 1, 1, 0, 1);

describe('planar rings', () => {
  it('drop the closing point and measure metres', () => {
    const p = localProjection(105, 10);
    const ring = toPlanarRing(p, [
      [105, 10],
      [105.01, 10],
      [105.01, 10.01],
      [105, 10],
    ]);
    expect(ring).toHaveLength(6);
    expect(signedArea(ring)).toBeCloseTo((0.0001 * p.metresPerDegreeLon * p.metresPerDegreeLat) / 2, 3);
  });

  it('cut a concave ring by a square', () => {
    // A U that is 3 wide and 3 high with a notch 1 wide from the top down to y = 1.
    const u = Float64Array.of(0, 0, 3, 0, 3, 3, 2, 3, 2, 1, 1, 1, 1, 3, 0, 3);
    const window = Float64Array.of(0, 0.5, 3, 0.5, 3, 2, 0, 2);
    expect(new RingClipper().clippedArea(u, window)).toBeCloseTo(3 * 0.5 + 2 * 1, 12);
  });

  it('lose nothing over a partition of the plane into squares', () => {
    const radii = fc.array(fc.double({ min: 0.1, max: 2, noNaN: true }), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(radii, (r) => {
        const ring = Float64Array.from(
          r.flatMap((d, i) => [
            d * Math.cos((2 * Math.PI * i) / r.length),
            d * Math.sin((2 * Math.PI * i) / r.length),
          ]),
        );
        const clipper = new RingClipper();
        let sum = 0;
        for (let i = -2; i < 2; i++) {
          for (let j = -2; j < 2; j++) {
            const square = unit.map((v, k) => v + (k % 2 === 0 ? i : j));
            const part = clipper.clippedArea(ring, square);
            sum += part;
            expect(signedArea(clipper.clippedRing(ring, square))).toBeCloseTo(part, 12);
          }
        }
        expect(sum).toBeCloseTo(signedArea(ring), 9);
      }),
    );
  });
});
