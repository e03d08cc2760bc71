import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditReader } from './audit.reader.js';
import { AuditTrail } from './audit-trail.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeFeedController } from './change-feed.controller.js';
import { HistoryController } from './history.controller.js';
import { HistoryReader } from './history.reader.js';

/** Every change with who, when, why, before and after. It listens; nobody calls it. */
@Module({
  controllers: [AuditController, HistoryController, ChangeFeedController],
  providers: [AuditReader, AuditTrail, HistoryReader, ChangeFeed],
})
export class AuditModule {}
