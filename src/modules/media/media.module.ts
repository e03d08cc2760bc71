import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { MediaController } from './media.controller.js';
import { MediaFileController } from './media-file.controller.js';
import { MediaService } from './media.service.js';
import { RenditionsController } from './rendition/renditions.controller.js';
import { RenditionService } from './rendition/rendition.service.js';
import { EspeakEngine } from './speech/espeak-engine.js';
import { SpeechEngine } from './speech/speech-engine.js';

const HOUR_S = 3600;

@Module({
  controllers: [RenditionsController, MediaController, MediaFileController],
  providers: [MediaService, RenditionService, { provide: SpeechEngine, useClass: EspeakEngine }],
  exports: [MediaService, RenditionService],
})
export class MediaModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly media: MediaService,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('media.abandoned-uploads', HOUR_S, () => this.media.removeAbandonedUploads());
  }
}
