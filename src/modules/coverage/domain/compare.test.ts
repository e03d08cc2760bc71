import { compareLevels } from './compare-levels.js';
import { differencesOf } from './compare-values.js';
import { defaultParameters } from './defaults.js';
import { edgesOf } from './edge-cells.js';
import { smallProvince } from './fixtures/small-province.js';
import { computeRun } from './run.js';

describe('two runs on one grid', () => {
  const snapshot = smallProvince(12, 5);
  const parameters = defaultParameters({ resolution: 8, place: 'indoor', probability: 0.9 });
  const all = computeRun(snapshot, parameters);
  const fewer = computeRun({ ...snapshot, sites: snapshot.sites.slice(0, 6) }, parameters, {}, all.grid);
  const { grid } = all;
  const nothing = { layers: [], edges: [] };
  const viewOf = ({ cells }: typeof all) => {
    const layers = cells.layers.filter(({ technology }) => technology === '4G');
    return { layers, edges: edgesOf(grid, layers, cells.transmitters, parameters) };
  };
  const [few, many] = [viewOf(fewer), viewOf(all)];
  const covered = ({ aggregates }: typeof all, unit: string) =>
    aggregates.coverage.find(
      (row) => row.unitCode === unit && row.technology === '4G' && row.operatorCode === null,
    )!.covered;

  it('gain and lose what makes the difference of their figures, commune by commune', () => {
    const { gained, lost, change } = compareLevels(grid, few, many);
    grid.areaCodes.forEach((code, a) => {
      const [was, is] = [covered(fewer, code), covered(all, code)];
      expect(gained[a]!.population - lost[a]!.population).toBeCloseTo(is.population - was.population, 6);
      expect(gained[a]!.areaM2 - lost[a]!.areaM2).toBeCloseTo(is.areaM2 - was.areaM2, 3);
      expect(lost[a]!.cells).toBe(0);
    });
    expect(change.filter((step) => step === 1)).toHaveLength(
      gained.reduce((sum, { cells }) => sum + cells, 0),
    );
    expect(change).toContain(1);
    // The edge of coverage cuts cells here: by whole ones it would be another sum.
    const whole = compareLevels(grid, { ...few, edges: [] }, { ...many, edges: [] });
    const people = (changes: typeof gained) => changes.reduce((sum, { population }) => sum + population, 0);
    expect(Math.abs(people(whole.gained) - people(gained))).toBeGreaterThan(1);
  });

  it('the other way round lose what was gained', () => {
    const there = compareLevels(grid, few, many);
    const back = compareLevels(grid, many, few);
    expect(back.lost).toEqual(there.gained);
    expect(back.change).toEqual(there.change.map((step) => 0 - step));
  });

  it('count each cell that receives anything in one class of change', () => {
    const { levels, beforeDbm, afterDbm } = compareLevels(grid, few, many);
    const received = beforeDbm.filter((dbm, i) => Math.max(dbm, afterDbm[i]!) > -Infinity).length;
    expect(levels.reduce((sum, { cells }) => sum + cells, 0)).toBe(received);
    // A site more takes no level away.
    for (const { belowDb, received: when, cells } of levels)
      if ((belowDb !== null && belowDb <= -1) || when === 'only-before') expect(cells).toBe(0);
    const same = compareLevels(grid, many, many);
    expect(same.levels.find(({ fromDb }) => fromDb === -1)!.cells).toBe(
      afterDbm.filter((dbm) => dbm > -Infinity).length,
    );
  });

  it('of which one has no such network: everything is gained', () => {
    const { gained } = compareLevels(grid, nothing, many);
    const people = gained.reduce((sum, { population }) => sum + population, 0);
    expect(people).toBeCloseTo(covered(all, 'p').population, 5);
  });
});

test.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: { b: 1, c: 2 } }, { a: { b: 3, c: 2 } }, [{ path: 'a.b', before: 1, after: 3 }]],
  [{ a: 1 }, {}, [{ path: 'a', before: 1, after: null }]],
  [{}, { a: null }, [{ path: 'a', before: null, after: null }]],
  [{ a: [1, 2] }, { a: [1, 3] }, [{ path: 'a.1', before: 2, after: 3 }]],
  [{ a: [1] }, { a: [1, 3] }, [{ path: 'a', before: [1], after: [1, 3] }]],
  [{ a: [] }, { a: {} }, [{ path: 'a', before: [], after: {} }]],
  [1, '1', [{ path: '', before: 1, after: '1' }]],
])('%j and %j differ in %j', (before, after, expected) => {
  expect(differencesOf(before, after, 10)).toEqual(expected);
});

test('not more differences are listed than wanted', () => {
  expect(differencesOf({ a: 1, b: 2, c: 3 }, {}, 2)).toHaveLength(2);
});
