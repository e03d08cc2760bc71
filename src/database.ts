import type { EntityTarget } from 'typeorm';

/** Every table that is read or written through an entity. */
export const entities: EntityTarget<object>[] = [];
