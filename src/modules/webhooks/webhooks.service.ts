import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { CONFIG } from '../../common/tokens.js';
import type { Config } from '../../config/config.js';
import { resolveTarget, urlFault } from './address-guard.js';
import { sendMessage } from './send-message.js';
import { messageId, pingMessage } from './webhook-messages.js';
import { WEBHOOK_COLUMNS } from './webhook-sql.js';
import type {
  ChangeWebhookDto,
  CreatedWebhookDto,
  DeliveriesQuery,
  DeliveryDto,
  NewWebhookDto,
  PingDto,
  ReplayedDto,
  WebhookDto,
} from './webhooks.dto.js';

const SECRET_BYTES = 32;
const PING_TIMEOUT_MS = 10_000;
const MOST_REPLAYED = 100_000;

/** Who is told of changes. The secret of a webhook is shown when it is made and never again. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Newest first. */
  async list({ cursor, limit }: PageQuery): Promise<Page<WebhookDto>> {
    const rows = await this.uow.reader.query<(WebhookDto & { nr: string })[]>(
      `select ${WEBHOOK_COLUMNS}, nr from webhooks
        where $1::bigint is null or nr < $1 order by nr desc limit $2`,
      [numberOf(cursor), limit + 1],
    );
    const page = toPage(rows, limit, ({ nr }) => nr);
    return { items: page.items.map(({ nr: _nr, ...webhook }) => webhook), nextCursor: page.nextCursor };
  }

  async get(id: string, manager: EntityManager = this.uow.reader, lock = ''): Promise<WebhookDto> {
    const [webhook] = await manager.query<WebhookDto[]>(
      `select ${WEBHOOK_COLUMNS} from webhooks where id = $1 ${lock}`,
      [id],
    );
    if (!webhook) throw Problem.notFound({ en: 'webhook', vi: 'webhook' }, id);
    return webhook;
  }

  async create(input: NewWebhookDto): Promise<CreatedWebhookDto> {
    await this.assertMaySendTo(input.url);
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    return this.uow.run(async (tx) => {
      const [after] = await tx.manager.query<[WebhookDto]>(
        `insert into webhooks (name, url, resources, secret) values ($1, $2, $3, $4) returning ${WEBHOOK_COLUMNS}`,
        [input.name.trim(), input.url, input.resources, secret],
      );
      tx.emit(RESOURCE_CHANGED, { resource: 'webhook', id: after.id, action: 'create', before: null, after });
      return { ...after, secret };
    });
  }

  /** Making a paused one active lets it begin again with what waits. */
  async change(id: string, patch: ChangeWebhookDto): Promise<WebhookDto> {
    if (patch.url !== undefined) await this.assertMaySendTo(patch.url);
    return this.uow.run(async (tx) => {
      const before = await this.get(id, tx.manager, 'for update');
      const fresh = (patch.active === true && !before.active) || (patch.url ?? before.url) !== before.url;
      const [rows] = await tx.manager.query<[WebhookDto[], number]>(
        `update webhooks set name = $2, url = $3, resources = $4, active = $5,
                note = case when $6 then null else note end,
                failures = case when $6 then 0 else failures end,
                retry_at = case when $6 then null else retry_at end
          where id = $1 returning ${WEBHOOK_COLUMNS}`,
        [
          id,
          (patch.name ?? before.name).trim(),
          patch.url ?? before.url,
          patch.resources ?? before.resources,
          patch.active ?? before.active,
          fresh,
        ],
      );
      const after = rows[0]!;
      tx.emit(RESOURCE_CHANGED, { resource: 'webhook', id, action: 'update', before, after });
      return after;
    });
  }

  /** With what waited for it. */
  async remove(id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const before = await this.get(id, tx.manager, 'for update');
      await tx.manager.query(`delete from webhooks where id = $1`, [id]);
      tx.emit(RESOURCE_CHANGED, { resource: 'webhook', id, action: 'delete', before, after: null });
    });
  }

  /** What was and is to be sent; newest first. Ended ones are kept for 30 days. */
  async deliveries(id: string, { state, cursor, limit }: DeliveriesQuery): Promise<Page<DeliveryDto>> {
    await this.get(id);
    const rows = await this.uow.reader.query<Omit<DeliveryDto, 'messageId'>[]>(
      `select id, entry_id as "entryId", state, attempts, status, error, created_at as "createdAt",
              attempted_at as "attemptedAt"
         from webhook_deliveries
        where webhook_id = $1 and ($2::bigint is null or id < $2) and ($3::text is null or state = $3)
        order by id desc limit $4`,
      [id, numberOf(cursor), state ?? null, limit + 1],
    );
    const page = toPage(rows, limit, (row) => row.id);
    return {
      items: page.items.map((row) => ({ ...row, messageId: messageId(row.entryId) })),
      nextCursor: page.nextCursor,
    };
  }

  /** Sends the changes of a time and later once more, under the same message ids. */
  async replay(id: string, from: Date): Promise<ReplayedDto> {
    return this.uow.run(async ({ manager }) => {
      const { active, resources } = await this.get(id, manager, 'for update');
      if (!active)
        throw Problem.conflict('PAUSED', {
          en: 'The webhook is paused: make it active first.',
          vi: 'Webhook đang tạm dừng: hãy kích hoạt lại trước.',
        });
      const queued = await queueAgain(manager, id, from, resources);
      if (queued > MOST_REPLAYED)
        throw Problem.invalidField('from', 'TOO_MANY', {
          en: `from must be later: these are more than ${MOST_REPLAYED} changes`,
          vi: `from phải muộn hơn: có hơn ${MOST_REPLAYED} thay đổi`,
        });
      return { queued };
    });
  }

  /** Sends a message of no meaning at once and says what came of it; also to one that is paused. */
  async ping(id: string): Promise<PingDto> {
    const { url } = await this.get(id);
    const [row] = await this.uow.reader.query<{ secret: string }[]>(
      `select secret from webhooks where id = $1`,
      [id],
    );
    if (!row) throw Problem.notFound({ en: 'webhook', vi: 'webhook' }, id);
    const sent = await sendMessage(
      { url, secret: row.secret, id: `msg_ping_${randomUUID()}`, body: pingMessage(id, new Date()) },
      { allowPrivate: this.config.webhooksAllowPrivate, timeoutMs: PING_TIMEOUT_MS },
    );
    return { delivered: sent.error === null, ...sent };
  }

  private async assertMaySendTo(url: string): Promise<void> {
    const fault = urlFault(url, this.config.webhooksAllowPrivate);
    if (fault) throw Problem.invalidField('url', 'URL', fault);
    await resolveTarget(new URL(url), this.config.webhooksAllowPrivate).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw Problem.invalidField('url', 'ADDRESS', {
        en: `url cannot be sent to: ${why}`,
        vi: `không thể gửi tới url: ${why}`,
      });
    });
  }
}

/** Queues changes of `from` and later, one more than are allowed at most; says how many. */
async function queueAgain(
  manager: EntityManager,
  id: string,
  from: Date,
  resources: string[],
): Promise<number> {
  const rows = await manager.query<{ n: string }[]>(
    `with queued as (
       insert into webhook_deliveries (webhook_id, entry_id)
       select $1, id from (
         select id from audit_entries
          where at >= $2 and ('*' = any($3::text[]) or resource = any($3)) limit $4
       ) e order by id returning 1
     )
     select count(*) as n from queued`,
    [id, from, resources, MOST_REPLAYED + 1],
  );
  return Number(rows[0]?.n ?? 0);
}

/** The number behind a cursor; null without one. */
function numberOf(cursor: string | undefined): string | null {
  const key = decodeCursor(cursor);
  if (key === undefined) return null;
  if (/^\d{1,18}$/.test(key)) return key;
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}
