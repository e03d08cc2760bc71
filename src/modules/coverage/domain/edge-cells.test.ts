import { projectX, projectY, unproject, type Ring } from '../../../geo/index.js';
import { defaultParameters } from './defaults.js';
import { cellOf } from './fixtures/small-province.js';
import type { RunParameters } from './parameters.js';
import { findModel } from './propagation/registry.js';
import { computeRun } from './run.js';
import type { CoverageSnapshot, SnapshotArea, SnapshotSite } from './snapshot.js';
import { ALL_SUB_POINTS, countSubPoints, SUB_POINTS, subPointsOf } from './sub-points.js';

const RADIUS_M = 1500;
const HEIGHT_M = 31.5;
const FREQUENCY_MHZ = 1800;
const ALL_ROUND = { azimuthDeg: null, horizontalBeamwidthDeg: null, verticalBeamwidthDeg: 180, tiltDeg: 0 };

/** Free space, all round, from one height: what is covered are discs. */
function discParameters(resolution: number): RunParameters {
  const parameters = defaultParameters({ resolution });
  const free = { urban: 'free-space', suburban: 'free-space', open: 'free-space' } as const;
  return {
    ...parameters,
    models: { ...parameters.models, '4G': free },
    antenna: { ...parameters.antenna, sideLobeDb: 0 },
  };
}

function disc(code: string, lon: number, lat: number): SnapshotSite {
  const loss = findModel('free-space')?.pathLossDb({
    frequencyMhz: FREQUENCY_MHZ,
    baseHeightM: HEIGHT_M,
    mobileHeightM: 1.5,
    environment: 'open',
    distanceM: RADIUS_M,
  });
  const cell = cellOf({
    code,
    ...ALL_ROUND,
    frequencyMhz: FREQUENCY_MHZ,
    antennaHeightM: HEIGHT_M,
    referenceEirpDbm: (loss ?? NaN) + defaultParameters().thresholds['4G'].sufficientDbm,
  });
  return { code, lon, lat, structureHeightM: HEIGHT_M, cells: [cell] };
}

/** Two halves of a square of 0.05°, apart at 105.525°. */
function halves(): SnapshotArea[] {
  const half = (code: string, west: number): SnapshotArea => {
    const [east, south, north] = [west + 0.025, 9.7, 9.75];
    const ring: Ring = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
    const polygon = { type: 'Polygon' as const, coordinates: [ring] };
    return { code, polygon, population: 1000, households: 250, centres: [], parentCode: null };
  };
  return [half('west', 105.5), half('east', 105.525)];
}

const snapshotOf = (sites: SnapshotSite[]): CoverageSnapshot => ({
  dataVersion: 'x',
  boundaryDate: '2025-06-30',
  areas: halves(),
  parents: [],
  sites,
});

describe('sub-points', () => {
  it('are equal parts of the cell, all within it', () => {
    const { projection } = computeRun(snapshotOf([]), discParameters(9)).grid;
    const { east, north, radiusM } = subPointsOf(projection, 9);
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    expect(east).toHaveLength(SUB_POINTS);
    expect(Math.abs(sum(east)) / radiusM).toBeLessThan(0.05);
    expect(Math.abs(sum(north)) / radiusM).toBeLessThan(0.05);
    for (let k = 0; k < SUB_POINTS; k++)
      expect(Math.hypot(east[k] as number, north[k] as number)).toBeLessThan(radiusM);
    expect([0, 1, 0b1011, ALL_SUB_POINTS].map(countSubPoints)).toEqual([0, 1, 3, SUB_POINTS]);
  });

  it('of a cell that a boundary cuts are shared out as its ground is', () => {
    const { grid } = computeRun(snapshotOf([]), discParameters(10));
    let [cut, off] = [0, 0];
    grid.shareSubPoints.forEach((set, s) => {
      if (set === ALL_SUB_POINTS) return;
      cut++;
      off += Math.abs(countSubPoints(set) / SUB_POINTS - (grid.shareFraction[s] as number));
    });
    expect(cut).toBeGreaterThan(100);
    expect(off / cut).toBeLessThan(0.04);
  });
});

test('discs are covered as exact geometry has them, to 0.2 points, in the units that they are cut by', () => {
  const parameters = discParameters(10);
  const sites = [disc('A', 105.522, 9.72), disc('B', 105.529, 9.735)];
  const { grid, aggregates } = computeRun(snapshotOf(sites), parameters);
  // Fine squares of 4 m stand for exact geometry.
  const centres = sites.map(({ lon, lat }) => [
    projectX(grid.projection, lon),
    projectY(grid.projection, lat),
  ]);
  const stepM = 4;
  const [west, south] = [projectX(grid.projection, 105.5), projectY(grid.projection, 9.7)];
  const [east, north] = [projectX(grid.projection, 105.55), projectY(grid.projection, 9.75)];
  const [whole, covered] = [
    [0, 0],
    [0, 0],
  ];
  for (let y = south + stepM / 2; y < north; y += stepM)
    for (let x = west + stepM / 2; x < east; x += stepM) {
      const half = unproject(grid.projection, x, y)[0] < 105.525 ? 0 : 1;
      whole[half] = (whole[half] ?? 0) + 1;
      const inside = centres.some(([cx = 0, cy = 0]) => (x - cx) ** 2 + (y - cy) ** 2 <= RADIUS_M ** 2);
      if (inside) covered[half] = (covered[half] ?? 0) + 1;
    }
  for (const [half, unitCode] of ['west', 'east'].entries()) {
    const row = aggregates.coverage.find(
      (r) => r.unitCode === unitCode && r.technology === '4G' && r.operatorCode,
    );
    const exact = (100 * (covered[half] ?? 0)) / (whole[half] ?? 1);
    expect(exact).toBeGreaterThan(20);
    expect(Math.abs((row?.areaPercent ?? NaN) - exact)).toBeLessThan(0.2);
    // What is not covered is what nobody serves.
    const nobody = aggregates.operatorHistogram.find(
      (r) => r.unitCode === unitCode && r.technology === '4G' && r.operators === 0,
    );
    const unit = aggregates.units.find((u) => u.unitCode === unitCode);
    expect((nobody?.amounts.areaM2 ?? NaN) + (row?.covered.areaM2 ?? NaN)).toBeCloseTo(
      unit?.areaM2 ?? NaN,
      1,
    );
  }
});

test('a cell without an edge is as its centre, and more power covers no less', () => {
  const weak = computeRun(snapshotOf([disc('A', 105.522, 9.72)]), discParameters(9));
  const strong = computeRun(
    snapshotOf([disc('A', 105.522, 9.72), disc('B', 105.53, 9.74)]),
    discParameters(9),
  );
  for (const row of weak.aggregates.coverage) {
    const more = strong.aggregates.coverage.find(
      (r) =>
        r.unitCode === row.unitCode && r.technology === row.technology && r.operatorCode === row.operatorCode,
    );
    expect(more?.covered.areaM2).toBeGreaterThanOrEqual(row.covered.areaM2 - 1e-6);
  }
});
