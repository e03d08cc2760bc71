import fc from 'fast-check';
import { defaultParameters } from './defaults.js';
import { smallAreas } from './fixtures/small-province.js';
import { buildGrid } from './grid.js';
import { settlementCentres, type SettledPlace } from './settlement-centres.js';
import type { GridArea } from './snapshot.js';

const place = (population: number | null, households: number | null): SettledPlace => ({
  lon: 105.5,
  lat: 9.7,
  population,
  households,
});
const weights = (
  places: SettledPlace[],
  area: { population: number | null; households: number | null } = { population: null, households: null },
) => settlementCentres(places, area).map(([, , weight]) => weight);

test('people weigh, and households as many people as they have elsewhere', () => {
  expect(weights([place(400, 100), place(200, null), place(null, 25)])).toEqual([400, 200, 100]);
  expect(weights([place(null, 30), place(null, 10)], { population: 350, households: 100 })).toEqual([
    105, 35,
  ]);
  expect(weights([place(null, 30), place(null, 10)])).toEqual([30, 10]);
});

test('a place of which nothing is known weighs as the others do on average', () => {
  expect(weights([place(100, null), place(300, null), place(null, null)])).toEqual([100, 300, 200]);
  expect(weights([place(null, null), place(-5, Number.NaN)])).toEqual([1, 1]);
  expect(weights([])).toEqual([]);
});

test('an area’s people stay whole however its hamlets lie and whatever is known of them', () => {
  const area = smallAreas()[2] as GridArea;
  const count = fc.option(fc.integer({ min: 0, max: 3000 }), { nil: null });
  const hamlet = fc.record({
    lon: fc.double({ min: 105.6, max: 105.66, noNaN: true }),
    lat: fc.double({ min: 9.68, max: 9.74, noNaN: true }),
    population: count,
    households: count,
  });
  fc.assert(
    fc.property(fc.array(hamlet, { maxLength: 8 }), (hamlets) => {
      const grid = buildGrid(
        [{ ...area, centres: settlementCentres(hamlets, area) }],
        defaultParameters({ resolution: 8 }),
      );
      const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
      expect(sum(grid.population)).toBeCloseTo(area.population ?? 0, 6);
      expect(sum(grid.households)).toBeCloseTo(area.households ?? 0, 6);
    }),
    { numRuns: 25 },
  );
});
