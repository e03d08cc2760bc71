import { cellToBoundary, latLngToCell } from 'h3-js';
import { toUtm } from '../../../../geo/index.js';
import { buildGrid } from '../grid.js';
import { gridKey } from '../grid-key.js';
import { defaultParameters } from '../defaults.js';
import { gridOptionsOf, computeRun } from '../run.js';
import { LAND_COVERS } from '../technology.js';
import type { SnapshotArea } from '../snapshot.js';
import { countClasses, type ClassRaster } from './class-raster.js';
import type { Ground } from './ground.js';

const RING: [number, number][] = [
  [105.4, 9.7],
  [105.44, 9.7],
  [105.44, 9.74],
  [105.4, 9.74],
  [105.4, 9.7],
];
const AREA: SnapshotArea = {
  code: 'c1',
  polygon: { type: 'Polygon', coordinates: [RING] },
  population: 8000,
  households: 2000,
  centres: [],
  parentCode: null,
};

/** A raster over the area and a margin: `classAt` gives a place in `codes` plus one, or nought. */
function raster(
  codes: string[],
  pixelDeg: number,
  classAt: (lon: number, lat: number) => number,
): ClassRaster {
  const [west, north, size] = [105.39, 9.75, 0.06];
  const width = Math.round(size / pixelDeg);
  const data = new Uint8Array(width * width);
  for (let row = 0; row < width; row++)
    for (let column = 0; column < width; column++)
      data[row * width + column] = classAt(west + (column + 0.5) * pixelDeg, north - (row + 0.5) * pixelDeg);
  return { utmZone: null, west, north, dx: pixelDeg, dy: pixelDeg, width, height: width, codes, data };
}
const landCover = (
  given: ClassRaster,
  mapping: Record<string, 'urban' | 'open' | 'built-up' | 'water'>,
): Ground => ({
  key: 'g',
  landCover: { raster: given, mapping },
  water: null,
});
const options = (ground?: Ground) => gridOptionsOf(defaultParameters({ resolution: 9 }), ground);
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

describe('classes in a cell', () => {
  const outline = (resolution: number) =>
    cellToBoundary(latLngToCell(9.72, 105.42, resolution)).map(([lat, lon]) => [lon, lat] as const);

  it.each([
    ['many small pixels', 0.0002],
    ['pixels as large as the cell', 0.003],
  ])('%s: the parts are those of the ground', (_what, pixelDeg) => {
    const halves = raster(['a', 'b'], pixelDeg, (lon) => (lon < 105.42 ? 1 : 2));
    const counts = new Uint32Array(3);
    countClasses(halves, outline(8), counts);
    const all = sum(counts);
    expect(counts[0]).toBe(0);
    const lons = outline(8).map(([lon]) => lon);
    const part = (105.42 - Math.min(...lons)) / (Math.max(...lons) - Math.min(...lons));
    expect(Math.abs((counts[1] as number) / all - part)).toBeLessThan(0.06);
  });

  it('pixels beyond the raster are unknown', () => {
    const counts = new Uint32Array(2);
    const away = outline(9).map(([lon, lat]) => [lon + 1, lat] as const);
    countClasses(
      raster(['a'], 0.0005, () => 1),
      away,
      counts,
    );
    expect(counts[0]).toBeGreaterThan(0);
    expect(counts[1]).toBe(0);
  });

  it('a raster in UTM is looked at where it lies', () => {
    const [east, north] = toUtm(48, 105.42, 9.72);
    const place = { utmZone: 48, west: east - 2000, north: north + 2000, dx: 20, dy: 20 };
    const data = new Uint8Array(200 * 200).map((_, k) => (k % 200 < 100 ? 1 : 2));
    const counts = new Uint32Array(3);
    countClasses({ ...place, width: 200, height: 200, codes: ['w', 'e'], data }, outline(10), counts);
    expect(counts[0]).toBe(0);
    expect(Math.min(counts[1] as number, counts[2] as number)).toBeGreaterThanOrEqual(0);
    const west = outline(10).map(([lon, lat]) => [lon - 0.005, lat] as const);
    const left = new Uint32Array(3);
    countClasses({ ...place, width: 200, height: 200, codes: ['w', 'e'], data }, west, left);
    expect([left[0], left[2]]).toEqual([0, 0]);
  });
});

describe('land cover of a source', () => {
  it('is the class that most of a cell has; cells without any follow the people', () => {
    const given = raster(['50', '40'], 0.0002, (lon) => (lon < 105.41 ? 1 : lon < 105.43 ? 2 : 0));
    const grid = buildGrid([AREA], options(landCover(given, { '50': 'urban', '40': 'open' })));
    const classAt = (lon: number) => {
      const x = (lon - grid.projection.lon0) * grid.projection.metresPerDegreeLon;
      const i = grid.x.findIndex((cx) => Math.abs(cx - x) < 120);
      return LAND_COVERS[grid.landCover[i] as number];
    };
    const without = buildGrid([AREA], options());
    expect(classAt(105.403)).toBe('urban');
    expect(classAt(105.42)).toBe('open');
    // 8,000 people on 19 km²: open, by density.
    expect(new Set(without.landCover)).toEqual(new Set([LAND_COVERS.indexOf('open')]));
    expect(grid.landCoverCells).toBeLessThan(grid.cellCount);
    expect(grid.landCoverCells).toBeGreaterThan(0);
    expect(grid.water).toBeUndefined();
    expect(without.landCoverCells).toBeUndefined();
  });

  it('takes what is built up for a suburb where few live', () => {
    const given = raster(['50'], 0.0005, () => 1);
    const grid = buildGrid([AREA], options(landCover(given, { '50': 'built-up' })));
    expect(new Set(grid.landCover)).toEqual(new Set([LAND_COVERS.indexOf('suburban')]));
    const crowded = buildGrid(
      [{ ...AREA, population: 100_000 }],
      options(landCover(given, { '50': 'built-up' })),
    );
    expect(new Set(crowded.landCover)).toEqual(new Set([LAND_COVERS.indexOf('urban')]));
  });
});

describe('water', () => {
  const river = raster(['water'], 0.0001, (lon) => (lon < 105.42 ? 1 : 0));
  const ground: Ground = { key: 'w', landCover: null, water: river };

  it('has no area and nobody on it; the commune keeps its people', () => {
    const dry = buildGrid([AREA], options());
    const wet = buildGrid([AREA], options(ground));
    expect(sum(wet.population)).toBeCloseTo(8000, 6);
    expect(sum(wet.households)).toBeCloseTo(2000, 6);
    expect(wet.areaTotalM2[0]).toBeGreaterThan(0);
    expect((wet.areaTotalM2[0] as number) / (dry.areaTotalM2[0] as number)).toBeCloseTo(0.5, 2);
    expect((wet.areaTotalM2[0] as number) + (wet.waterM2 as number)).toBeCloseTo(
      dry.areaTotalM2[0] as number,
      3,
    );
    wet.water?.forEach((part, i) => {
      if (part === 1) expect(wet.population[i]).toBe(0);
    });
    expect(wet.water?.some((part) => part > 0 && part < 1)).toBe(true);
    expect(wet.water?.some((part) => part === 1)).toBe(true);
  });

  it('takes the points of a population source from cells of water alone', () => {
    const people = [
      [105.405, 9.72, 100, 0],
      [105.435, 9.72, 50, 0],
    ] as const;
    const grid = buildGrid([{ ...AREA, people }], options(ground));
    expect(sum(grid.population)).toBeCloseTo(8000, 6);
    expect(Math.max(...grid.population)).toBeCloseTo(8000, 6);
    grid.water?.forEach((part, i) => {
      if (part === 1) expect(grid.population[i]).toBe(0);
    });
  });

  it('among the classes of a land cover counts as such, and the cell as open', () => {
    const given = raster(['80'], 0.0005, (lon) => (lon < 105.42 ? 1 : 0));
    const grid = buildGrid([AREA], options(landCover(given, { '80': 'water' })));
    const wet = grid.landCover.filter((_, i) => grid.water?.[i] === 1);
    expect(wet.length).toBeGreaterThan(0);
    expect(new Set(wet)).toEqual(new Set([LAND_COVERS.indexOf('open')]));
  });

  it('everywhere leaves nothing to reckon', () => {
    const sea = raster(['water'], 0.0005, () => 1);
    expect(() => buildGrid([AREA], options({ ...ground, water: sea }))).toThrow(/no land/);
  });

  it('is told by the manifest, known or not', () => {
    const snapshot = { dataVersion: 'v', boundaryDate: '2025-06-30', areas: [AREA], parents: [], sites: [] };
    const parameters = defaultParameters({ resolution: 9 });
    const dry = computeRun(snapshot, parameters).manifest;
    const wet = computeRun({ ...snapshot, ground }, parameters).manifest;
    expect(dry.ground).toEqual({
      landCover: { from: 'people-density', cellsFromSource: 0, cells: dry.grid.cells },
      water: { state: 'unknown' },
    });
    expect(wet.ground).toMatchObject({
      landCover: { from: 'people-density' },
      water: { state: 'excluded', areaM2: expect.closeTo(dry.grid.areaM2 / 2, -6) as unknown },
    });
    expect(wet.grid.areaM2).toBeLessThan(dry.grid.areaM2);
  });
});

test('the pixels of people are spread over the cells that they cover', () => {
  const people = [[105.42, 9.72, 10, 3]] as const;
  const spread = buildGrid([{ ...AREA, people, peopleSpreadDeg: [0.01, 0.01] }], options());
  const point = buildGrid([{ ...AREA, people }], options());
  const inhabited = (population: Float64Array) => population.filter((count) => count > 0).length;
  expect(inhabited(point.population)).toBe(1);
  // A kilometre to each side, cells of 0.1 km².
  expect(inhabited(spread.population)).toBeGreaterThan(8);
  expect(sum(spread.population)).toBeCloseTo(8000, 6);
});

test('the grid of other ground is another one; without any it stays what it was', () => {
  const parameters = defaultParameters({ resolution: 9 });
  const key = (ground?: Ground) => gridKey([AREA], gridOptionsOf(parameters, ground));
  const one: Ground = { key: 'a', landCover: null, water: null };
  expect(new Set([key(), key(one), key({ ...one, key: 'b' })]).size).toBe(3);
  expect(key()).toBe(gridKey([AREA], parameters));
});
