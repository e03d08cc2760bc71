import fc from 'fast-check';
import { bboxContains, bboxOf, bboxToArray, parseBbox, unionBbox } from './bbox.js';

describe('parseBbox', () => {
  it('reads west,south,east,north', () => {
    expect(parseBbox('105.3, 9.5,105.9,10')).toEqual({
      ok: true,
      bbox: { west: 105.3, south: 9.5, east: 105.9, north: 10 },
    });
  });

  it.each([
    ['', 'bbox.format'],
    ['1,2,3', 'bbox.format'],
    ['1,2,3,4,5', 'bbox.format'],
    ['1,2,3,', 'bbox.format'],
    ['1,2,3,NaN', 'bbox.format'],
    ['1,2,3,1e400', 'bbox.format'],
    ['1,2,0x10,4', 'bbox.format'],
    ['-181,0,1,1', 'bbox.range'],
    ['0,0,1,90.1', 'bbox.range'],
    ['3,0,1,1', 'bbox.order'],
    ['0,2,1,1', 'bbox.order'],
  ])('refuses %p with %s, in two languages', (text, code) => {
    const result = parseBbox(text);
    expect(result).toMatchObject({ ok: false, code });
    if (!result.ok) {
      expect(result.messageEn).toContain('bbox');
      expect(result.messageVi).toContain('bbox');
    }
  });

  it('never throws, and what it accepts is ordered and in range', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(fc.double(), { maxLength: 6 }).map(String)), (text) => {
        const result = parseBbox(text);
        if (!result.ok) return;
        const { west, south, east, north } = result.bbox;
        expect(west <= east && south <= north && west >= -180 && east <= 180).toBe(true);
        expect(south >= -90 && north <= 90).toBe(true);
      }),
    );
  });
});

describe('boxes', () => {
  it('are taken from an area, united, asked and written', () => {
    const box = bboxOf({
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [1, 2],
            [3, 2],
            [3, 4],
            [1, 2],
          ],
        ],
      ],
    });
    expect(box).toEqual({ west: 1, south: 2, east: 3, north: 4 });
    const union = unionBbox([box, { west: 0, south: 3, east: 1, north: 9 }]);
    expect(union && bboxToArray(union)).toEqual([0, 2, 3, 9]);
    expect(unionBbox([])).toBeUndefined();
    expect(bboxContains(box, 3, 4)).toBe(true);
    expect(bboxContains(box, 3.01, 4)).toBe(false);
  });
});
