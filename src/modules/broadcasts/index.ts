export { BroadcastReader } from './broadcast.reader.js';
export { BroadcastService } from './broadcast.service.js';
export { BroadcastsModule } from './broadcasts.module.js';
export { DELIVERY_STATES, type DeliveryState } from './domain/delivery-state.js';
export { TargetDto } from './broadcast.dto.js';
export { TargetResolver } from './target-resolver.js';
export { UrgentBroadcasts } from './urgent-broadcasts.js';
export type {
  Announcement,
  AnnouncementTarget,
  Approval,
  BroadcastView,
  DeliveryCounts,
  DeliveryView,
} from './broadcast.types.js';
