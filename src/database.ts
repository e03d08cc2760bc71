import type { EntityTarget } from 'typeorm';
import { AreaEntity } from './modules/areas/index.js';

/** Every table that is read or written through an entity. */
export const entities: EntityTarget<object>[] = [AreaEntity];
