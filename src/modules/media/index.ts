export { makeChime } from './domain/chime.js';
export type { MediaAsset } from './media-asset.js';
export { MediaModule } from './media.module.js';
export { MediaService } from './media.service.js';
export { type RenditionItem, type Voice } from './domain/rendition-item.js';
export { RenditionService } from './rendition/rendition.service.js';
