/** Coverage analysis, pure: no database, no clock, no framework. */
export * from './propagation/model.js';
export * from './propagation/registry.js';
export {
  BUILDING_LOSSES,
  buildingEntryLossDb,
  VEHICLE_ENTRY_LOSS_DB,
  type BuildingLoss,
} from './propagation/building-entry.js';
export { antennaAttenuationDb, TR_36814_SECTOR, TR_38901_ELEMENT, type AntennaPattern } from './antenna.js';
export * from './technology.js';
export * from './link-budget.js';
export * from './parameters.js';
export * from './defaults.js';
export * from './snapshot.js';
export * from './progress.js';
export { WARNING_TEXTS, type RunWarning, type WarningCode } from './run-warning.js';
export { buildGrid, cellId, cellLonLat, type CoverageGrid, type GridOptions } from './grid.js';
export { gridKey } from './grid-key.js';
export type { Layer, Transmitter } from './transmitters.js';
export type { LayerLevels, TechnologyOperators } from './engine.js';
export * from './aggregate.js';
export type { RangeReport } from './range-check.js';
export * from './manifest.js';
export * from './run.js';
