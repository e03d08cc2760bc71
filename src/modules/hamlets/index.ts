export { HamletsModule } from './hamlets.module.js';
export { HamletEntity } from './hamlet.entity.js';
export { HamletsReader } from './hamlets.reader.js';
export { HamletsWriter } from './hamlets.writer.js';
export type { HamletRef } from './hamlet.types.js';
export type { HamletInput } from './domain/hamlet-rules.js';
