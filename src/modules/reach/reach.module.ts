import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { CoverageModule } from '../coverage/index.js';
import { ClustersReader } from './clusters.reader.js';
import { ReachAnswers } from './reach-answers.js';
import { ReachController } from './reach.controller.js';
import { ReachJob } from './reach.job.js';
import { ReachRunStore } from './reach-run.store.js';
import { ReachRunsReader } from './reach-runs.reader.js';
import { ReachSettings } from './reach-settings.js';
import { ReachSettingsController } from './reach-settings.controller.js';
import { ReachService } from './reach.service.js';

@Module({
  imports: [AreasModule, CoverageModule],
  controllers: [ReachController, ReachSettingsController],
  providers: [
    ClustersReader,
    ReachAnswers,
    ReachJob,
    ReachRunStore,
    ReachRunsReader,
    ReachService,
    ReachSettings,
  ],
})
export class ReachModule {}
