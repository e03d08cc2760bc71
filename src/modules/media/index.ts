export { makeChime } from './domain/chime.js';
export type { MediaAsset, MediaSource } from './media-asset.js';
export { MediaModule } from './media.module.js';
export { MediaService, type NewMedia } from './media.service.js';
