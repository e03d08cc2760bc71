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
export type { FigureFilter } from './figures.reader.js';
