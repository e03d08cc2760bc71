export { SitesModule } from './sites.module.js';
export { CellEntity, OperatorEntity, SiteEntity } from './site.entity.js';
export { OperatorsService } from './operators.service.js';
export { SitesService } from './sites.service.js';
export { SitesWriter } from './sites.writer.js';
export type { CellSnapshot, SiteInput } from './site.types.js';
