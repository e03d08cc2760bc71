export { HamletsModule } from './hamlets.module.js';
export { HamletEntity } from './hamlet.entity.js';
export { HamletsReader } from './hamlets.reader.js';
export { HamletsWriter, removeHamlets } from './hamlets.writer.js';
export { checkHamlet, hamletRecord } from './domain/hamlet-rules.js';
export { loadHamlets } from './hamlet-sql.js';
export type { HamletRef, Settlement, StoredHamlet } from './hamlet.types.js';
export type { HamletInput, HamletRecord } from './domain/hamlet-rules.js';
