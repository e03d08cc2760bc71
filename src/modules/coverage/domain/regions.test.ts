import { areNeighborCells } from 'h3-js';
import fc from 'fast-check';
import { cellNeighbours } from './cell-neighbours.js';
import { defaultParameters } from './defaults.js';
import { smallAreas } from './fixtures/small-province.js';
import { buildGrid, cellId } from './grid.js';
import { regionsOf } from './regions.js';
import { gridOptionsOf } from './run.js';

const grid = buildGrid(smallAreas(), gridOptionsOf(defaultParameters({ resolution: 8 })));
const touch = (a: number, b: number) => areNeighborCells(cellId(grid, a), cellId(grid, b));

test('neighbours are those that H3 has', () => {
  const neighbours = cellNeighbours(grid);
  for (let i = 0; i < grid.cellCount; i++) {
    const expected = Array.from({ length: grid.cellCount }, (_, j) => j).filter((j) => touch(i, j));
    expect(neighbours(i).sort((a, b) => a - b)).toEqual(expected);
  }
});

test('all cells together are one region with all that the units have', () => {
  const [region, ...others] = regionsOf(grid, new Uint8Array(grid.cellCount).fill(1));
  expect(others).toEqual([]);
  expect(region?.population).toBeCloseTo(129_000, 5);
  expect(region?.areaM2).toBeCloseTo(
    grid.areaTotalM2.reduce((a, b) => a + b, 0),
    2,
  );
  expect(region?.areas[0]?.areaCode).toBe('c5');
  expect(region?.areas.map(({ population }) => Math.round(population))).toEqual([
    39_000, 32_000, 25_000, 18_000, 11_000, 4000,
  ]);
});

test('regions part the chosen cells, hang together, do not touch each other, and come by people', () =>
  fc.assert(
    fc.property(fc.uint8Array({ minLength: grid.cellCount, maxLength: grid.cellCount, max: 1 }), (chosen) => {
      const regions = regionsOf(grid, chosen);
      const all = regions.flatMap(({ cells }) => cells).sort((a, b) => a - b);
      expect(all).toEqual([...chosen.keys()].filter((i) => chosen[i] === 1));
      const regionOf = new Map(regions.flatMap(({ cells }, r) => cells.map((i): [number, number] => [i, r])));
      for (const [i, r] of regionOf)
        for (const j of all) if (i !== j && touch(i, j)) expect(regionOf.get(j)).toBe(r);
      for (const { cells } of regions) {
        const reached = new Set([cells[0] as number]);
        for (const i of reached) for (const j of cells) if (touch(i, j)) reached.add(j);
        expect(reached.size).toBe(cells.length);
      }
      const people = regions.map(({ population }) => population);
      expect(people).toEqual(people.toSorted((a, b) => b - a));
    }),
    { numRuns: 15 },
  ));
