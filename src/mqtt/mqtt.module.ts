import { Module } from '@nestjs/common';
import { IdentityModule } from '../modules/identity/index.js';
import { SpeakersModule } from '../modules/speakers/index.js';
import { BrokerAccess } from './access.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { MosquittoFiles } from './mosquitto-files.js';
import { MosquittoWatch } from './mosquitto-watch.js';
import { InboundModules, MqttTransport } from './transport.js';

/** The transport. Modules know nothing of it: they write outbox rows, and are called with what clusters say. */
@Module({
  imports: [IdentityModule, SpeakersModule],
  controllers: [AsyncApiController],
  providers: [BrokerAccess, InboundModules, MosquittoFiles, MosquittoWatch, MqttTransport],
  exports: [BrokerAccess, MosquittoFiles, MqttTransport],
})
export class MqttModule {}
