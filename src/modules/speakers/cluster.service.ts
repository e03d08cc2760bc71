import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import type { Page } from '../../common/http/page.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AreasService, type ImportResult } from '../areas/index.js';
import type { AttributeMode } from '../attributes/index.js';
import { ClusterCountsReader, type ClusterTotals } from './cluster-counts.reader.js';
import type { ClusterFilter } from './cluster-filter.js';
import { ClusterReader } from './cluster.reader.js';
import type { ClusterDetail, ClusterListItem } from './cluster.views.js';
import { ClusterWriter } from './cluster.writer.js';
import { GroupService } from './group.service.js';
import { PlainLoudspeakers } from './plain-loudspeakers.js';
import type {
  ClusterImport,
  ClusterRef,
  ClusterTarget,
  GroupImport,
  PlainLoudspeakersImport,
} from './speakers.types.js';

/** What other parts ask of the register of loudspeakers. */
@Injectable()
export class ClusterService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly reader: ClusterReader,
    private readonly writer: ClusterWriter,
    private readonly groups: GroupService,
    private readonly plain: PlainLoudspeakers,
    private readonly counted: ClusterCountsReader,
  ) {}

  /** Stores many clusters by id; all rows or none, 400 with every problem of every row (`rows.12.lat`). */
  importClusters(
    rows: readonly ClusterImport[],
    tx?: Tx,
    attributes: AttributeMode = 'merge',
  ): Promise<ImportResult> {
    return this.writer.importClusters(rows, tx, attributes);
  }

  /** Stores many groups by id, each with all its members. */
  importGroups(rows: readonly GroupImport[], tx?: Tx): Promise<ImportResult> {
    return this.groups.importGroups(rows, tx);
  }

  /** Stores counts by unit and kind. */
  importPlainLoudspeakers(rows: readonly PlainLoudspeakersImport[], tx?: Tx): Promise<ImportResult> {
    return this.plain.importPlainLoudspeakers(rows, tx);
  }

  /** Under the units of a day; default: of today. */
  list(
    filter: Omit<ClusterFilter, 'date'> & { date?: string; limit: number; cursor?: string },
  ): Promise<Page<ClusterListItem>> {
    return this.reader.list({ ...filter, date: filter.date ?? this.areas.today() });
  }

  /** With twin, alarms, last commands and dead letters. Throws 404. */
  get(id: string): Promise<ClusterDetail> {
    return this.reader.get(id);
  }

  /**
   * Codes of the units that clusters in service lie in, the nearest first, by cluster (default: of all). Clusters that do
   * not exist or are out of service are missing from the map.
   */
  async areaChains(ids?: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.uow.reader.query<{ id: string; areaId: string }[]>(
      `select id, area_id as "areaId" from clusters
        where active and ($1::text[] is null or id = any($1)) order by id`,
      [ids ?? null],
    );
    const chains = await this.areas.chains([...new Set(rows.map(({ areaId }) => areaId))]);
    return new Map(rows.map(({ id, areaId }) => [id, (chains.get(areaId) ?? []).map(({ code }) => code)]));
  }

  counts(): Promise<ClusterTotals> {
    return this.counted.totals({ date: this.areas.today() });
  }

  /**
   * The active clusters that are meant, each once, by id. A unit stands for all below it. Throws 400 that names every id
   * that does not exist, and every cluster named that is out of service.
   */
  async resolveTargets(
    manager: EntityManager = this.uow.reader,
    target: ClusterTarget,
  ): Promise<ClusterRef[]> {
    const clusterIds = target.clusterIds ?? [];
    const groupIds = target.groupIds ?? [];
    const areaIds = target.areaIds ?? [];
    const chains = await this.areas.chains(areaIds, manager);
    const below = new Set<string>();
    for (const id of chains.keys())
      for (const descendant of await this.areas.descendantIds(id, manager)) below.add(descendant);
    const found = await manager.query<{ what: string; id: string; active: boolean }[]>(
      `select 'cluster' as what, id, active from clusters where id = any($1::text[])
       union all select 'group', id, true from cluster_groups where id = any($2::text[])`,
      [clusterIds, groupIds],
    );
    const known = (what: string) => new Set(found.filter((row) => row.what === what).map(({ id }) => id));
    const idle = new Set(found.filter(({ active }) => !active).map(({ id }) => id));
    const problems = [
      ...missing('clusterIds', clusterIds, known('cluster')),
      ...missing('groupIds', groupIds, known('group')),
      ...missing('areaIds', areaIds, new Set(chains.keys())),
      ...outOfService(clusterIds, idle),
    ];
    if (problems.length > 0) throw Problem.invalid(problems);
    return await manager.query<ClusterRef[]>(
      `select c.id, c.area_id as "areaId", c.volume_percent as "volumePercent",
              c.volume_cap_percent as "volumeCapPercent", c.quiet_hours as "quietHours", t.online
         from clusters c join cluster_twins t on t.cluster_id = c.id
        where c.active and ($1 or c.id = any($2::text[]) or c.area_id = any($4::uuid[])
              or c.id in (select cluster_id from cluster_group_members where group_id = any($3::text[])))
        order by c.id`,
      [target.all === true, clusterIds, groupIds, [...below]],
    );
  }
}

function missing(field: string, ids: readonly string[], known: ReadonlySet<string>): FieldProblem[] {
  return ids.flatMap((id, i) =>
    known.has(id)
      ? []
      : [fieldProblem(`${field}.${i}`, 'UNKNOWN', { en: `there is no "${id}"`, vi: `không có "${id}"` })],
  );
}

function outOfService(ids: readonly string[], idle: ReadonlySet<string>): FieldProblem[] {
  return ids.flatMap((id, i) =>
    idle.has(id)
      ? [
          fieldProblem(`clusterIds.${i}`, 'OUT_OF_SERVICE', {
            en: `"${id}" is out of service`,
            vi: `"${id}" đang ngừng sử dụng`,
          }),
        ]
      : [],
  );
}
