import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { AuditController } from './audit.controller.js';
import { AuditReader } from './audit.reader.js';
import { AuditTrail } from './audit-trail.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeFeedController } from './change-feed.controller.js';
import { HistoryController } from './history.controller.js';
import { HistoryReader } from './history.reader.js';

/** A feed that nobody reads must not leave all its work to the first who does. */
const FEED_EVERY_S = 60;

/** Every change with who, when, why, before and after. It listens; nobody calls it. */
@Module({
  controllers: [AuditController, HistoryController, ChangeFeedController],
  providers: [AuditReader, AuditTrail, HistoryReader, ChangeFeed],
})
export class AuditModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly feed: ChangeFeed,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('audit.feed', FEED_EVERY_S, () => this.feed.givePositions());
  }
}
