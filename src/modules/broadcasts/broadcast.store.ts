import type { EntityManager } from 'typeorm';
import type { CompleteAnnouncement } from './announcement-rules.js';
import type { Approval, BroadcastState } from './broadcast.types.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Anything else is the id of nothing, and would be an error to the database. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

export async function insertBroadcast(
  manager: EntityManager,
  announcement: CompleteAnnouncement,
  about: {
    id: string;
    state: BroadcastState;
    createdAt: Date;
    createdBy: string;
    approval: Approval | null;
    correlationId: string | null;
  },
): Promise<void> {
  const { title, sha256, target, volumePercent, repeat, startAt, onInterrupt, onOverrun, reason } =
    announcement;
  await manager.query(
    `insert into broadcasts (id, title, class, sha256, volume_percent, repeat, on_interrupt, start_at, target, reason,
                             state, created_at, created_by, correlation_id, approved_at, approved_by, on_overrun)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, $14, $15, $16, $17)`,
    [
      about.id,
      title,
      announcement.class,
      sha256,
      volumePercent,
      repeat,
      onInterrupt,
      startAt,
      JSON.stringify(target),
      reason,
      about.state,
      about.createdAt,
      about.createdBy,
      about.correlationId,
      about.approval?.at ?? null,
      about.approval?.by ?? null,
      onOverrun,
    ],
  );
}

export async function insertOccurrence(
  manager: EntityManager,
  occurrence: { id: string; broadcastId: string; startsAt: Date; overBy: Date },
): Promise<void> {
  await manager.query(
    `insert into occurrences (id, broadcast_id, starts_at, over_by) values ($1, $2, $3, $4)`,
    [occurrence.id, occurrence.broadcastId, occurrence.startsAt, occurrence.overBy],
  );
}

export interface LockedBroadcast {
  id: string;
  title: string;
  class: 'NORMAL' | 'PRIORITY' | 'EMERGENCY';
  state: BroadcastState;
  startAt: Date | null;
  stoppedAt: Date | null;
  settledAt: Date | null;
}

export async function lockBroadcast(
  manager: EntityManager,
  id: string,
): Promise<LockedBroadcast | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await manager.query<LockedBroadcast[]>(
    `select id, title, class, state, start_at as "startAt", stopped_at as "stoppedAt", settled_at as "settledAt"
       from broadcasts where id = $1 for update`,
    [id],
  );
  return row;
}

export async function markStopped(manager: EntityManager, id: string, at: Date, by: string): Promise<void> {
  await manager.query(
    `update broadcasts set state = 'STOPPED', stopped_at = $2, stopped_by = $3 where id = $1`,
    [id, at, by],
  );
}

/** A play that is not over, as far as anybody knows. `sent`: something of it has left, or is about to. */
export interface OpenPlay {
  playId: string;
  clusterId: string;
  areaId: string;
  sent: boolean;
  planned: boolean;
  overBy: Date;
}

export async function openPlays(manager: EntityManager, broadcastId: string): Promise<OpenPlay[]> {
  return manager.query<OpenPlay[]>(
    `select d.play_id as "playId", d.cluster_id as "clusterId", d.area_id as "areaId", o.over_by as "overBy",
            b.start_at is null or o.planned_at is not null as sent, o.planned_at is not null as planned
       from deliveries d join occurrences o on o.id = d.occurrence_id join broadcasts b on b.id = d.broadcast_id
      where d.broadcast_id = $1 and (not d.settled or d.state = 'UNKNOWN') order by d.play_id`,
    [broadcastId],
  );
}
