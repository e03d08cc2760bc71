import { fillRings } from './fill-rings.js';

const raster = (width: number, height: number) => ({ width, height, data: new Uint8Array(width * height) });
const ring = (...values: number[]) => Float64Array.from(values);
const SQUARE = ring(1, 1, 5, 1, 5, 5, 1, 5);

test('fills the pixels whose centres lie in it, and leaves the hole', () => {
  const given = raster(6, 6);
  fillRings(given, [SQUARE, ring(2, 2, 4, 2, 4, 4, 2, 4)], 7, 1e6);
  const rows = Array.from({ length: 6 }, (_, row) => [...given.data.subarray(6 * row, 6 * row + 6)].join(''));
  expect(rows).toEqual(['000000', '077770', '070070', '070070', '077770', '000000']);
});

test('what lies beyond the raster is cut off', () => {
  const given = raster(4, 4);
  fillRings(given, [ring(-1e6, -1e6, 1e6, -1e6, 1e6, 1e6, -1e6, 1e6)], 1, 1e6);
  expect([...given.data]).toEqual(new Array(16).fill(1));
});

test('stops when it becomes too much work', () => {
  const given = raster(1000, 1000);
  const work = fillRings(given, [ring(0, 0, 1000, 0, 1000, 1000, 0, 1000)], 1, 5000);
  expect(work).toBeGreaterThan(5000);
  expect(given.data.reduce((a, b) => a + b, 0)).toBeLessThan(10_000);
});
