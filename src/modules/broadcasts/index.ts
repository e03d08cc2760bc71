export { BroadcastReader, type BroadcastFilter, type DeliveryFilter } from './broadcast.reader.js';
export { BroadcastService } from './broadcast.service.js';
export { BroadcastsModule } from './broadcasts.module.js';
export type {
  Announcement,
  AnnouncementTarget,
  BroadcastState,
  BroadcastView,
  DeliveryCounts,
  DeliveryView,
} from './broadcast.types.js';
export type { DeliveryState } from './domain/delivery-state.js';
