export { BoundaryGrids, type BoundaryGrid } from './boundary-grids.js';
export { CoverageModule } from './coverage.module.js';
export {
  CoverageFigureEntity,
  CoverageGridEntity,
  CoverageLayerEntity,
  CoverageRunEntity,
  CoverageTransmittersEntity,
} from './coverage.entities.js';
export { CoverageService } from './coverage.service.js';
export type {
  CoverageFigure,
  CoverageRun,
  CoverageRunSummary,
  DistrictFigures,
  RunRequest,
  RunState,
  Scenario,
} from './coverage.types.js';
export { OutageConsequences } from './planning/outage-consequences.js';
export type { FigureFilter } from './figures.reader.js';
export { CoverageInputError, LAND_COVERS, type CoverageGrid } from './domain/index.js';
export { packArrays, unpackArrays } from './typed-arrays.js';
export { plainError, runWorkerTask, type WorkerMessage } from './worker/worker-task.js';
export { ServersReader, type ServersRun } from './servers.reader.js';
export { indexOfCell } from './domain/grid-lookup.js';
export type { ServingSite } from './domain/servers-at.js';
