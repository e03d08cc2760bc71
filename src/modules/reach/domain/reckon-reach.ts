import { checkReachParameters, PERIODS, STATED_RANGES, type ReachParameters } from './parameters.js';
import { prepareClusters, type ReachCluster, type RegisteredCluster } from './reach-clusters.js';
import { computeReach, type ReachCells, type ReachHooks } from './reach-engine.js';
import type { ReachGrid } from './reach-grid.js';
import { ReachWarnings, type ReachWarning } from './reach-warnings.js';
import { silentSpots, type SettledRule, type SilentSpot } from './silent-spots.js';
import { figuresOfUnits, type ReachArea, type ReachFigure, type ReachParent } from './unit-figures.js';

/** Name and version of the way it is reckoned. The version changes whenever a result may. */
export const REACH_ENGINE = { id: 'iso-9613-speech', version: '1' } as const;

/** All that a run is reckoned from. Plain data: it can be sent to a thread. */
export interface ReachInput {
  grid: ReachGrid;
  areas: readonly ReachArea[];
  parents: readonly ReachParent[];
  clusters: readonly RegisteredCluster[];
  parameters: ReachParameters;
  settled: SettledRule;
}

export interface ReachResult {
  clusters: ReachCluster[];
  cells: ReachCells;
  figures: ReachFigure[];
  /** By day, then by night, those with most people first. */
  spots: SilentSpot[];
  warnings: ReachWarning[];
}

/** The whole of a run. Throws `ReachInputError` for parameters that make no sense. */
export function reckonReach(input: ReachInput, hooks: ReachHooks = {}): ReachResult {
  const { grid, parameters } = input;
  const plainLoudspeakers = input.areas.reduce((sum, area) => sum + area.plainLoudspeakers, 0);
  checkReachParameters(parameters);
  const warnings = new ReachWarnings();
  const { temperatureC, relativeHumidityPercent } = parameters.air;
  const outside = (value: number, [low, high]: readonly [number, number]) => value < low || value > high;
  if (
    outside(temperatureC, STATED_RANGES.temperatureC) ||
    outside(relativeHumidityPercent, STATED_RANGES.relativeHumidityPercent)
  )
    warnings.add('range.air', null);
  if (plainLoudspeakers > 0) warnings.add('loudspeakers.no-place', null, null, plainLoudspeakers);
  const clusters = prepareClusters(input.clusters, parameters, warnings);
  const cells = computeReach(grid, clusters, parameters, warnings, hooks);
  return {
    clusters,
    cells,
    figures: figuresOfUnits(grid, cells, input.areas, input.parents, parameters),
    spots: PERIODS.flatMap((period) => silentSpots(grid, cells, clusters, period, input.settled)),
    warnings: warnings.list(),
  };
}
