import type { EntityManager } from 'typeorm';
import { currentContext, SYSTEM_ACTOR } from '../../common/context/request-context.js';
import type { BlockReason, Lifecycle } from './domain/site-model.js';

/** One step of a site's life, as kept. `from` is null for the state that a site began with. */
export interface SiteTransition {
  id: string;
  from: Lifecycle | null;
  to: Lifecycle;
  reason: BlockReason | null;
  note: string | null;
  /** The day from which the state holds. */
  on: string;
  /** When it was told, and by whom. */
  at: Date;
  by: { kind: string; id: string; name: string };
}

/** What is to be kept; who tells it is taken from the request. */
export type NewTransition = Pick<SiteTransition, 'from' | 'to' | 'reason' | 'note' | 'on'> & {
  siteId: string;
};

export async function logTransitions(manager: EntityManager, steps: readonly NewTransition[]): Promise<void> {
  if (steps.length === 0) return;
  const { kind, id, name } = currentContext()?.actor ?? SYSTEM_ACTOR;
  await manager.query(
    `insert into site_transitions (site_id, from_state, to_state, reason, note, on_day, actor_kind, actor_id, actor_name)
     select "siteId", "from", "to", reason, note, "on", $2, $3, $4
       from jsonb_to_recordset($1::jsonb) as r("siteId" uuid, "from" text, "to" text, reason text, note text, "on" date)`,
    [JSON.stringify(steps), kind, id, name],
  );
}

/** Steps of a site, the latest first; `before` is the id of the last step of the page before. */
export async function transitionsOf(
  manager: EntityManager,
  siteId: string,
  limit: number,
  before?: string,
): Promise<SiteTransition[]> {
  return manager.query<SiteTransition[]>(
    `select id::text as id, from_state as "from", to_state as "to", reason, note, on_day::text as "on", at,
            jsonb_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name) as by
       from site_transitions where site_id = $1 and ($2::bigint is null or id < $2::bigint)
      order by site_transitions.id desc limit $3`,
    [siteId, before ?? null, limit],
  );
}

/**
 * SQL expression of the state of `sites s` on a day: that of the last step by then. What was before the first step nobody has told; the state that it
 * began with is taken for it.
 */
export function stateOnDaySql(date: string): string {
  return `coalesce(
    (select t.to_state from site_transitions t where t.site_id = s.id and t.on_day <= ${date}::date
      order by t.on_day desc, t.id desc limit 1),
    (select t.to_state from site_transitions t where t.site_id = s.id order by t.on_day, t.id limit 1),
    s.lifecycle)`;
}
