export { makeChime } from './domain/chime.js';
export type { MediaAsset } from './media-asset.js';
export { MediaModule } from './media.module.js';
export { MediaService } from './media.service.js';
