import { Injectable } from '@nestjs/common';
import { EventBus } from '../../common/events/event-bus.js';
import { AUDIT_WRITTEN } from '../audit/index.js';

/** Notes what is to be sent to whom in the transaction that makes the change: neither can be without the other. */
@Injectable()
export class WebhookQueue {
  constructor(events: EventBus) {
    events.inTransaction(AUDIT_WRITTEN, async (written, manager) => {
      for (const { entries } of written)
        await manager.query(
          `insert into webhook_deliveries (webhook_id, entry_id)
           select w.id, e.id
             from unnest($1::bigint[], $2::text[]) as e(id, resource)
             join webhooks w on w.active and w.resources && array['*', e.resource]
            order by e.id, w.nr`,
          [entries.map(({ id }) => id), entries.map(({ resource }) => resource)],
        );
    });
  }
}
