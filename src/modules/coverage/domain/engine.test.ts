import fc from 'fast-check';
import { unproject } from '../../../geo/index.js';
import { antennaAttenuationDb } from './antenna.js';
import { defaultParameters } from './defaults.js';
import { chooseEngine } from '../engine/index.js';
import { countOperators } from './count-operators.js';
import { typescriptEngine } from './typescript-engine.js';
import type { LayerLevels } from './layer-levels.js';
import type { LevelEngine } from './level-engine.js';
import { seeded, smallAreas, smallSites } from './fixtures/small-province.js';
import { buildGrid, type CoverageGrid } from './grid.js';
import { receivedLevelDbm, shadowMarginDb } from './link-budget.js';
import type { RunParameters } from './parameters.js';
import { entryLossDb, MIN_DISTANCE_M, modelFor } from './path-loss-table.js';
import { CoverageCancelledError, type RunProgress } from './progress.js';
import { WarningCollector } from './run-warning.js';
import type { SnapshotSite } from './snapshot.js';
import { LAND_COVERS, type LandCover } from './technology.js';
import { weakestLevelDbm } from './transmitter-groups.js';
import { prepareTransmitters, type PreparedTransmitters, type Transmitter } from './transmitters.js';

const TOLERANCE_DB = 0.05;

const parameters = defaultParameters({ resolution: 8 });
const grid = buildGrid(smallAreas(), parameters);

const ENGINES = [typescriptEngine, chooseEngine().engine];
const each = ENGINES.map((engine) => [engine.id, engine] as const);

function levelsOf(
  engine: LevelEngine,
  sites: readonly SnapshotSite[],
  p: RunParameters = parameters,
  on: CoverageGrid = grid,
) {
  const prepared = prepareTransmitters(sites, p, on.projection, new WarningCollector());
  return { prepared, levels: engine.computeLevels(on, prepared, p) };
}

/** The level of one transmitter in one cell by the formulas alone, in double precision; −Infinity out of its range. */
function exactLevel(p: RunParameters, t: Transmitter, i: number): number {
  const east = (grid.x[i] as number) - t.x;
  const north = (grid.y[i] as number) - t.y;
  const ground = Math.hypot(east, north);
  if (ground > p.cutoffs[t.technology].maxRangeM) return -Infinity;
  const distanceM = Math.max(ground, MIN_DISTANCE_M);
  const landCover = LAND_COVERS[grid.landCover[i] as number] as LandCover;
  const pattern = {
    horizontalBeamwidthDeg: t.horizontalBeamwidthDeg,
    verticalBeamwidthDeg: t.verticalBeamwidthDeg,
    ...p.antenna,
  };
  const bearing = (Math.atan2(east, north) * 180) / Math.PI;
  const depression = (Math.atan2(t.heightM - p.mobileHeightM, distanceM) * 180) / Math.PI;
  return receivedLevelDbm(t.eirpDbm, {
    antennaDb: antennaAttenuationDb(pattern, bearing - (t.azimuthDeg ?? 0), depression, t.tiltDeg),
    pathLossDb: modelFor(p, t.technology, landCover).pathLossDb({
      frequencyMhz: t.frequencyMhz,
      distanceM,
      baseHeightM: t.heightM,
      mobileHeightM: p.mobileHeightM,
      environment: p.environments[landCover],
    }),
    entryLossDb: entryLossDb(p, landCover, t.frequencyMhz),
    marginDb: shadowMarginDb(p.probability, p.shadowSigmaDb),
  });
}

/**
 * What is wrong in a cell of a layer, if anything. A level within the tolerance of a limit may fall on either side of it.
 */
function faultOf(p: RunParameters, own: readonly Candidate[], layer: LayerLevels, i: number): string | null {
  const threshold = p.thresholds[layer.technology].sufficientDbm;
  const weakest = weakestLevelDbm(p, layer.technology);
  const heard = own.map((candidate) => ({ ...candidate, level: exactLevel(p, candidate.t, i) }));
  const best = heard.reduce((level, candidate) => Math.max(level, candidate.level), -Infinity);
  const found = layer.levelDbm[i] as number;
  const bestCell = layer.bestCell[i] as number;
  if (best < weakest - TOLERANCE_DB && (found !== -Infinity || bestCell !== -1)) return `${found} for none`;
  if (best > weakest + TOLERANCE_DB) {
    if (!(Math.abs(found - best) <= TOLERANCE_DB)) return `${found} for ${best}`;
    const chosen = heard.find(({ index }) => index === bestCell);
    if (!chosen || best - chosen.level > 2 * TOLERANCE_DB) return `server ${bestCell}`;
  }
  const serving = (limit: number) => heard.filter(({ level }) => level >= limit);
  const sites = (limit: number) => new Set(serving(limit).map(({ t }) => t.siteCode)).size;
  const [least, most] = [threshold + TOLERANCE_DB, threshold - TOLERANCE_DB];
  const cellCount = layer.servingCells[i] as number;
  const siteCount = layer.servingSites[i] as number;
  if (cellCount < serving(least).length || cellCount > serving(most).length) return `${cellCount} cells`;
  return siteCount < sites(least) || siteCount > sites(most) ? `${siteCount} sites` : null;
}

interface Candidate {
  t: Transmitter;
  index: number;
}

function faultsOf(
  p: RunParameters,
  prepared: PreparedTransmitters,
  levels: readonly LayerLevels[],
): string[] {
  return levels.flatMap((layer, l) => {
    const own = prepared.transmitters.flatMap((t, index) => (t.layerIndex === l ? [{ t, index }] : []));
    return Array.from({ length: grid.cellCount }, (_, i) => faultOf(p, own, layer, i)).filter(
      (fault) => fault !== null,
    );
  });
}

it('is there in both forms', () => {
  expect(chooseEngine().missing).toBeNull();
  expect(ENGINES.map(({ id }) => id)).toEqual(['typed-arrays', 'wasm-simd']);
});

/** Every choice that may leave a cell without its best: a seed of sites, and a place. */
const seeds = fc.integer({ min: 1, max: 10_000 });

/** Sites with beams from narrow to nearly round, tilted up and down, from under the mobile to the height of a tower; some of many sectors. */
function variedSites(seed: number): SnapshotSite[] {
  const random = seeded(seed);
  const between = (least: number, most: number): number => least + random() * (most - least);
  return smallSites(6, seed).map((site) => ({
    ...site,
    cells: [...site.cells, ...site.cells.map((cell) => ({ ...cell, code: `${cell.code}-more` }))].map(
      (cell) => ({
        ...cell,
        azimuthDeg: random() < 0.1 ? null : between(0, 360),
        horizontalBeamwidthDeg: between(8, 400),
        verticalBeamwidthDeg: between(4, 90),
        tiltDeg: between(-10, 25),
        antennaHeightM: random() < 0.8 ? cell.antennaHeightM : between(0.5, 150),
      }),
    ),
  }));
}

describe.each(each)('%s against a direct reckoning in double precision', (_id, engine) => {
  it.each([
    ['outdoor', 0.5],
    ['indoor', 0.9],
  ] as const)('%s at probability %d', (place, probability) => {
    const p = defaultParameters({ resolution: 8, place, probability });
    const { prepared, levels } = levelsOf(engine, smallSites(12, 3), p);
    expect(levels.length).toBeGreaterThan(8);
    expect(new Set(grid.landCover).size).toBe(3);
    expect(faultsOf(p, prepared, levels)).toEqual([]);
  });

  it('covers some of the province and not all, so that the comparison says something', () => {
    const p = defaultParameters({ resolution: 8, place: 'indoor', probability: 0.9 });
    const { prepared, levels } = levelsOf(engine, smallSites(12, 3), p);
    const served = levels.map((layer) => layer.servingCells.filter((n) => n > 0).length / grid.cellCount);
    expect(Math.max(...served)).toBeGreaterThan(0.3);
    expect(Math.min(...served)).toBeLessThan(0.7);
    // The comparison finds a difference of a tenth of a decibel.
    const [first, ...rest] = levels as [LayerLevels, ...LayerLevels[]];
    const shifted = { ...first, levelDbm: first.levelDbm.map((level) => level + 0.1) };
    expect(faultsOf(p, prepared, [shifted, ...rest]).length).toBeGreaterThan(0);
  });

  it('takes any antenna at any height, in each of its places', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom('outdoor', 'vehicle', 'indoor'), (seed, place) => {
        const p = defaultParameters({ resolution: 8, place, probability: 0.75 });
        const { prepared, levels } = levelsOf(engine, variedSites(seed), p);
        expect(faultsOf(p, prepared, levels)).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });

  it('has the true direction at the foot of a mast', () => {
    const foot = unproject(grid.projection, (grid.x[30] as number) + 3, grid.y[30] as number);
    const sites = smallSites(1, 8).map((site) => ({ ...site, lon: foot[0], lat: foot[1] }));
    const { prepared, levels } = levelsOf(engine, sites);
    expect(faultsOf(parameters, prepared, levels)).toEqual([]);
  });
});

describe.each(each)('%s', (_id, engine) => {
  it('never covers less with more power', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 0, max: 9 }),
        fc.double({ min: 0, max: 15, noNaN: true }),
        (seed, n, more) => {
          const sites = smallSites(10, seed);
          const stronger = sites.map((site, i) =>
            i === n
              ? {
                  ...site,
                  cells: site.cells.map((cell) => ({ ...cell, txPowerDbm: (cell.txPowerDbm ?? 0) + more })),
                }
              : site,
          );
          const before = levelsOf(engine, sites).levels;
          const after = levelsOf(engine, stronger).levels;
          const worse = before.flatMap((layer, l) => {
            const other = after[l] as LayerLevels;
            return Array.from(layer.levelDbm.keys()).filter(
              (i) =>
                (other.levelDbm[i] as number) < (layer.levelDbm[i] as number) ||
                (other.servingCells[i] as number) < (layer.servingCells[i] as number) ||
                (other.servingSites[i] as number) < (layer.servingSites[i] as number),
            );
          });
          expect(worse).toEqual([]);
        },
      ),
      { numRuns: 5 },
    );
  });

  it('does not mind the order of sites and cells', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const sites = smallSites(10, seed);
        const turned = sites.map((site) => ({ ...site, cells: site.cells.toReversed() })).toReversed();
        expect(levelsOf(engine, turned)).toEqual(levelsOf(engine, sites));
      }),
      { numRuns: 4 },
    );
  });

  it('gives equal levels to the lower site code, and counts both', () => {
    const [site] = smallSites(1, 8);
    if (!site) throw new Error('no site');
    const twins = [
      { ...site, code: 'b' },
      { ...site, code: 'a' },
    ];
    const { prepared, levels } = levelsOf(engine, twins);
    const winners = new Set(
      levels.flatMap((layer) => Array.from(layer.bestCell).filter((best) => best >= 0)),
    );
    expect(new Set([...winners].map((best) => prepared.transmitters[best]?.siteCode))).toEqual(
      new Set(['a']),
    );
    const counts = new Set(levels.flatMap((layer) => Array.from(layer.servingSites)));
    expect([...counts].sort()).toEqual([0, 2]);
  });

  it('counts a site once however many of its cells serve', () => {
    const { levels } = levelsOf(engine, smallSites(1, 8));
    const several = levels.some((layer) => layer.servingCells.some((n) => n > 1));
    expect(several).toBe(true);
    for (const layer of levels) expect(Math.max(...layer.servingSites)).toBeLessThanOrEqual(1);
  });

  it('tells how far it is, and stops when it is cancelled', () => {
    const prepared = prepareTransmitters(
      smallSites(5, 3),
      parameters,
      grid.projection,
      new WarningCollector(),
    );
    const told: RunProgress[] = [];
    engine.computeLevels(grid, prepared, parameters, { onProgress: (progress) => told.push(progress) });
    expect(told[0]).toMatchObject({ stage: 'levels', done: 0 });
    expect(told.at(-1)?.done).toBe(told.at(-1)?.total);
    const isCancelled = () => true;
    expect(() => engine.computeLevels(grid, prepared, parameters, { isCancelled })).toThrow(
      CoverageCancelledError,
    );
    expect(() => engine.openNetwork(grid, prepared, parameters, { isCancelled })).toThrow(
      CoverageCancelledError,
    );
  });

  it('gives nothing without sites', () => {
    expect(levelsOf(engine, []).levels).toEqual([]);
  });
});

describe('countOperators', () => {
  it('counts each operator once, for each technology and for any', () => {
    const layer = (operatorCode: string, technology: '4G' | '5G', servingCells: number[]): LayerLevels => ({
      operatorCode,
      technology,
      levelDbm: new Float32Array(3),
      bestCell: new Int32Array(3),
      servingCells: Uint16Array.from(servingCells),
      servingSites: new Uint16Array(3),
      servingSiteXor: new Uint32Array(3),
    });
    const counts = countOperators(
      [layer('a', '4G', [1, 5, 0]), layer('b', '4G', [1, 0, 0]), layer('a', '5G', [0, 2, 1])],
      3,
    );
    expect(counts).toEqual([
      { technology: null, operatorCount: Uint8Array.of(2, 1, 1) },
      { technology: '4G', operatorCount: Uint8Array.of(2, 1, 0) },
      { technology: '5G', operatorCount: Uint8Array.of(0, 1, 1) },
    ]);
  });
});
