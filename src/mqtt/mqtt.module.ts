import { Module, type OnModuleInit } from '@nestjs/common';
import { pruneOutbox } from '../common/database/outbox.js';
import { UnitOfWork } from '../common/database/unit-of-work.js';
import { JobRunner } from '../common/jobs/job-runner.js';
import { IdentityModule } from '../modules/identity/index.js';
import { SpeakersModule } from '../modules/speakers/index.js';
import { BrokerAccess } from './access.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { MosquittoFiles } from './mosquitto-files.js';
import { MosquittoWatch } from './mosquitto-watch.js';
import { InboundModules, MqttTransport } from './transport.js';

const PRUNE_EVERY_S = 3600;
const KEPT_H = 24;

/** The transport. Modules know nothing of it: they write outbox rows, and are called with what clusters say. */
@Module({
  imports: [IdentityModule, SpeakersModule],
  controllers: [AsyncApiController],
  providers: [BrokerAccess, InboundModules, MosquittoFiles, MosquittoWatch, MqttTransport],
  exports: [BrokerAccess, MosquittoFiles, MqttTransport],
})
export class MqttModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly uow: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('outbox.prune', PRUNE_EVERY_S, () => pruneOutbox(this.uow.reader, KEPT_H));
  }
}
