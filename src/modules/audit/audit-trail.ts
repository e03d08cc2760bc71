import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { currentContext, SYSTEM_ACTOR } from '../../common/context/request-context.js';
import { type Emit, EventBus, RESOURCE_CHANGED, type ResourceChange } from '../../common/events/event-bus.js';
import { AUDIT_WRITTEN } from './written-changes.js';

/** A statement's parameter stays some megabytes small, whatever an import brings. */
const BATCH = 1_000;

/**
 * Writes every change down in the transaction that makes it: neither can be without the other. What must not be read
 * (hashes, verifiers) is left out by whoever emits the change.
 */
@Injectable()
export class AuditTrail {
  constructor(events: EventBus) {
    events.inTransaction(RESOURCE_CHANGED, (changes, manager, emit) => this.append(changes, manager, emit));
  }

  private async append(changes: ResourceChange[], manager: EntityManager, emit: Emit): Promise<void> {
    const context = currentContext();
    const actor = context?.actor ?? SYSTEM_ACTOR;
    for (let start = 0; start < changes.length; start += BATCH) {
      const entries = await manager.query<{ id: string; resource: string }[]>(
        `insert into audit_entries
           (actor_kind, actor_id, actor_name, correlation_id, resource, resource_id, action, before, after, reason)
         select $2, $3, $4, $5, c.resource, c.id, c.action,
                nullif(c.before, 'null'::jsonb), nullif(c.after, 'null'::jsonb), coalesce(c.reason, $6)
           from rows from (
                  jsonb_to_recordset($1::jsonb)
                    as (resource text, id text, action text, before jsonb, after jsonb, reason text)
                ) with ordinality as c(resource, id, action, before, after, reason, nr)
          order by c.nr
         returning id, resource`,
        [
          JSON.stringify(changes.slice(start, start + BATCH), plain),
          actor.kind,
          actor.id,
          actor.name,
          context?.correlationId ?? null,
          context?.reason ?? null,
        ],
      );
      emit(AUDIT_WRITTEN, { entries });
    }
  }
}

/** JSON has no bigint and no Set or Map; a change that holds one must still be written down. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (value instanceof Map) return Object.fromEntries(value as Map<string, unknown>);
  return value;
}
