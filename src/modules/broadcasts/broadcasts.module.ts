import { Module, type OnModuleInit } from '@nestjs/common';
import { pruneAnswers } from '../../common/database/idempotency.js';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { AreasModule } from '../areas/index.js';
import { MediaModule } from '../media/index.js';
import { SpeakersModule } from '../speakers/index.js';
import { BroadcastReader } from './broadcast.reader.js';
import { BroadcastService } from './broadcast.service.js';
import { BroadcastsController } from './broadcasts.controller.js';
import { DeliveryListener } from './delivery-listener.js';
import { ForetoldController } from './foretold.controller.js';
import { ForetoldReader } from './foretold.reader.js';
import { PlanService } from './plan.service.js';
import { Settlement } from './settlement.js';
import { TargetResolver } from './target-resolver.js';
import { UrgentBroadcasts } from './urgent-broadcasts.js';

const SETTLE_EVERY_S = 2;
const PLAN_EVERY_S = 30;
const FORGET_EVERY_S = 3600;

@Module({
  imports: [AreasModule, SpeakersModule, MediaModule],
  controllers: [BroadcastsController, ForetoldController],
  providers: [
    BroadcastReader,
    BroadcastService,
    DeliveryListener,
    ForetoldReader,
    PlanService,
    Settlement,
    TargetResolver,
    UrgentBroadcasts,
  ],
  exports: [BroadcastService, BroadcastReader, TargetResolver, UrgentBroadcasts],
})
export class BroadcastsModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly uow: UnitOfWork,
    private readonly settlement: Settlement,
    private readonly plans: PlanService,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('broadcasts.settle', SETTLE_EVERY_S, () => this.settlement.settle());
    this.jobs.repeat('broadcasts.forget-answers', FORGET_EVERY_S, () => pruneAnswers(this.uow.reader));
    this.jobs.repeat('broadcasts.plan', PLAN_EVERY_S, () => this.plans.planComing());
  }
}
