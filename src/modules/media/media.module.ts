import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { MediaController } from './media.controller.js';
import { MediaFileController } from './media-file.controller.js';
import { MediaService } from './media.service.js';

const HOUR_S = 3600;

@Module({
  controllers: [MediaController, MediaFileController],
  providers: [MediaService],
  exports: [MediaService],
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
