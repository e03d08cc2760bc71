import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import type { Bbox } from '../../geo/index.js';
import { CLUSTER_COLUMNS } from './cluster.store.js';
import type { AlarmView, ClusterDetail, ClusterListItem, DeadLetterView, TwinView } from './cluster.views.js';
import { COMMAND_COLUMNS } from './command.reader.js';
import type { CommandView } from './speakers.types.js';

export interface ClusterFilter {
  bbox?: Bbox;
  /** Units, those below them included already. */
  areaIds?: readonly string[];
  groupId?: string;
  /** null: never heard. */
  online?: boolean | null;
  active?: boolean;
  /** Part of the name or code; marks and letter case do not matter. */
  q?: string;
  limit: number;
  cursor?: string;
}

export interface ClusterCounts {
  clusters: number;
  /** In service, by presence. */
  online: number;
  offline: number;
  neverHeard: number;
  outOfService: number;
  horns: number;
  plainLoudspeakers: number;
  openAlarms: number;
}

const NEWEST = 20;
const LIST_COLUMNS = `${CLUSTER_COLUMNS}, a.code as "areaCode", a.full_name as "areaName", t.online,
  t.last_seen_at as "lastSeenAt", round(extract(epoch from now() - t.last_seen_at))::int as "ageS",
  (select count(*)::int from alarms m where m.cluster_id = c.id and m.resolved_at is null) as "openAlarms",
  t.desired_version::float8 as "desiredVersion", t.reported_version::float8 as "reportedVersion",
  c.updated_at as "updatedAt"`;
const LIST_FROM = `from clusters c join cluster_twins t on t.cluster_id = c.id join areas a on a.id = c.area_id`;

/** Lists and pages about clusters. */
@Injectable()
export class ClusterReader {
  constructor(private readonly uow: UnitOfWork) {}

  async list(filter: ClusterFilter): Promise<Page<ClusterListItem>> {
    const { bbox, areaIds, groupId, online, active, q, limit, cursor } = filter;
    const presence = online === undefined ? null : online === null ? 'never' : online ? 'yes' : 'no';
    const rows = await this.uow.reader.query<ClusterListItem[]>(
      `select ${LIST_COLUMNS} ${LIST_FROM}
        where ($1::float8 is null or c.position::geometry && st_makeenvelope($1, $2, $3, $4, 4326))
          and ($5::uuid[] is null or c.area_id = any($5))
          and ($6::text is null or c.id in (select cluster_id from cluster_group_members where group_id = $6))
          and ($7::text is null or case when t.online is null then 'never' when t.online then 'yes' else 'no' end = $7)
          and ($8::boolean is null or c.active = $8)
          and ($9::text is null or position(lower(unaccent($9)) in lower(unaccent(c.name || ' ' || c.id))) > 0)
          and ($10::text is null or c.id > $10)
        order by c.id limit $11`,
      [
        bbox?.west ?? null,
        bbox?.south ?? null,
        bbox?.east ?? null,
        bbox?.north ?? null,
        areaIds ?? null,
        groupId ?? null,
        presence,
        active ?? null,
        q ?? null,
        decodeCursor(cursor) ?? null,
        limit + 1,
      ],
    );
    return toPage(rows, limit, (row) => row.id);
  }

  async get(id: string): Promise<ClusterDetail> {
    const reader = this.uow.reader;
    const [row] = await reader.query<
      (ClusterListItem &
        Omit<TwinView, 'online' | 'lastSeenAt' | 'desiredVersion'> & { groupIds: string[] })[]
    >(
      `select ${LIST_COLUMNS}, t.session, t.state_at as "stateAt", t.birth, t.reported, t.desired,
              array(select group_id from cluster_group_members m where m.cluster_id = c.id order by 1) as "groupIds"
         ${LIST_FROM} where c.id = $1`,
      [id],
    );
    if (!row) throw Problem.notFound({ en: 'loudspeaker cluster', vi: 'cụm loa' }, id);
    const { session, stateAt, birth, reported, desired, ...item } = row;
    const alarms = await reader.query<AlarmView[]>(
      `select code, severity, detail, raised_at as "raisedAt", resolved_at as "resolvedAt" from alarms
        where cluster_id = $1 order by resolved_at is not null, raised_at desc limit $2`,
      [id, NEWEST],
    );
    const letters = await reader.query<(Omit<DeadLetterView, 'payload'> & { payload: Buffer })[]>(
      `select topic, code, reason, payload, payload_bytes as "payloadBytes", at from dead_letters
        where cluster_id = $1 order by id desc limit $2`,
      [id, NEWEST],
    );
    const [sum] = await reader.query<{ total: number }[]>(
      `select coalesce(sum(count), 0)::float8 as total from dead_letter_counts where cluster_id = $1`,
      [id],
    );
    const commands = await reader.query<CommandView[]>(
      `select ${COMMAND_COLUMNS} from commands m where m.cluster_id = $1 order by m.created_at desc limit $2`,
      [id, NEWEST],
    );
    const { online, lastSeenAt, desiredVersion } = item;
    return {
      ...item,
      twin: { online, session, stateAt, lastSeenAt, birth, reported, desiredVersion, desired },
      alarms,
      deadLetters: {
        total: sum?.total ?? 0,
        newest: letters.map((letter) => ({ ...letter, payload: letter.payload.toString('utf8') })),
      },
      commands,
    };
  }

  async counts(): Promise<ClusterCounts> {
    const [row] = await this.uow.reader.query<ClusterCounts[]>(
      `select count(*)::int as clusters,
              count(*) filter (where c.active and t.online)::int as online,
              count(*) filter (where c.active and not t.online)::int as offline,
              count(*) filter (where c.active and t.online is null)::int as "neverHeard",
              count(*) filter (where not c.active)::int as "outOfService",
              coalesce(sum(jsonb_array_length(c.horns)), 0)::int as horns,
              (select coalesce(sum(count), 0)::int from plain_loudspeakers) as "plainLoudspeakers",
              (select count(*)::int from alarms where resolved_at is null) as "openAlarms"
         from clusters c join cluster_twins t on t.cluster_id = c.id`,
    );
    return row!;
  }
}
