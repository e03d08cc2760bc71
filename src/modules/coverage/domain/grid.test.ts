import { area as turfArea, polygon } from '@turf/turf';
import fc from 'fast-check';
import { cellArea, cellToLatLng, isValidCell } from 'h3-js';
import { defaultParameters } from './defaults.js';
import { smallAreas } from './fixtures/small-province.js';
import { gridKey } from './grid-key.js';
import { buildGrid, cellId, cellLonLat, type CoverageGrid } from './grid.js';
import { landCoverOf } from './land-cover.js';
import { CoverageInputError } from './parameters.js';
import { CoverageCancelledError } from './progress.js';
import type { GridArea } from './snapshot.js';

const options = defaultParameters({ resolution: 9 });
const areas = smallAreas();
const grid = buildGrid(areas, options);

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

/** Sum over an area's shares of a number for each. */
function sumOf(g: CoverageGrid, area: number, value: (share: number, cell: number) => number): number {
  let total = 0;
  for (let i = 0; i < g.cellCount; i++) {
    for (let s = g.shareStart[i] as number; s < (g.shareStart[i + 1] as number); s++) {
      if (g.shareArea[s] === area) total += value(s, i);
    }
  }
  return total;
}

describe('the grid', () => {
  it('has valid cells in the order of their index, with their own centre and area', () => {
    let last = '';
    for (let i = 0; i < grid.cellCount; i++) {
      const id = cellId(grid, i);
      expect(isValidCell(id)).toBe(true);
      expect(id > last).toBe(true);
      last = id;
      const [lat, lon] = cellToLatLng(id);
      const [ownLon, ownLat] = cellLonLat(grid, i);
      expect(ownLon).toBeCloseTo(lon, 9);
      expect(ownLat).toBeCloseTo(lat, 9);
      // H3 measures on a sphere, the grid on the ellipsoid.
      expect(Math.abs((grid.areaM2[i] as number) / cellArea(id, 'm2') - 1)).toBeLessThan(0.01);
    }
  });

  it.each([7, 8, 9])(
    'gives each area its own extent at resolution %d, whatever the cells are cut into',
    (resolution) => {
      const g = buildGrid(areas, { ...options, resolution });
      areas.forEach((area, a) => {
        // Turf measures on a sphere too.
        const exact =
          area.polygon.type === 'Polygon'
            ? turfArea(polygon(area.polygon.coordinates as [number, number][][]))
            : 0;
        expect(Math.abs((g.areaTotalM2[a] as number) / exact - 1)).toBeLessThan(0.006);
      });
      // The same total at every resolution: nothing is lost or doubled along inner borders.
      expect(sum(g.areaTotalM2) / sum(grid.areaTotalM2)).toBeCloseTo(1, 6);
    },
  );

  it('shares a cell between areas by parts that do not exceed it', () => {
    let cut = 0;
    for (let i = 0; i < grid.cellCount; i++) {
      const parts = grid.shareFraction.subarray(grid.shareStart[i], grid.shareStart[i + 1]);
      expect(parts.length).toBeGreaterThan(0);
      expect(sum(parts)).toBeLessThanOrEqual(1 + 1e-9);
      if (parts.length > 1) cut++;
    }
    expect(cut).toBeGreaterThan(20);
  });

  it('holds the people and households, denser near the centre', () => {
    areas.forEach((area, a) => {
      expect(sumOf(grid, a, (s) => grid.sharePopulation[s] as number)).toBeCloseTo(area.population ?? 0, 6);
      expect(sumOf(grid, a, (s) => grid.shareHouseholds[s] as number)).toBeCloseTo(area.households ?? 0, 6);
    });
    expect(sum(grid.population)).toBeCloseTo(sum(grid.sharePopulation), 6);
    expect(sum(grid.households)).toBeCloseTo(sum(grid.shareHouseholds), 6);
    const densest = grid.population.indexOf(Math.max(...grid.population));
    const [lon, lat] = cellLonLat(grid, densest);
    const [centreLon, centreLat] = areas[5]?.centres[0] ?? [0, 0];
    expect(Math.hypot(lon - centreLon, lat - centreLat)).toBeLessThan(0.005);
  });

  it('takes the land cover from the density', () => {
    expect(new Set(grid.landCover).size).toBe(3);
    expect([100, 500, 2500].map((density) => landCoverOf(density, options.landCover))).toEqual([
      'open',
      'suburban',
      'urban',
    ]);
  });

  it('has tiles that hold each cell once and within their circle', () => {
    expect(grid.tileStart[0]).toBe(0);
    expect(grid.tileStart.at(-1)).toBe(grid.cellCount);
    for (let t = 0; t + 1 < grid.tileStart.length; t++) {
      const from = grid.tileStart[t] as number;
      const to = grid.tileStart[t + 1] as number;
      expect(to).toBeGreaterThan(from);
      expect(to - from).toBeLessThanOrEqual(49);
      for (let i = from; i < to; i++) {
        const r = Math.hypot(
          (grid.x[i] as number) - (grid.tileX[t] as number),
          (grid.y[i] as number) - (grid.tileY[t] as number),
        );
        expect(r).toBeLessThanOrEqual((grid.tileRadiusM[t] as number) + 1e-6);
      }
    }
  });

  it('cuts holes out and takes the parts of a multipolygon', () => {
    const square = (west: number, south: number, size: number): [number, number][] => [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ];
    const area: GridArea = {
      code: 'islands',
      polygon: {
        type: 'MultiPolygon',
        coordinates: [[square(105, 9, 0.04), square(105.011, 9.012, 0.02)], [square(105.05, 9, 0.01)]],
      },
      population: 100,
      households: 25,
      centres: [],
    };
    const g = buildGrid([area], options);
    const degree2 = g.projection.metresPerDegreeLon * g.projection.metresPerDegreeLat;
    expect((g.areaTotalM2[0] as number) / ((0.04 ** 2 - 0.02 ** 2 + 0.01 ** 2) * degree2)).toBeCloseTo(1, 4);
    expect(sum(g.population)).toBeCloseTo(100, 8);
  });

  it('keeps people with centres outside of their area, and with none', () => {
    const odd = fc.array(
      fc.tuple(
        fc.double({ min: 104, max: 107, noNaN: true }),
        fc.double({ min: 8, max: 11, noNaN: true }),
        fc.double({ min: -1, max: 5 }),
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(odd, (centres) => {
        const g = buildGrid([{ ...(areas[1] as GridArea), centres }], { ...options, resolution: 8 });
        expect(sum(g.population)).toBeCloseTo(11_000, 6);
      }),
      { numRuns: 30 },
    );
  });

  it('says when there is nothing to cover, too much, or an unknown resolution', () => {
    const world: GridArea = {
      code: 'world',
      polygon: {
        type: 'Polygon',
        coordinates: [
          [
            [-170, -80],
            [170, -80],
            [170, 80],
            [-170, 80],
            [-170, -80],
          ],
        ],
      },
      population: 1,
      households: 1,
      centres: [],
    };
    expect(() => buildGrid([], options)).toThrow(CoverageInputError);
    expect(() => buildGrid([world], options)).toThrow(/too large/);
    expect(() => buildGrid(areas, { ...options, resolution: 15 })).toThrow(CoverageInputError);
  });

  it('stops when told to', () => {
    let asked = 0;
    expect(() => buildGrid(areas, options, { isCancelled: () => ++asked > 3 })).toThrow(
      CoverageCancelledError,
    );
    expect(asked).toBe(4);
  });
});

describe('the key', () => {
  it('is the same for the same input and another for any change', () => {
    const [first, ...rest] = areas;
    if (!first) throw new Error('no areas');
    const key = gridKey(areas, options);
    expect(gridKey(structuredClone(areas), options)).toBe(key);
    const others = [
      gridKey(areas, { ...options, resolution: 8 }),
      gridKey(areas, { ...options, settlement: { ...options.settlement, radiusM: 701 } }),
      gridKey(areas, { ...options, landCover: { ...options.landCover, urbanFromPerKm2: 2501 } }),
      gridKey([{ ...first, population: 4001 }, ...rest], options),
      gridKey([{ ...first, population: null }, ...rest], options),
      gridKey([{ ...first, code: 'x' }, ...rest], options),
      gridKey([{ ...first, centres: [] }, ...rest], options),
      gridKey(rest, options),
    ];
    expect(new Set([key, ...others]).size).toBe(others.length + 1);
  });
});
