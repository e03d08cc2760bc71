import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { isUuid } from './broadcast.store.js';
import type { BroadcastState, BroadcastView, DeliveryCounts, DeliveryView } from './broadcast.types.js';
import { DELIVERY_STATES, type DeliveryState } from './domain/delivery-state.js';

export interface BroadcastFilter {
  state?: BroadcastState;
  /** By when they (were to) begin, half open. */
  from?: Date;
  to?: Date;
  limit: number;
  cursor?: string;
}
export interface DeliveryFilter {
  state?: DeliveryState;
  limit: number;
  cursor?: string;
}

const COLUMNS = `b.id, b.title, b.class, b.sha256, m.duration_s as "durationS", b.repeat,
  b.volume_percent as "volumePercent", b.on_interrupt as "onInterrupt", b.on_overrun as "onOverrun", b.start_at as "startAt", b.target, b.reason,
  b.state, b.created_at as "createdAt", b.created_by as "createdBy",
  b.approved_at as "approvedAt", b.approved_by as "approvedBy", b.stopped_at as "stoppedAt",
  b.stopped_by as "stoppedBy", b.settled_at as "settledAt", b.correlation_id as "correlationId"`;

type CountRow = Pick<DeliveryCounts, 'accepted' | 'started' | 'finished' | 'settled'> & {
  id: string;
  state: DeliveryState;
  count: number;
  firstStartedAt: Date | null;
  lastFinishedAt: Date | null;
};

/** What screens and reports ask: broadcasts with their counts, and deliveries one by one. */
@Injectable()
export class BroadcastReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** @throws Problem 404 */
  async get(id: string, manager: EntityManager = this.uow.reader): Promise<BroadcastView> {
    const rows = isUuid(id)
      ? await manager.query<Omit<BroadcastView, 'counts'>[]>(
          `select ${COLUMNS} from broadcasts b join media_assets m on m.sha256 = b.sha256 where b.id = $1`,
          [id],
        )
      : [];
    const [view] = await this.withCounts(rows, manager);
    if (!view) throw Problem.notFound({ en: 'broadcast', vi: 'bản tin phát' }, id);
    return view;
  }

  /** Newest first. */
  async list({ state, from, to, limit, cursor }: BroadcastFilter): Promise<Page<BroadcastView>> {
    const [, at, id] = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(decodeCursor(cursor) ?? '') ?? [];
    if (cursor !== undefined && (id === undefined || !isUuid(id))) throw invalidCursor();
    const rows = await this.uow.reader.query<Omit<BroadcastView, 'counts'>[]>(
      `select ${COLUMNS} from broadcasts b join media_assets m on m.sha256 = b.sha256
        where ($1::text is null or b.state = $1)
          and ($2::timestamptz is null or coalesce(b.start_at, b.created_at) >= $2)
          and ($3::timestamptz is null or coalesce(b.start_at, b.created_at) < $3)
          and ($4::timestamptz is null or (b.created_at, b.id) < ($4::timestamptz, $5::uuid))
        order by b.created_at desc, b.id desc limit $6`,
      [
        state ?? null,
        from ?? null,
        to ?? null,
        at === undefined ? null : new Date(Number(at)),
        id ?? null,
        limit + 1,
      ],
    );
    const page = toPage(rows, limit, (row) => `${row.createdAt.getTime()} ${row.id}`);
    return { ...page, items: await this.withCounts(page.items) };
  }

  /** By cluster. @throws Problem 404 */
  async deliveries(
    broadcastId: string,
    { state, limit, cursor }: DeliveryFilter,
  ): Promise<Page<DeliveryView>> {
    await this.assertExists(broadcastId);
    const [, clusterId, playId] =
      /^([a-z0-9-]{3,40}) ([0-9a-f-]{36})$/.exec(decodeCursor(cursor) ?? '') ?? [];
    if (cursor !== undefined && (playId === undefined || !isUuid(playId))) throw invalidCursor();
    const rows = await this.uow.reader.query<DeliveryView[]>(
      `select d.play_id as "playId", d.occurrence_id as "occurrenceId", d.cluster_id as "clusterId",
              c.name as "clusterName", d.area_id as "areaId", a.code as "areaCode", a.full_name as "areaName",
              d.state, d.settled, d.planned_at as "plannedAt", d.sent_at as "sentAt", d.accepted_at as "acceptedAt",
              d.started_at as "startedAt", d.finished_at as "finishedAt", d.ended_at as "endedAt",
              d.not_after as "notAfter", d.code, d.sha256_played as "sha256Played",
              d.volume_percent as "volumePercent", d.clock_synced as "clockSynced",
              d.clock_offset_ms as "clockOffsetMs", d.last_word_at as "lastWordAt"
         from deliveries d join clusters c on c.id = d.cluster_id join areas a on a.id = d.area_id
        where d.broadcast_id = $1 and ($2::text is null or d.state = $2)
          and ($3::text is null or (d.cluster_id, d.play_id) > ($3::text, $4::uuid))
        order by d.cluster_id, d.play_id limit $5`,
      [broadcastId, state ?? null, clusterId ?? null, playId ?? null, limit + 1],
    );
    return toPage(rows, limit, (row) => `${row.clusterId} ${row.playId}`);
  }

  private async assertExists(id: string): Promise<void> {
    const rows = isUuid(id)
      ? await this.uow.reader.query<unknown[]>(`select 1 from broadcasts where id = $1`, [id])
      : [];
    if (rows.length === 0) throw Problem.notFound({ en: 'broadcast', vi: 'bản tin phát' }, id);
  }

  private async withCounts(
    rows: readonly Omit<BroadcastView, 'counts'>[],
    manager: EntityManager = this.uow.reader,
  ): Promise<BroadcastView[]> {
    if (rows.length === 0) return [];
    const counts = await manager.query<CountRow[]>(
      `select broadcast_id as id, state, count(*)::int as count,
              count(*) filter (where accepted_at is not null or started_at is not null or state = 'FINISHED')::int
                as accepted,
              count(*) filter (where started_at is not null or state = 'FINISHED')::int as started,
              count(*) filter (where state = 'FINISHED')::int as finished,
              count(*) filter (where settled)::int as settled,
              min(started_at) as "firstStartedAt", max(finished_at) as "lastFinishedAt"
         from deliveries where broadcast_id = any($1::uuid[]) group by broadcast_id, state`,
      [rows.map(({ id }) => id)],
    );
    return rows.map((row) => ({ ...row, counts: summed(counts.filter(({ id }) => id === row.id)) }));
  }
}

function summed(rows: readonly CountRow[]): DeliveryCounts {
  const sum = (of: (row: CountRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const times = (of: (row: CountRow) => Date | null) =>
    rows.flatMap((row) => of(row)?.getTime() ?? []).sort((a, b) => a - b);
  const first = times((row) => row.firstStartedAt).at(0);
  const last = times((row) => row.lastFinishedAt).at(-1);
  return {
    total: sum((row) => row.count),
    byState: Object.fromEntries(
      DELIVERY_STATES.map((state) => [state, rows.find((row) => row.state === state)?.count ?? 0]),
    ) as Record<DeliveryState, number>,
    accepted: sum((row) => row.accepted),
    started: sum((row) => row.started),
    finished: sum((row) => row.finished),
    settled: sum((row) => row.settled),
    firstStartedAt: first === undefined ? null : new Date(first),
    lastFinishedAt: last === undefined ? null : new Date(last),
  };
}

function invalidCursor(): Problem {
  return Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}
