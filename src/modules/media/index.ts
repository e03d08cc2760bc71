export { makeChime } from './domain/chime.js';
export { MediaAsset, type MediaSource } from './media-asset.entity.js';
export { MediaModule } from './media.module.js';
export { MediaService, type NewMedia } from './media.service.js';
