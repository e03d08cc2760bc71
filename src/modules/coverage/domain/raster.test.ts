import { latLngToCell } from 'h3-js';
import { defaultParameters } from './defaults.js';
import { smallAreas } from './fixtures/small-province.js';
import { buildGrid } from './grid.js';
import { indexOfCell } from './grid-lookup.js';
import { MOST_PIXELS, rasterCells, rasterFrame, worldFile } from './raster.js';
import { gridOptionsOf } from './run.js';

const grid = buildGrid(smallAreas(), gridOptionsOf(defaultParameters({ resolution: 8 })));
const frame = rasterFrame(grid);

test('each pixel shows the cell that H3 has at its middle', () => {
  const cells = rasterCells(grid, frame);
  expect(cells).toHaveLength(frame.width * frame.height);
  let other = 0;
  cells.forEach((cell, n) => {
    const lon = frame.west + ((n % frame.width) + 0.5) * frame.pixelDeg;
    const lat = frame.north - (Math.floor(n / frame.width) + 0.5) * frame.pixelDeg;
    const expected = indexOfCell(grid, BigInt(`0x${latLngToCell(lat, lon, 8)}`)) ?? -1;
    if (cell !== expected) other++;
  });
  // An outline between corners is straight here and a great circle there: a hair's breadth.
  expect(other / cells.length).toBeLessThan(0.001);
  expect(new Set(cells).size).toBe(grid.cellCount + 1);
});

test('a raster has no more pixels than it may', () => {
  const wide = rasterFrame({
    cellCount: 2,
    x: Float64Array.of(0, 500_000),
    y: Float64Array.of(0, 500_000),
    areaM2: Float64Array.of(15_000, 15_000),
    projection: grid.projection,
  });
  expect(wide.width * wide.height).toBeLessThanOrEqual(MOST_PIXELS);
  expect(wide.width * wide.height).toBeGreaterThan(MOST_PIXELS / 2);
});

test('the world file names the middle of the first pixel', () => {
  const lines = worldFile({ west: 105, north: 10, pixelDeg: 0.5, width: 4, height: 3 }).trim().split('\n');
  expect(lines.map(Number)).toEqual([0.5, 0, 0, -0.5, 105.25, 9.75]);
});
