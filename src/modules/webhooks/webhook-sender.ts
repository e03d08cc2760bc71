import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import type { Logger } from '../../common/logging/logger.js';
import { CONFIG, LOGGER } from '../../common/tokens.js';
import type { Config } from '../../config/config.js';
import { changesById } from '../audit/index.js';
import { retryDelayS } from './domain/retry.js';
import { sendMessage, type Sent } from './send-message.js';
import { changeMessage, messageId } from './webhook-messages.js';
import { WEBHOOK_COLUMNS } from './webhook-sql.js';
import type { WebhookDto } from './webhooks.dto.js';

const TIMEOUT_MS = 10_000;
/** A receiver keeps a round from its end for no longer than this and one time-out. */
const ROUND_MS = 10_000;
const BATCH = 20;
/** Receivers that are sent to at the same time. */
const AT_ONCE = 8;
const GONE = 410;
const KEPT_DAYS = 30;

interface Due {
  id: string;
  url: string;
  secret: string;
  failures: number;
}
interface Waiting {
  id: string;
  entryId: string;
}

/**
 * Sends what waits, of each webhook one after another in the order of the changes, at least once. A failure holds up its
 * webhook alone, longer each time; after about a day it is paused and the change that could not be delivered is given up.
 */
@Injectable()
export class WebhookSender {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One round over everything that is due. */
  async send(signal: AbortSignal): Promise<void> {
    const due = await this.uow.reader.query<Due[]>(
      `select id, url, secret, failures from webhooks w
        where active and (retry_at is null or retry_at <= now())
          and exists (select 1 from webhook_deliveries d where d.webhook_id = w.id and d.state = 'waiting')
        order by retry_at nulls first, nr`,
    );
    const senders = Array.from({ length: AT_ONCE }, async () => {
      for (let webhook = due.shift(); webhook && !signal.aborted; webhook = due.shift())
        await this.drain(webhook, signal);
    });
    await Promise.all(senders);
  }

  /** Removes what was delivered or given up long ago. */
  async prune(): Promise<void> {
    await this.uow.reader.query(
      `delete from webhook_deliveries where state <> 'waiting' and created_at < now() - make_interval(days => $1)`,
      [KEPT_DAYS],
    );
  }

  private async drain(webhook: Due, signal: AbortSignal): Promise<void> {
    const end = Date.now() + ROUND_MS;
    for (;;) {
      const waiting = await this.uow.reader.query<Waiting[]>(
        `select id, entry_id as "entryId" from webhook_deliveries
          where webhook_id = $1 and state = 'waiting' order by id limit $2`,
        [webhook.id, BATCH],
      );
      const changes = await changesById(
        this.uow.reader,
        waiting.map(({ entryId }) => entryId),
      );
      for (const delivery of waiting) {
        if (signal.aborted || Date.now() > end) return;
        const change = changes.get(delivery.entryId);
        if (!change) throw new Error(`entry ${delivery.entryId} of the audit trail is missing`);
        const sent = await sendMessage(
          { ...webhook, id: messageId(change.id), body: changeMessage(change) },
          { allowPrivate: this.config.webhooksAllowPrivate, timeoutMs: TIMEOUT_MS, signal },
        );
        if (sent.error !== null && signal.aborted) return;
        if (sent.error !== null) return this.failed(webhook, delivery, sent);
        await this.delivered(webhook, delivery, sent);
      }
      if (waiting.length < BATCH) return;
    }
  }

  private async delivered(webhook: Due, delivery: Waiting, sent: Sent): Promise<void> {
    await this.note(delivery, 'delivered', sent);
    if (webhook.failures === 0) return;
    webhook.failures = 0;
    await this.uow.reader.query(`update webhooks set failures = 0, retry_at = null where id = $1`, [
      webhook.id,
    ]);
  }

  private async failed(webhook: Due, delivery: Waiting, sent: Sent): Promise<void> {
    const failures = webhook.failures + 1;
    const delayS = sent.status === GONE ? undefined : retryDelayS(failures);
    if (delayS === undefined) return this.pause(webhook, delivery, sent);
    await this.note(delivery, 'waiting', sent);
    await this.uow.reader.query(
      `update webhooks set failures = $2, retry_at = now() + make_interval(secs => $3) where id = $1`,
      [webhook.id, failures, delayS],
    );
    this.logger.info({ webhook: webhook.id, failures, delayS, error: sent.error }, 'a webhook failed');
  }

  private async pause(webhook: Due, delivery: Waiting, sent: Sent): Promise<void> {
    await this.note(delivery, 'failed', sent);
    const note =
      sent.status === GONE
        ? 'paused: the receiver answered 410, it wants no more'
        : `paused: nothing could be delivered for about a day; last: ${sent.error}`;
    await this.uow.run(async (tx) => {
      const [before] = await tx.manager.query<WebhookDto[]>(
        `select ${WEBHOOK_COLUMNS} from webhooks where id = $1 and active for update`,
        [webhook.id],
      );
      if (!before) return;
      const [rows] = await tx.manager.query<[WebhookDto[], number]>(
        `update webhooks set active = false, note = $2, failures = 0, retry_at = null
          where id = $1 returning ${WEBHOOK_COLUMNS}`,
        [webhook.id, note],
      );
      tx.emit(RESOURCE_CHANGED, {
        resource: 'webhook',
        id: webhook.id,
        action: 'update',
        before,
        after: rows[0] ?? null,
        reason: note,
      });
    });
    this.logger.warn({ webhook: webhook.id, note }, 'a webhook was paused');
  }

  private async note(delivery: Waiting, state: string, { status, error }: Sent): Promise<void> {
    await this.uow.reader.query(
      `update webhook_deliveries set state = $2, status = $3, error = $4, attempts = attempts + 1,
              attempted_at = now()
        where id = $1 and state = 'waiting'`,
      [delivery.id, state, status, error],
    );
  }
}
