export { BroadcastReader } from './broadcast.reader.js';
export { BroadcastService } from './broadcast.service.js';
export { BroadcastsModule } from './broadcasts.module.js';
export type {
  Announcement,
  AnnouncementTarget,
  BroadcastView,
  DeliveryCounts,
  DeliveryView,
} from './broadcast.types.js';
