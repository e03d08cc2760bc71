import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { LEVELS } from './domain/hazards.js';
import type { EmergencyState, EmergencyView, LiveCounts, SilentCluster } from './emergency.types.js';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SILENT_AT_MOST = 500;

const SELECT = `select e.id, e.kind, e.hazard, e.level, e.title, e.drill, e.sha256, e.target, e.summary, e.repeat,
    e.gap_s as "gapS", e.volume_percent as "volumePercent", e.valid_s as "validS", e.reason, e.about_id as "aboutId",
    case when b.id is not null then b.state when e.expires_at <= now() then 'EXPIRED' else 'PREPARED' end as state,
    e.prepared_at as "preparedAt", e.prepared_by as "preparedBy", e.expires_at as "expiresAt",
    e.confirmed_at as "confirmedAt", e.confirmed_by as "confirmedBy", e.broadcast_id as "broadcastId"
  from emergencies e left join broadcasts b on b.id = e.broadcast_id`;

/** Of whom no word about the play has come. */
const IS_SILENT = `d.accepted_at is null and d.started_at is null and d.last_word_at is null and not d.state in ('CANCELLED')`;

@Injectable()
export class EmergencyReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** @throws Problem 404 */
  async get(id: string, manager: EntityManager = this.uow.reader): Promise<EmergencyView> {
    const [row] = UUID.test(id)
      ? await manager.query<EmergencyView[]>(`${SELECT} where e.id = $1`, [id])
      : [];
    if (!row) throw Problem.notFound({ en: 'emergency', vi: 'bản tin khẩn cấp' }, id);
    return coloured(row);
  }

  /** Newest first. */
  async list(filter: {
    state?: EmergencyState;
    limit: number;
    cursor?: string;
  }): Promise<Page<EmergencyView>> {
    const [, at, id] = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(decodeCursor(filter.cursor) ?? '') ?? [];
    if (filter.cursor !== undefined && (id === undefined || !UUID.test(id)))
      throw Problem.invalidField('cursor', 'CURSOR', {
        en: 'cursor must be the nextCursor of an earlier page',
        vi: 'cursor phải là nextCursor của trang trước',
      });
    const rows = await this.uow.reader.query<EmergencyView[]>(
      `select * from (${SELECT}) as found
        where ($1::text is null or state = $1)
          and ($2::timestamptz is null or ("preparedAt", id) < ($2::timestamptz, $3::uuid))
        order by "preparedAt" desc, id desc limit $4`,
      [filter.state ?? null, at === undefined ? null : new Date(Number(at)), id ?? null, filter.limit + 1],
    );
    const page = toPage(rows, filter.limit, (row) => `${row.preparedAt.getTime()} ${row.id}`);
    return { ...page, items: page.items.map(coloured) };
  }

  /** Undefined: it is not on the air yet. */
  async live(id: string): Promise<LiveCounts | undefined> {
    const [row] = await this.uow.reader.query<(Omit<LiveCounts, 'silent'> & { broadcastId: string })[]>(
      `select b.id as "broadcastId", b.settled_at is not null as settled, count(*)::int as total,
              count(*) filter (where d.accepted_at is not null or d.started_at is not null
                                 or d.state = 'FINISHED')::int as reached,
              count(*) filter (where d.started_at is not null or d.state = 'FINISHED')::int as started,
              count(*) filter (where d.state = 'FINISHED')::int as finished,
              count(*) filter (where d.state in ('FAILED', 'REJECTED', 'MISSED', 'INTERRUPTED', 'CANCELLED',
                                                 'EXPIRED'))::int as failed
         from emergencies e join broadcasts b on b.id = e.broadcast_id join deliveries d on d.broadcast_id = b.id
        where e.id = $1 group by b.id`,
      [id],
    );
    if (!row) return undefined;
    const { broadcastId, ...counts } = row;
    return { ...counts, silent: await this.silent(broadcastId) };
  }

  private silent(broadcastId: string): Promise<SilentCluster[]> {
    return this.uow.reader.query<SilentCluster[]>(
      `select c.id as "clusterId", c.name, t.last_seen_at as "lastSeenAt", coalesce(a.codes, '{}') as alarms,
              case when t.online is null then 'NEVER_HEARD'
                   when not t.online then 'OFFLINE'
                   when 'clock' = any(a.codes) then 'CLOCK'
                   when a.codes is not null then 'ALARM'
                   else 'NO_ANSWER' end as reason
         from deliveries d join clusters c on c.id = d.cluster_id join cluster_twins t on t.cluster_id = d.cluster_id
         left join lateral (select array_agg(code order by code) as codes from alarms
                             where cluster_id = d.cluster_id and resolved_at is null) a on true
        where d.broadcast_id = $1 and ${IS_SILENT}
        order by c.id limit $2`,
      [broadcastId, SILENT_AT_MOST],
    );
  }
}

function coloured(row: EmergencyView): EmergencyView {
  return { ...row, colour: LEVELS.find(({ level }) => level === row.level)?.colour ?? null };
}
