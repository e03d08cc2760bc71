import fc from 'fast-check';
import { parseAreaGeometry } from './area-geometry.js';

const ring = [
  [105, 9],
  [106, 9],
  [106, 10],
  [105, 9],
];

describe('parseAreaGeometry', () => {
  it('accepts a polygon and a multipolygon', () => {
    expect(parseAreaGeometry({ type: 'Polygon', coordinates: [ring] }).ok).toBe(true);
    expect(parseAreaGeometry({ type: 'MultiPolygon', coordinates: [[ring, ring]] }).ok).toBe(true);
  });

  it.each([
    [null, ''],
    [{ type: 'Point', coordinates: [1, 2] }, 'type'],
    [{ type: 'Polygon', coordinates: [] }, 'coordinates'],
    [{ type: 'Polygon', coordinates: [ring.slice(0, 3)] }, 'coordinates[0]'],
    [{ type: 'Polygon', coordinates: [[...ring.slice(0, 3), [105, 9.1]]] }, 'coordinates[0]'],
    [
      {
        type: 'MultiPolygon',
        coordinates: [
          [ring],
          [
            [
              [105, 9],
              [9, 105],
            ],
          ],
        ],
      },
      'coordinates[1][0][1]',
    ],
    [{ type: 'Polygon', coordinates: [[[105, 'x']]] }, 'coordinates[0][0]'],
  ])('refuses %j and says where', (value, path) => {
    const result = parseAreaGeometry(value);
    expect(result).toMatchObject({ ok: false, path });
    if (!result.ok) expect(result.messageVi).not.toBe('');
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => typeof parseAreaGeometry(value).ok === 'boolean'));
  });
});
