export { AreasModule } from './areas.module.js';
export { AreaEntity } from './area.entity.js';
export { communeAtSql, onGroundSql } from './area-sql.js';
export { AreasService } from './areas.service.js';
export { AreasWriter } from './areas.writer.js';
export type { Area, AreaImportRow, AreaRef, CommuneSnapshot, ImportResult } from './area.types.js';
export type { AreaKind } from './domain/area-rules.js';
export { isIsoDate } from './domain/dates.js';
