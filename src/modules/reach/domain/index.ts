/** Who hears the loudspeakers, pure: no database, no clock, no framework. */
export * from './parameters.js';
export * from './reach-clusters.js';
export type { ReachCells } from './reach-engine.js';
export { SUB_POINTS, type ReachGrid } from './reach-grid.js';
export type { ReachWarning } from './reach-warnings.js';
export * from './explain.js';
export type { SilentSpot } from './silent-spots.js';
export type { ReachFigure } from './unit-figures.js';
export * from './reckon-reach.js';
