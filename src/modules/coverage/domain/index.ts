/** Coverage analysis, pure: no database, no clock, no framework. */
export * from './propagation/model.js';
export * from './propagation/registry.js';
export * from './technology.js';
export * from './link-budget.js';
export * from './parameters.js';
export * from './defaults.js';
export * from './snapshot.js';
export * from './progress.js';
export type { RunWarning } from './run-warning.js';
export { cellId, type CoverageGrid } from './grid.js';
export { gridKey } from './grid-key.js';
export type { Layer, Transmitter } from './transmitters.js';
export type { LayerLevels } from './layer-levels.js';
export type { TechnologyOperators } from './engine.js';
export * from './aggregate.js';
export type { RangeReport } from './range-check.js';
export * from './manifest.js';
export * from './run.js';
