import type { EntityManager } from 'typeorm';
import { currentCorrelationId } from '../context/request-context.js';
import { eventType } from '../events/event-bus.js';

export const OUTBOX_CHANNEL = 'outbox';

/** A message to be published once the transaction that wrote it has committed. */
export interface OutboxMessage {
  topic: string;
  payload: object;
  retain?: boolean;
  /** Not sent after this; the message's own expiry as well where the transport has one. */
  notAfter?: Date;
  /** What the sender calls this message, given back in `OUTBOX_PUBLISHED`. */
  ref?: string;
  /** Goes before all that is not, also before what is older and has the same topic. */
  urgent?: boolean;
  /** Whole documents: takes the place of messages with the same topic and ref that nobody has begun to send. */
  replaces?: boolean;
}

/** Told in the transaction that marks messages as handed to the broker, or as too late to send. */
export const OUTBOX_PUBLISHED = eventType<{ ref: string; outcome: 'published' | 'expired'; at: Date }>(
  'outbox.published',
);

export interface OutboxRow {
  id: string;
  topic: string;
  payload: object;
  retain: boolean;
  notAfter: Date | null;
  correlationId: string | null;
  ref: string | null;
  urgent: boolean;
}

export async function appendToOutbox(manager: EntityManager, messages: OutboxMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const correlationId = currentCorrelationId() ?? null;
  const replacing = messages.filter((m) => m.replaces);
  if (replacing.length > 0)
    await manager.query(
      `delete from outbox o using unnest($1::text[], $2::text[]) as m(topic, ref)
        where o.topic = m.topic and o.ref is not distinct from m.ref
          and o.done_at is null and o.locked_until is null`,
      [replacing.map((m) => m.topic), replacing.map((m) => m.ref ?? null)],
    );
  await manager.query(
    `insert into outbox (topic, payload, retain, not_after, correlation_id, ref, urgent)
     select m ->> 'topic', m -> 'payload', (m ->> 'retain')::boolean, (m ->> 'notAfter')::timestamptz, $2, m ->> 'ref',
            (m ->> 'urgent')::boolean
       from jsonb_array_elements($1::jsonb) with ordinality as list(m, nr) order by nr`,
    [
      JSON.stringify(
        messages.map((m) => ({
          topic: m.topic,
          payload: m.payload,
          retain: m.retain ?? false,
          notAfter: m.notAfter ?? null,
          ref: m.ref ?? null,
          urgent: m.urgent ?? false,
        })),
      ),
      correlationId,
    ],
  );
  await manager.query(`select pg_notify($1, '')`, [OUTBOX_CHANNEL]);
}

/**
 * Leases the oldest unsent messages, urgent ones first (or alone). A topic's messages are handed out in order, one at a time, so that an older
 * retained document can never overwrite a newer one, whichever worker sends it.
 */
export async function leaseOutbox(
  manager: EntityManager,
  limit: number,
  leaseS: number,
  urgentOnly = false,
): Promise<OutboxRow[]> {
  const [rows] = await manager.query<[OutboxRow[], number]>(
    `update outbox set locked_until = now() + make_interval(secs => $2), attempts = attempts + 1
      where id in (
        select o.id from outbox o
         where o.done_at is null and (o.locked_until is null or o.locked_until < now()) and (o.urgent or not $3)
           and not exists (select 1 from outbox earlier
                            where earlier.topic = o.topic and earlier.id < o.id and earlier.done_at is null
                              and (earlier.urgent or not o.urgent))
         order by o.urgent desc, o.id limit $1 for update skip locked)
      returning id, topic, payload, retain, not_after as "notAfter", correlation_id as "correlationId", ref, urgent`,
    [limit, leaseS, urgentOnly],
  );
  return rows.sort((a, b) => Number(b.urgent) - Number(a.urgent) || Number(BigInt(a.id) - BigInt(b.id)));
}

/** Marks messages as done; `expired` ones were never sent. */
export async function settleOutbox(
  manager: EntityManager,
  ids: string[],
  outcome: 'published' | 'expired',
): Promise<void> {
  if (ids.length === 0) return;
  await manager.query(
    `update outbox set done_at = now(), outcome = $2, locked_until = null where id = any($1::bigint[])`,
    [ids, outcome],
  );
}

/** Gives leases back after a failed hand-over, to be taken again after `delayS`. */
export async function releaseOutbox(
  manager: EntityManager,
  ids: string[],
  delayS: number,
  error: string,
): Promise<void> {
  if (ids.length === 0) return;
  await manager.query(
    `update outbox set locked_until = now() + make_interval(secs => $2), last_error = $3 where id = any($1::bigint[])`,
    [ids, delayS, error.slice(0, 500)],
  );
}

/** Sent messages are kept a while for a look, then removed. */
export async function pruneOutbox(manager: EntityManager, olderThanH: number): Promise<void> {
  await manager.query(`delete from outbox where done_at < now() - make_interval(hours => $1)`, [olderThanH]);
}
