import { Module, type OnModuleInit } from '@nestjs/common';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { WebhookQueue } from './webhook-queue.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksService } from './webhooks.service.js';

const SEND_EVERY_S = 2;
const PRUNE_EVERY_S = 3600;

/** Tells other systems of changes (Standard Webhooks). It listens to the audit trail; nobody calls it. */
@Module({
  controllers: [WebhooksController],
  providers: [WebhooksService, WebhookQueue, WebhookSender],
})
export class WebhooksModule implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly sender: WebhookSender,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('webhooks.send', SEND_EVERY_S, ({ signal }) => this.sender.send(signal));
    this.jobs.repeat('webhooks.prune', PRUNE_EVERY_S, () => this.sender.prune());
  }
}
