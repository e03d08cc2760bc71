import { aggregate, type CoverageAggregates } from './aggregate.js';
import { countOperators, type TechnologyOperators } from './count-operators.js';
import { edgesOf } from './edge-cells.js';
import { typescriptEngine } from './typescript-engine.js';
import type { LayerLevels } from './layer-levels.js';
import type { LevelEngine } from './level-engine.js';
import { gridKey, type GridOptions } from './grid-key.js';
import type { Ground } from './ground/ground.js';
import { buildGrid, type CoverageGrid } from './grid.js';
import { shadowMarginDb } from './link-budget.js';
import type { GroundFound, ManifestModel, PeopleSpread, RunManifest } from './manifest.js';
import { checkParameters, type RunParameters } from './parameters.js';
import { modelFor } from './path-loss-table.js';
import { step, type RunHooks } from './progress.js';
import type { ModelId } from './propagation/registry.js';
import { checkRanges } from './range-check.js';
import { WarningCollector } from './run-warning.js';
import { knownCount } from './settlement.js';
import type { CoverageSnapshot, SnapshotArea } from './snapshot.js';
import { LAND_COVERS, TECHNOLOGIES } from './technology.js';
import { prepareTransmitters, type PreparedTransmitters, type Transmitter } from './transmitters.js';

/** Levels and counts in each cell of the grid; every array is in the grid's order. */
export interface CoverageCells {
  layers: LayerLevels[];
  operators: TechnologyOperators[];
  /** What `bestCell` of a layer points into. */
  transmitters: Transmitter[];
}

export interface RunResult {
  grid: CoverageGrid;
  cells: CoverageCells;
  aggregates: CoverageAggregates;
  manifest: RunManifest;
}

/** The part of the parameters that the grid depends on, and what the snapshot knows of the ground. */
export function gridOptionsOf(parameters: RunParameters, ground?: Ground): GridOptions {
  const { resolution, settlement, landCover } = parameters;
  return { resolution, settlement, landCover, ...(ground ? { ground } : {}) };
}

/** The areas of a snapshot that a grid is made of: those with an extent, each code once. */
export function usableAreas(areas: readonly SnapshotArea[], warnings?: WarningCollector): SnapshotArea[] {
  const seen = new Set<string>();
  return areas.filter((area) => {
    if (seen.has(area.code)) {
      warnings?.add('area.duplicate', area.code);
      return false;
    }
    seen.add(area.code);
    if (area.polygon.coordinates.length === 0) {
      warnings?.add('area.empty', area.code);
      return false;
    }
    return true;
  });
}

/** What distinguishes the views of a run: everything else is common to them. */
export type RunView = Pick<RunParameters, 'place' | 'probability'>;

/** What all views of a run share: neither grid nor transmitters depend on where the mobile is or how sure one wants to be. */
export interface PreparedRun {
  snapshot: CoverageSnapshot;
  parameters: RunParameters;
  areas: SnapshotArea[];
  grid: CoverageGrid;
  transmitters: PreparedTransmitters;
  warnings: WarningCollector;
}

/**
 * The first half of a run: grid and transmitters. `place` and `probability` of the parameters do not matter here.
 *
 * @param madeGrid a grid kept from an earlier run; it is used when its key fits, else a new one is made.
 * @throws CoverageInputError when the parameters make no sense or no area has a boundary; CoverageCancelledError when cancelled.
 *   Bad sites and cells never throw: they are left out and named in `warnings`.
 */
export function prepareRun(
  snapshot: CoverageSnapshot,
  parameters: RunParameters,
  hooks: RunHooks = {},
  madeGrid?: CoverageGrid,
): PreparedRun {
  checkParameters(parameters);
  const warnings = new WarningCollector();
  const areas = usableAreas(snapshot.areas, warnings);
  warnOfUnknownPeople(areas, warnings);
  const options = gridOptionsOf(parameters, snapshot.ground);
  step(hooks, 'grid', 0, areas.length);
  const grid = madeGrid?.key === gridKey(areas, options) ? madeGrid : buildGrid(areas, options, hooks);
  areas.forEach((area, a) => {
    if (grid.areaTotalM2[a] === 0) warnings.add('area.empty', area.code);
  });
  step(hooks, 'grid', areas.length, areas.length);

  step(hooks, 'transmitters', 0, snapshot.sites.length);
  const transmitters = prepareTransmitters(snapshot.sites, parameters, grid.projection, warnings);
  step(hooks, 'transmitters', snapshot.sites.length, snapshot.sites.length);
  return { snapshot, parameters, areas, grid, transmitters, warnings };
}

/**
 * The second half: levels, aggregates and manifest of one view. Any number of views may be reckoned of what was prepared, in any
 * order, and each is what it would be by itself.
 *
 * @throws CoverageInputError when the view makes no sense; CoverageCancelledError when cancelled.
 */
export function computeView(
  prepared: PreparedRun,
  view: RunView,
  hooks: RunHooks = {},
  engine: LevelEngine = typescriptEngine,
): RunResult {
  const { snapshot, areas, grid, transmitters: network } = prepared;
  const parameters = { ...prepared.parameters, place: view.place, probability: view.probability };
  checkParameters(parameters);
  const layers = engine.computeLevels(grid, network, parameters, hooks);
  step(hooks, 'aggregates', 0, 1);
  const operators = countOperators(layers, grid.cellCount);
  const edges = edgesOf(grid, layers, network.transmitters, parameters);
  const aggregates = aggregate(grid, areas, snapshot.parents, layers, operators, edges);
  const ranges = checkRanges(grid, layers, network.transmitters, parameters);
  step(hooks, 'aggregates', 1, 1);
  return {
    grid,
    cells: { layers, operators, transmitters: network.transmitters },
    aggregates,
    manifest: {
      manifestVersion: 1,
      engine: { id: engine.id, version: engine.version },
      dataVersion: snapshot.dataVersion,
      boundaryDate: snapshot.boundaryDate,
      models: modelsUsed(network, parameters),
      parameters,
      marginDb: shadowMarginDb(parameters.probability, parameters.shadowSigmaDb),
      grid: {
        key: grid.key,
        resolution: grid.resolution,
        cells: grid.cellCount,
        areas: areas.length,
        areaM2: grid.areaTotalM2.reduce((a, b) => a + b, 0),
      },
      ground: groundFound(grid),
      people: peopleSpread(areas),
      transmitters: {
        sites: snapshot.sites.length,
        cellsGiven: network.cellsGiven,
        cellsUsed: network.transmitters.length,
        cellsSkipped: network.cellsSkipped,
        cellsWithAssumedValues: network.cellsWithAssumedValues,
        assumed: network.assumed,
      },
      ranges,
      warnings: prepared.warnings.list(),
    },
  };
}

/**
 * A whole run of one view. Pure: the same input gives the same result, bit by bit, whatever the order of sites and cells. See
 * `prepareRun` for a grid that was made before, and for the errors.
 */
export function computeRun(
  snapshot: CoverageSnapshot,
  parameters: RunParameters,
  hooks: RunHooks = {},
  madeGrid?: CoverageGrid,
  engine: LevelEngine = typescriptEngine,
): RunResult {
  return computeView(prepareRun(snapshot, parameters, hooks, madeGrid), parameters, hooks, engine);
}

function warnOfUnknownPeople(areas: readonly SnapshotArea[], warnings: WarningCollector): void {
  for (const area of areas) {
    if (knownCount(area.population) === null) warnings.add('area.population', area.code);
    if (knownCount(area.households) === null) warnings.add('area.households', area.code);
  }
}

function groundFound(grid: CoverageGrid): GroundFound {
  const { cellCount: cells, water, waterM2 = 0, landCoverCells } = grid;
  return {
    landCover: {
      from: landCoverCells === undefined ? 'people-density' : 'source',
      cellsFromSource: landCoverCells ?? 0,
      cells,
    },
    water: water
      ? { state: 'excluded', areaM2: waterM2, cellsWithWater: water.filter((part) => part > 0).length }
      : { state: 'unknown' },
  };
}

function peopleSpread(areas: readonly SnapshotArea[]): PeopleSpread {
  const others = areas.filter(({ people }) => !people?.length);
  const communesWithCentres = others.filter(({ centres }) => centres.length > 0).length;
  return {
    communes: areas.length,
    communesFromSource: areas.length - others.length,
    communesWithCentres,
    centres: others.reduce((sum, { centres }) => sum + centres.length, 0),
    communesSpreadEvenly: others.length - communesWithCentres,
  };
}

/** The models of the technologies that occur. */
function modelsUsed(prepared: PreparedTransmitters, parameters: RunParameters): ManifestModel[] {
  const models = new Map<string, ManifestModel>();
  for (const technology of TECHNOLOGIES) {
    if (!prepared.layers.some((layer) => layer.technology === technology)) continue;
    for (const landCover of LAND_COVERS) {
      const { id, version, source } = modelFor(parameters, technology, landCover);
      const used = models.get(id) ?? { id: id as ModelId, version, source, usedFor: [] };
      used.usedFor.push({ technology, landCover });
      models.set(id, used);
    }
  }
  return [...models.values()];
}
