import { cellToLatLng, getResolution } from 'h3-js';
import { cellPyramid, mercator } from './cell-pyramid.js';
import { defaultParameters } from './defaults.js';
import { smallAreas } from './fixtures/small-province.js';
import { buildGrid, cellId } from './grid.js';
import { gridOptionsOf } from './run.js';

const parameters = defaultParameters({ resolution: 8 });
const grid = buildGrid(smallAreas(), gridOptionsOf(parameters));
const threshold = parameters.thresholds['4G'];
const levels = cellPyramid(
  grid,
  {
    levelDbm: Float32Array.from({ length: grid.cellCount }, (_, i) =>
      i % 4 === 0 ? -Infinity : -60 - (i % 70),
    ),
    server: Int32Array.from({ length: grid.cellCount }, (_, i) => (i % 4 === 0 ? -1 : i % 3)),
    operators: Uint8Array.from({ length: grid.cellCount }, (_, i) => i % 3),
  },
  threshold,
  6,
);

test('the grid’s own cells, then coarser ones that hold them all', () => {
  expect(levels.map(({ resolution }) => resolution)).toEqual([8, 7, 6]);
  for (const level of levels) {
    expect(getResolution(cellId(level, 0))).toBe(level.resolution);
    expect([...level.h3]).toEqual([...level.h3].sort((a, b) => (a < b ? -1 : 1)));
  }
  const [fine, middle, coarse] = levels.map(({ count }) => count) as [number, number, number];
  expect(fine).toBe(grid.cellCount);
  expect(fine).toBeGreaterThan(middle);
  expect(middle).toBeGreaterThan(coarse);
});

test('a coarser cell says what most of its cells say, and its level lies among theirs', () => {
  const [fine, , coarse] = levels as [(typeof levels)[0], unknown, (typeof levels)[0]];
  const received = fine.levelDbm.filter((dbm) => dbm > -Infinity);
  for (let p = 0; p < coarse.count; p++) {
    if (coarse.levelDbm[p] === -Infinity) continue;
    expect(coarse.levelDbm[p]).toBeGreaterThanOrEqual(Math.min(...received));
    expect(coarse.levelDbm[p]).toBeLessThanOrEqual(Math.max(...received));
  }
  expect(fine.levelClass.filter((code) => code > 0)).toHaveLength(
    fine.levelDbm.filter((dbm) => dbm >= threshold.sufficientDbm).length,
  );
  const covered = (level: typeof fine) => level.coveredPercent.reduce((sum, part) => sum + part, 0);
  expect(covered(fine)).toBe(100 * fine.levelClass.filter((code) => code > 0).length);
  expect(Math.max(...coarse.coveredPercent)).toBeLessThanOrEqual(100);
});

test('boxes hold the centres, in the places of Web Mercator', () => {
  for (const level of levels)
    for (let i = 0; i < level.count; i++) {
      const [lat, lon] = cellToLatLng(cellId(level, i));
      const [x, y] = mercator(lon, lat);
      const [west, north, east, south] = level.boxes.subarray(4 * i, 4 * i + 4) as unknown as number[];
      expect(x > west! && x < east! && y > north! && y < south!).toBe(true);
    }
  expect(mercator(0, 0)).toEqual([0.5, 0.5]);
  expect(mercator(180, 85.0511287798066)[1]).toBeCloseTo(0, 9);
});
