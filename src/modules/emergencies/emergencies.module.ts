import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { AreasModule } from '../areas/index.js';
import { BroadcastsModule } from '../broadcasts/index.js';
import { MediaModule } from '../media/index.js';
import { SpeakersModule } from '../speakers/index.js';
import { EmergenciesController } from './emergencies.controller.js';
import { EmergencyReader } from './emergency.reader.js';
import { EmergencyService } from './emergency.service.js';
import { EmergencyTargets } from './emergency-targets.js';
import { EmergencyLadder } from './ladder.service.js';
import { LiveEmergencies } from './live-counts.js';
import { EmergencyTemplates } from './templates.service.js';
import { TemplatesController } from './templates.controller.js';

const CLIMB_EVERY_S = 1;

@Module({
  imports: [AreasModule, SpeakersModule, MediaModule, BroadcastsModule],
  // The words under the same path as ids come first.
  controllers: [TemplatesController, EmergenciesController],
  providers: [
    EmergencyLadder,
    EmergencyReader,
    EmergencyService,
    EmergencyTargets,
    EmergencyTemplates,
    LiveEmergencies,
  ],
})
export class EmergenciesModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly ladder: EmergencyLadder,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('emergencies.ladder', CLIMB_EVERY_S, () => this.ladder.climb());
  }
}
