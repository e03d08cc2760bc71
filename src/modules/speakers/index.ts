export { SpeakersModule } from './speakers.module.js';
export { BadMessages, type BadMessage } from './bad-messages.js';
export { ClusterService } from './cluster.service.js';
export { CommandService } from './command.service.js';
export { PlayLogService } from './play-log.service.js';
export * from './speakers.events.js';
export * from './speakers.types.js';
export { TwinService } from './twin.service.js';
