export { FibreModule } from './fibre.module.js';
export { FibreEntity } from './fibre.entity.js';
export { FibreReader } from './fibre.reader.js';
export { FibreService } from './fibre.service.js';
export type { FibreInput } from './fibre.types.js';
