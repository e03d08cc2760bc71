import { booleanPointInPolygon } from '@turf/turf';
import fc from 'fast-check';
import type { AreaGeometry, Ring } from './geojson.js';
import { areaContains, prepareArea } from './point-in-polygon.js';

const square = (w: number, s: number, size: number): Ring => [
  [w, s],
  [w + size, s],
  [w + size, s + size],
  [w, s + size],
  [w, s],
];

/** A star about the origin: concave, never self-intersecting. */
const star = fc
  .array(fc.double({ min: 0.2, max: 2, noNaN: true }), { minLength: 5, maxLength: 30 })
  .map((radii): AreaGeometry => {
    const ring: Ring = radii.map((r, i) => {
      const angle = (2 * Math.PI * i) / radii.length;
      return [r * Math.cos(angle), r * Math.sin(angle)];
    });
    return { type: 'Polygon', coordinates: [[...ring, ring[0] as Ring[number]]] };
  });

const coordinate = fc.double({ min: -2.5, max: 2.5, noNaN: true });

describe('areaContains', () => {
  it('agrees with turf on concave shapes', () => {
    fc.assert(
      fc.property(star, coordinate, coordinate, (geometry, x, y) => {
        expect(areaContains(prepareArea(geometry), x, y)).toBe(booleanPointInPolygon([x, y], geometry));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves holes out and takes every part of a multipolygon', () => {
    const area = prepareArea({
      type: 'MultiPolygon',
      coordinates: [[square(0, 0, 3), square(1, 1, 1)], [square(5, 0, 1)]],
    });
    expect(areaContains(area, 0.5, 0.5)).toBe(true);
    expect(areaContains(area, 1.5, 1.5)).toBe(false);
    expect(areaContains(area, 5.5, 0.5)).toBe(true);
    expect(areaContains(area, 4, 0.5)).toBe(false);
  });

  it('gives a point on a common edge or corner to exactly one of the neighbours', () => {
    const areas = [0, 1].flatMap((i) =>
      [0, 1].map((j) => prepareArea({ type: 'Polygon', coordinates: [square(i, j, 1)] })),
    );
    for (const [x, y] of [
      [1, 0.5],
      [0.5, 1],
      [1, 1],
    ] as const) {
      expect(areas.filter((area) => areaContains(area, x, y))).toHaveLength(1);
    }
  });
});
