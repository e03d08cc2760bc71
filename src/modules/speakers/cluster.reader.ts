import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { Bound, clusterCondition, unitJoinSql, type ClusterFilter } from './cluster-filter.js';
import { CLUSTER_COLUMNS } from './cluster.store.js';
import type { AlarmView, ClusterDetail, ClusterListItem, DeadLetterView, TwinView } from './cluster.views.js';
import { COMMAND_COLUMNS } from './command.reader.js';
import type { CommandView } from './speakers.types.js';

const NEWEST = 20;
const columns = (
  code: string,
  name: string,
) => `${CLUSTER_COLUMNS}, ${code} as "areaCode", ${name} as "areaName", t.online,
  t.last_seen_at as "lastSeenAt", round(extract(epoch from now() - t.last_seen_at))::int as "ageS",
  (select count(*)::int from alarms m where m.cluster_id = c.id and m.resolved_at is null) as "openAlarms",
  t.desired_version::float8 as "desiredVersion", t.reported_version::float8 as "reportedVersion",
  c.updated_at as "updatedAt"`;
const LIST_FROM = `from clusters c join cluster_twins t on t.cluster_id = c.id join areas a on a.id = c.area_id`;

/** Lists and pages about clusters. */
@Injectable()
export class ClusterReader {
  constructor(private readonly uow: UnitOfWork) {}

  async list(filter: ClusterFilter & { limit: number; cursor?: string }): Promise<Page<ClusterListItem>> {
    const { limit, cursor } = filter;
    const bound = new Bound();
    const date = bound.add(filter.date, 'date');
    const after = decodeCursor(cursor);
    const rows = await this.uow.reader.query<ClusterListItem[]>(
      `select ${columns('coalesce(unit.code, a.code)', 'coalesce(unit.full_name, a.full_name)')} ${LIST_FROM}
         ${unitJoinSql('c.area_id', 'c.position::geometry', date)}
        where ${clusterCondition(filter, bound)} ${after === undefined ? '' : `and c.id > ${bound.add(after, 'text')}`}
        order by c.id limit ${bound.add(limit + 1, 'int')}`,
      bound.values,
    );
    return toPage(rows, limit, (row) => row.id);
  }

  async get(id: string): Promise<ClusterDetail> {
    const reader = this.uow.reader;
    const [row] = await reader.query<
      (ClusterListItem &
        Omit<TwinView, 'online' | 'lastSeenAt' | 'desiredVersion'> & { groupIds: string[] })[]
    >(
      `select ${columns('a.code', 'a.full_name')}, t.session, t.state_at as "stateAt", t.birth, t.reported, t.desired,
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
}
