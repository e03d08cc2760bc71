import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { AreasModule } from '../areas/index.js';
import { BroadcastsModule } from '../broadcasts/index.js';
import { MediaModule } from '../media/index.js';
import { ProgrammeApprovalController } from './approval.controller.js';
import { ProgrammeApproval } from './approval.service.js';
import { ProgrammeCalendarController } from './calendar.controller.js';
import { ProgrammeCalendar } from './calendar.reader.js';
import { ProgrammeConflicts } from './conflicts.service.js';
import { Materialiser } from './materialiser.js';
import { ProgrammeOccurrences } from './occurrences.js';
import { ProgrammesController } from './programmes.controller.js';
import { ProgrammesReader } from './programmes.reader.js';
import { ProgrammesWriter } from './programmes.writer.js';

const PLAN_EVERY_S = 30;

@Module({
  imports: [AreasModule, MediaModule, BroadcastsModule],
  controllers: [ProgrammeCalendarController, ProgrammesController, ProgrammeApprovalController],
  providers: [
    Materialiser,
    ProgrammeApproval,
    ProgrammeCalendar,
    ProgrammeConflicts,
    ProgrammeOccurrences,
    ProgrammesReader,
    ProgrammesWriter,
  ],
})
export class ProgrammesModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly materialiser: Materialiser,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('programmes.plan', PLAN_EVERY_S, ({ signal }) => this.materialiser.run(signal));
  }
}
