import fc from 'fast-check';
import { diff } from './diff.js';

const SITE = {
  id: '1',
  version: 3,
  name: 'Vị Thanh 1',
  heightM: 42,
  note: null,
  tenantCodes: ['VTL'],
  power: { grid: 'three-phase', backupH: 4 },
  cells: [
    { code: 'C1', azimuthDeg: 0, tilt: { electricalDeg: 2 } },
    { code: 'C2', azimuthDeg: 120 },
  ],
};

test('only what changed is told, named by its path', () => {
  const after = { ...SITE, version: 4, heightM: 45, power: { backupH: 8, grid: 'three-phase' } };
  expect(diff(SITE, after)).toEqual([
    { field: 'heightM', before: 42, after: 45 },
    { field: 'power.backupH', before: 4, after: 8 },
  ]);
});

test('members of a list are compared by their code, wherever they stand', () => {
  const after = {
    ...SITE,
    cells: [
      { code: 'C3', azimuthDeg: 240 },
      { code: 'C1', azimuthDeg: 10, tilt: { electricalDeg: 4 } },
    ],
  };
  expect(diff(SITE, after)).toEqual([
    { field: 'cells[C1].azimuthDeg', before: 0, after: 10 },
    { field: 'cells[C1].tilt.electricalDeg', before: 2, after: 4 },
    { field: 'cells[C2]', before: { code: 'C2', azimuthDeg: 120 }, after: null },
    { field: 'cells[C3]', before: null, after: { code: 'C3', azimuthDeg: 240 } },
  ]);
  expect(diff(SITE, { ...SITE, cells: [...SITE.cells].reverse() })).toEqual([]);
});

test('lists without names, lists with a name twice and geometries change as a whole', () => {
  expect(diff({ tenantCodes: ['A'] }, { tenantCodes: ['A', 'B'] })).toEqual([
    { field: 'tenantCodes', before: ['A'], after: ['A', 'B'] },
  ]);
  const twice = [{ code: 'C1' }, { code: 'C1' }];
  expect(diff({ cells: twice }, { cells: [{ code: 'C1' }] })).toHaveLength(1);
  const square = { type: 'Point', coordinates: [105, 9] };
  const moved = { type: 'Point', coordinates: [105, 10] };
  expect(diff({ boundary: square }, { boundary: moved })).toEqual([
    { field: 'boundary', before: square, after: moved },
  ]);
});

test('making and removing tell every field that has a value; null and absent are the same', () => {
  expect(diff(null, { name: 'x', note: null })).toEqual([{ field: 'name', before: null, after: 'x' }]);
  expect(diff({ name: 'x' }, null)).toEqual([{ field: 'name', before: 'x', after: null }]);
  expect(diff({ note: null }, {})).toEqual([]);
  expect(diff(null, null)).toEqual([]);
});

test('a field called like something every object has is a field like any other', () => {
  const odd = JSON.parse('{"__proto__": 1, "constructor": 2}') as object;
  expect(diff({}, odd)).toEqual([
    { field: '__proto__', before: null, after: 1 },
    { field: 'constructor', before: null, after: 2 },
  ]);
});

/** What the audit trail keeps is JSON: it has no NaN and no undefined. */
const stored = fc.object({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as object);

test('nothing differs from itself, and what is told in one direction is told in the other', () => {
  fc.assert(
    fc.property(stored, stored, (a, b) => {
      expect(diff(a, JSON.parse(JSON.stringify(a)))).toEqual(
        diff(JSON.parse(JSON.stringify(a)), a).map(({ field, before, after }) => ({
          field,
          before: after,
          after: before,
        })),
      );
      expect(diff(a, a)).toEqual([]);
      const there = diff(a, b).map(({ field }) => field);
      const back = diff(b, a).map(({ field }) => field);
      expect(there.toSorted()).toEqual(back.toSorted());
    }),
  );
});
