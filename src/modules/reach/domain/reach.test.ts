import fc from 'fast-check';
import { gridDisk } from 'h3-js';
import { buildGrid } from '../../coverage/domain/grid.js';
import { smallAreas, smallProvince } from '../../coverage/domain/fixtures/small-province.js';
import { defaultParameters, LAND_COVERS } from '../../coverage/domain/index.js';
import { localProjection, projectX, projectY } from '../../../geo/index.js';
import { explainPlace } from './explain.js';
import { axisLevelDb, directivityDb, levelInDirectionDb } from './horn.js';
import { defaultReachParameters, ReachInputError } from './parameters.js';
import { footprintsM2 } from './plain-loudspeakers.js';
import type { RegisteredCluster } from './reach-clusters.js';
import { h3Of, neighbourFinder } from './reach-grid.js';
import { reckonReach, type ReachInput, type ReachResult } from './reckon-reach.js';
import { bandAbsorptions, lossFromTable, wayLoss, WayTables } from './spreading.js';

const { settlement, landCover } = defaultParameters();
const areas = smallAreas().map((area) => ({ ...area, plainLoudspeakers: 0 }));
const GRIDS = new Map([9, 10].map((r) => [r, buildGrid(areas, { resolution: r, settlement, landCover })]));
const PARAMETERS = defaultReachParameters(LAND_COVERS);

function reckon(
  clusters: RegisteredCluster[],
  changes: Partial<ReachInput> = {},
  resolution = 9,
): ReachResult {
  return reckonReach({
    grid: GRIDS.get(resolution) as ReachInput['grid'],
    areas,
    parents: smallProvince().parents,
    clusters,
    parameters: PARAMETERS,
    settled: { fromPeoplePerKm2: 0 },
    ...changes,
  });
}

const cluster = (id: string, changes: Partial<RegisteredCluster> = {}): RegisteredCluster => ({
  id,
  lon: 105.57,
  lat: 9.73,
  hornHeightM: 9,
  horns: [{ powerW: 30, azimuthDeg: 90 }],
  ...changes,
});
/** Alike in all directions. */
const ROUND = { powerW: 30, azimuthDeg: 0, sensitivityDb: 108, dispersionDeg: 360 };
const WITHOUT_DIRECTION = { ...PARAMETERS, behindHorn: { ...PARAMETERS.behindHorn, attenuationDb: 0 } };

const clusters = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^c[0-9]{3}$/),
    lon: fc.double({ min: 105.5, max: 105.68, noNaN: true }),
    lat: fc.double({ min: 9.68, max: 9.79, noNaN: true }),
    hornHeightM: fc.option(fc.integer({ min: 4, max: 25 })),
    horns: fc.array(
      fc.record({ powerW: fc.integer({ min: 1, max: 100 }), azimuthDeg: fc.integer({ min: 0, max: 359 }) }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);

describe('a horn', () => {
  it('is as loud as its sensitivity and its power make it', () => {
    expect(axisLevelDb({ powerW: 1, sensitivityDb: 108 })).toBe(108);
    expect(axisLevelDb({ powerW: 100, sensitivityDb: 108 })).toBe(128);
    expect(axisLevelDb({ powerW: 0, sensitivityDb: 108 })).toBe(-Infinity);
  });

  it('is 6 dB down at half of its dispersion, and no less than its back', () => {
    expect([0, 45, -45, 405, 180].map((angle) => directivityDb(angle, 90, 15))).toEqual([0, 6, 6, 6, 15]);
  });

  it('adds to others by energy', () => {
    const horn = { powerW: 10, azimuthDeg: 20, sensitivityDb: 108, dispersionDeg: 90 };
    expect(levelInDirectionDb([horn], 20, 15)).toBeCloseTo(118, 9);
    expect(levelInDirectionDb([horn, horn], 20, 15)).toBeCloseTo(118 + 10 * Math.log10(2), 9);
    const back = levelInDirectionDb([horn, { ...horn, azimuthDeg: 200 }], 20, 15);
    expect(back).toBeCloseTo(10 * Math.log10(10 ** 11.8 + 10 ** 10.3), 9);
  });
});

describe('the way to the ear', () => {
  it('never makes sound louder further away', () => {
    const absorptions = bandAbsorptions(PARAMETERS);
    fc.assert(
      fc.property(
        fc.double({ min: 1.5, max: 40, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 2900, noNaN: true }),
        fc.double({ min: 1.001, max: 1.5, noNaN: true }),
        (heightM, groundFactor, distanceM, times) => {
          const total = (d: number) => {
            const { spreadingDb, airDb, groundDb } = wayLoss(
              PARAMETERS,
              absorptions,
              heightM,
              groundFactor,
              d,
            );
            return spreadingDb + airDb + groundDb;
          };
          expect(total(distanceM * times)).toBeGreaterThanOrEqual(total(distanceM) - 1e-9);
        },
      ),
    );
  });

  it('is within 0.1 dB of itself when read from a table', () => {
    const absorptions = bandAbsorptions(PARAMETERS);
    const tables = new WayTables(PARAMETERS).of(8);
    PARAMETERS.surroundings.forEach(({ groundFactor }, code) => {
      for (let d = 21.3; d < 3000; d *= 1.07) {
        const { airDb, groundDb } = wayLoss(PARAMETERS, absorptions, 8, groundFactor, d);
        expect(Math.abs(lossFromTable(tables[code] as Float64Array, d) - airDb - groundDb)).toBeLessThan(0.1);
      }
    });
  });

  it('loses the highs first: air takes more per metre near by than far away', () => {
    const absorptions = bandAbsorptions(PARAMETERS);
    const perKm = (d: number) => (1000 * wayLoss(PARAMETERS, absorptions, 8, 1, d).airDb) / d;
    expect(perKm(200)).toBeGreaterThan(perKm(2000));
    expect(perKm(500)).toBeGreaterThan(Math.min(...absorptions));
    expect(perKm(500)).toBeLessThan(Math.max(...absorptions));
  });
});

describe('reach', () => {
  it('does not depend on the order of clusters and horns', () => {
    fc.assert(
      fc.property(clusters, (list) => {
        const turned = list.toReversed().map((c) => ({ ...c, horns: c.horns.toReversed() }));
        const bytes = ({ cells }: ReachResult) =>
          Object.values(cells).map((array: Uint8Array) => Buffer.from(array.buffer).toString('latin1'));
        const [one, other] = [reckon(list), reckon(turned)];
        expect(bytes(other)).toEqual(bytes(one));
        expect({ ...other, cells: null }).toEqual({ ...one, cells: null });
      }),
      { numRuns: 8 },
    );
  });

  it('grows with power and with clusters, everywhere or not at all', () => {
    fc.assert(
      fc.property(clusters, fc.integer({ min: 0, max: 11 }), (list, which) => {
        const less = reckon(list);
        const one = list[which % Math.max(1, list.length)];
        const louder = list.map((c) =>
          c === one ? { ...c, horns: c.horns.map((h) => ({ ...h, powerW: h.powerW * 2 })) } : c,
        );
        const more = reckon([...louder, cluster('x-more')]);
        const grown = (points: ArrayLike<number>, before: Float32Array | Uint8Array) =>
          before.every((value, i) => (points[i] as number) >= value);
        expect(grown(more.cells.levelDba, less.cells.levelDba)).toBe(true);
        for (const points of ['heardDay', 'heardNight', 'echoDay', 'echoNight'] as const)
          expect(grown(more.cells[points], less.cells[points])).toBe(true);
        less.figures.forEach((figure, f) =>
          expect(more.figures[f]?.heard.population).toBeGreaterThanOrEqual(figure.heard.population - 1e-9),
        );
      }),
      { numRuns: 8 },
    );
  });

  it('is what the explanation of each place says, within 0.15 dB', () => {
    const list = [cluster('c1'), cluster('c2', { lon: 105.58, horns: [{ powerW: 50, azimuthDeg: 300 }] })];
    const grid = GRIDS.get(9) as ReachInput['grid'];
    const { cells, clusters: prepared } = reckon(list);
    let compared = 0;
    let unlike = 0;
    for (let i = 0; i < grid.cellCount; i++) {
      if ((cells.bestCluster[i] as number) < 0) continue;
      const lon = grid.projection.lon0 + (grid.x[i] as number) / grid.projection.metresPerDegreeLon;
      const lat = grid.projection.lat0 + (grid.y[i] as number) / grid.projection.metresPerDegreeLat;
      const place = explainPlace(prepared, PARAMETERS, grid.landCover[i] as number, lon, lat);
      const difference = (place.clusters[0]?.levelDba as number) - (cells.levelDba[i] as number);
      if (Math.abs(difference) > 0.15) unlike++;
      compared++;
    }
    expect(unlike).toBe(0);
    expect(compared).toBeGreaterThan(20);
  });

  it('has the extent of its own circle', () => {
    const grid = GRIDS.get(10) as ReachInput['grid'];
    const round = cluster('c1', { horns: [ROUND] });
    // One kind of ground and noise everywhere, so that the edge is a circle.
    const parameters = {
      ...WITHOUT_DIRECTION,
      surroundings: PARAMETERS.surroundings.map((s) => ({ ...s, groundFactor: 1, dayDba: 45, nightDba: 52 })),
    };
    const { figures, clusters: prepared } = reckon([round], { parameters }, 10);
    const province = figures.filter(({ areaCode }) => areaCode === 'p');
    for (const [figure, n] of province.map((f, n) => [f, n] as const)) {
      let [near, far] = [0, 3000];
      while (far - near > 0.1) {
        const middle = (near + far) / 2;
        const lat = round.lat + middle / grid.projection.metresPerDegreeLat;
        const place = explainPlace(prepared, parameters, 0, round.lon, lat);
        if (place.periods[n]?.heard) near = middle;
        else far = middle;
      }
      expect(near).toBeGreaterThan(200);
      expect(Math.abs(figure.heard.areaM2 / (Math.PI * near * near) - 1)).toBeLessThan(0.03);
    }
  });

  it('is told by commune, district and province, day and night, and adds up', () => {
    const { figures } = reckon([cluster('c1'), cluster('c2'), cluster('c3', { lon: 105.63 })]);
    expect(figures).toHaveLength(2 * 9);
    for (const period of ['day', 'night']) {
      const of = (kind: string) =>
        figures
          .filter((f) => f.areaKind === kind && f.period === period)
          .reduce(
            (sum, f) =>
              [f.heard.population, f.echo.areaM2, f.total.households].map((v, i) => v + (sum[i] as number)),
            [0, 0, 0],
          );
      of('commune').forEach((sum, i) => expect(sum).toBeCloseTo(of('province')[i] as number, 6));
      expect(of('province')[0]).toBeGreaterThan(0);
      expect(of('province')[1]).toBeGreaterThan(0);
    }
    const [day, night] = figures.filter(({ areaCode }) => areaCode === 'p');
    expect(night?.heard.areaM2).toBeGreaterThan(day?.heard.areaM2 as number);
  });

  it('counts what is assumed, left out or outside of the method', () => {
    const { warnings, clusters: kept } = reckon(
      [
        cluster('a', { hornHeightM: null }),
        cluster('b', { horns: [] }),
        cluster('c', { horns: [ROUND, { powerW: 0, azimuthDeg: 0 }], hornHeightM: 40 }),
        cluster('d', { horns: [{ ...ROUND, powerW: 1000 }] }),
      ],
      {
        areas: areas.map((area) => ({ ...area, plainLoudspeakers: 2 })),
        parameters: { ...WITHOUT_DIRECTION, air: { ...PARAMETERS.air, relativeHumidityPercent: 5 } },
      },
    );
    expect(kept.map(({ id, assumed }) => [id, assumed])).toEqual([
      ['a', ['dispersionDeg', 'hornHeightM', 'sensitivityDb']],
      ['c', []],
      ['d', []],
    ]);
    const counts = new Map(warnings.map((w) => [`${w.code} ${w.field}`, w]));
    expect(counts.get('cluster.no-horns null')).toMatchObject({ count: 1, subjects: ['b'] });
    expect(counts.get('horn.no-power null')).toMatchObject({ count: 1, subjects: ['c'] });
    expect(counts.get('horn.assumed hornHeightM')).toMatchObject({ count: 1, subjects: ['a'] });
    expect(counts.get('range.height null')).toMatchObject({ subjects: ['c'] });
    expect(counts.get('range.distance null')?.subjects).toContain('d');
    expect(counts.get('loudspeakers.no-place null')).toMatchObject({ count: 12 });
    expect(counts.has('range.air null')).toBe(true);
  });

  it('refuses parameters that make no sense', () => {
    const wrong = () => reckon([], { parameters: { ...PARAMETERS, maxRangeM: 1e6 } });
    expect(wrong).toThrow(ReachInputError);
    expect(wrong).toThrow('maxRangeM must be from 50 to 5000.');
  });
});

test('neighbours are those that H3 names', () => {
  for (const grid of GRIDS.values()) {
    const neighbours = neighbourFinder(grid);
    const known = new Set(Array.from(grid.h3, (h3) => h3.toString(16)));
    for (let i = 0; i < grid.cellCount; i += 37) {
      const named = gridDisk(h3Of(grid, i), 1).filter((id) => known.has(id) && id !== h3Of(grid, i));
      expect(
        neighbours(i)
          .map((n) => h3Of(grid, n))
          .sort(),
      ).toEqual(named.sort());
    }
  }
});

describe('plain loudspeakers', () => {
  it('are heard on the ground of one horn, that of a circle where it is alike in all directions', () => {
    const even = { ...WITHOUT_DIRECTION, plainLoudspeaker: { ...PARAMETERS.plainLoudspeaker, powerW: 30 } };
    const [, , open] = footprintsM2(even, 'day');
    const place = (distanceM: number) =>
      explainPlace(
        [{ id: 'p', lon: 105.5, lat: 9.7, hornHeightM: 8, horns: [ROUND], assumed: [] }],
        even,
        2,
        105.5 + distanceM / localProjection(105.5, 9.7).metresPerDegreeLon,
        9.7,
      ).periods[0]?.heard;
    const radiusM = Math.sqrt((open as number) / Math.PI);
    expect([place(radiusM - 5), place(radiusM + 5)]).toEqual([true, false]);
    expect(footprintsM2(PARAMETERS, 'day')[2]).toBeLessThan(open as number);
    expect(footprintsM2(PARAMETERS, 'night')[2]).toBeGreaterThan(
      footprintsM2(PARAMETERS, 'day')[2] as number,
    );
    expect(
      footprintsM2({ ...even, plainLoudspeaker: { ...even.plainLoudspeaker, powerW: 0 } }, 'day'),
    ).toEqual([0, 0, 0]);
  });

  it('add to who hears, the more the more there are, and never more than all', () => {
    const province = (n: number) =>
      reckon([cluster('c1')], {
        areas: areas.map((area) => ({ ...area, plainLoudspeakers: n })),
      }).figures.filter(
        ({ areaCode, period }) => areaCode === 'p' && period === 'day',
      )[0] as ReachResult['figures'][number];
    const estimates = [0, 10, 40, 100_000].map((n) => province(n));
    expect(estimates[0]?.withPlain.population).toBeCloseTo(estimates[0]?.heard.population as number, 6);
    const people = estimates.map(({ withPlain }) => withPlain.population);
    expect(people).toEqual([...people].sort((a, b) => a - b));
    expect(people[1]).toBeGreaterThan((people[0] as number) + 100);
    expect(people[3]).toBeCloseTo(estimates[3]?.total.population as number, 3);
    expect(estimates[3]?.plainLoudspeakers).toBe(600_000);
  });
});

describe('silent spots', () => {
  it('are whole communes where there is no cluster at all', () => {
    const { spots } = reckon([]);
    const day = spots.filter(({ period }) => period === 'day');
    expect(new Set(day.map(({ areaCode }) => areaCode))).toEqual(new Set(areas.map(({ code }) => code)));
    const people = day.reduce((sum, spot) => sum + spot.population, 0);
    expect(people).toBeCloseTo(
      areas.reduce((sum, area) => sum + (area.population ?? 0), 0),
      3,
    );
    expect(day.every(({ nearestCluster }) => nearestCluster === null)).toBe(true);
    expect(day.map(({ population }) => population)).toEqual(
      day.map(({ population }) => population).sort((a, b) => b - a),
    );
  });

  it('leave out what is heard, and name the nearest cluster from their densest cell', () => {
    const grid = GRIDS.get(9) as ReachInput['grid'];
    const loud = cluster('loud', { lon: 105.6, lat: 9.75, horns: [{ ...ROUND, powerW: 1000 }] });
    const { spots, cells } = reckon([loud], { parameters: WITHOUT_DIRECTION });
    const silent = new Set<string>();
    for (let i = 0; i < grid.cellCount; i++)
      if ((cells.heardDay[i] as number) <= 3) silent.add(h3Of(grid, i));
    const day = spots.filter(({ period }) => period === 'day');
    for (const spot of day) {
      expect(silent.has(spot.densestCell)).toBe(true);
      expect(spot.nearestCluster?.id).toBe('loud');
      const x = projectX(grid.projection, spot.lon) - projectX(grid.projection, loud.lon);
      const y = projectY(grid.projection, spot.lat) - projectY(grid.projection, loud.lat);
      expect(Math.abs((spot.nearestCluster?.distanceM as number) / Math.hypot(x, y) - 1)).toBeLessThan(0.006);
    }
    const cellsInSpots = day.reduce((sum, { cells: n }) => sum + n, 0);
    expect(cellsInSpots).toBe(silent.size);
  });

  it('are only where enough people live', () => {
    const all = reckon([]).spots.reduce((sum, { cells: n }) => sum + n, 0);
    const settled = reckon([], { settled: { fromPeoplePerKm2: 1000 } }).spots;
    expect(settled.length).toBeGreaterThan(0);
    expect(settled.reduce((sum, { cells: n }) => sum + n, 0)).toBeLessThan(all);
  });
});
