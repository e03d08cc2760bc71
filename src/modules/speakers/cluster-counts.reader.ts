import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Bound, clusterCondition, unitJoinSql, type ClusterFilter } from './cluster-filter.js';
import { CLUSTER_UNIT_DIMENSIONS, type ClusterDimension } from './domain/cluster-counting.js';

export interface ClusterTotals {
  clusters: number;
  /** In service, by presence. */
  online: number;
  offline: number;
  neverHeard: number;
  outOfService: number;
  horns: number;
  /** FM and wired; null where the filter asks for what those do not have. */
  plainLoudspeakers: number | null;
  openAlarms: number;
}

export interface ClusterCount {
  /** A value of each dimension; null is unknown. Units stand by their codes. */
  values: Record<string, string | null>;
  /** Names of the units among them. */
  names: Record<string, string | null>;
  clusters: number;
  horns: number;
  /** FM and wired; null where a dimension or the filter asks for what those do not have. */
  plainLoudspeakers: number | null;
}

const COLUMNS: Record<ClusterDimension, string> = {
  commune: `case when unit.kind = 'commune' then unit.code end`,
  district: 'district.code',
  province: 'province.code',
  connection: `case when t.online is null then 'never-heard' when t.online then 'online' else 'offline' end`,
  service: `case when c.active then 'in' else 'out' end`,
  uplink: 'c.uplink',
  uplinkOperator: 'c.uplink_operator',
  firmware: `t.birth ->> 'firmware'`,
  hardware: `t.birth ->> 'hardware'`,
  document: `case when t.reported_version is null then null
                  when t.reported_version >= t.desired_version then 'applied' else 'behind' end`,
  alarm: `coalesce((select m.severity from alarms m where m.cluster_id = c.id and m.resolved_at is null
                     order by array_position(array['CRITICAL', 'WARNING', 'INFO'], m.severity) limit 1), 'none')`,
  horns: 'jsonb_array_length(c.horns)::text',
};
const NAMES: Partial<Record<ClusterDimension, string>> = {
  commune: `case when unit.kind = 'commune' then unit.full_name end`,
  district: 'district.full_name',
  province: 'province.full_name',
};
const ABOVE = `
  left join areas p1 on p1.id = unit.parent_id left join areas p2 on p2.id = p1.parent_id
  left join lateral (select a.code, a.full_name from (values (unit.id), (p1.id), (p2.id)) as up(id)
                       join areas a on a.id = up.id and a.kind = 'district' limit 1) as district on true
  left join lateral (select a.code, a.full_name from (values (unit.id), (p1.id), (p2.id)) as up(id)
                       join areas a on a.id = up.id and a.kind = 'province' limit 1) as province on true`;

/**
 * Numbers of loudspeakers with their ground and how far each is from the day that is asked for (0: of a unit in force). Of two of one
 * sort on the same ground, as a unit's and its predecessor's after a merger, only the nearer counts: those that are no longer in
 * force, the latest first, then those that are yet to come.
 */
const plainSql = (date: string) => `
  with numbers as materialized (
    select p.area_id, p.kind, p.count, a.kind as unit_kind, a.boundary::geometry as ground,
           st_pointonsurface(a.boundary::geometry) as point,
           case when a.valid_from > ${date} then 1000000 + (a.valid_from - ${date})
                when a.valid_to <= ${date} then 1 + (${date} - a.valid_to) else 0 end as far
      from plain_loudspeakers p join areas a on a.id = p.area_id),
  nearest as (
    select n.area_id, n.count, n.point from numbers n
     where n.far = 0 or not exists (
       select 1 from numbers o where o.kind = n.kind and o.unit_kind = n.unit_kind and o.far < n.far
          and (st_covers(o.ground, n.point) or st_covers(n.ground, o.point))))`;

/** Figures over many clusters, and over the loudspeakers that no network reaches. */
@Injectable()
export class ClusterCountsReader {
  constructor(private readonly uow: UnitOfWork) {}

  async totals(filter: ClusterFilter): Promise<ClusterTotals> {
    const bound = new Bound();
    const date = bound.add(filter.date, 'date');
    const [row] = await this.uow.reader.query<Omit<ClusterTotals, 'plainLoudspeakers'>[]>(
      `select count(*)::int as clusters,
              count(*) filter (where c.active and t.online)::int as online,
              count(*) filter (where c.active and not t.online)::int as offline,
              count(*) filter (where c.active and t.online is null)::int as "neverHeard",
              count(*) filter (where not c.active)::int as "outOfService",
              coalesce(sum(jsonb_array_length(c.horns)), 0)::int as horns,
              coalesce(sum((select count(*) from alarms m
                             where m.cluster_id = c.id and m.resolved_at is null)), 0)::int as "openAlarms"
         from clusters c join cluster_twins t on t.cluster_id = c.id
         ${unitJoinSql('c.area_id', 'c.position::geometry', date)} where ${clusterCondition(filter, bound)}`,
      bound.values,
    );
    if (!row) throw new Error('a sum is always one row');
    const plain = asksForClusters(filter) ? null : await this.plainBy([], filter);
    const { openAlarms, ...rest } = row;
    return {
      ...rest,
      plainLoudspeakers: plain && plain.reduce((sum, { count }) => sum + count, 0),
      openAlarms,
    };
  }

  /** By each combination of the dimensions that there is. */
  async counts(by: readonly ClusterDimension[], filter: ClusterFilter): Promise<ClusterCount[]> {
    if (by.length === 0) return [];
    const bound = new Bound();
    const date = bound.add(filter.date, 'date');
    const rows = await this.uow.reader.query<Record<string, string | number | null>[]>(
      `select ${keysOf(by)}, count(*)::int as clusters, sum(horn_count)::int as "hornCount" from (
         select ${columnsOf(by)}, jsonb_array_length(c.horns) as horn_count
           from clusters c join cluster_twins t on t.cluster_id = c.id
           ${unitJoinSql('c.area_id', 'c.position::geometry', date)} ${ABOVE}
          where ${clusterCondition(filter, bound)}) as counted
        group by ${keysOf(by)} order by ${keysOf(by)}`,
      bound.values,
    );
    const counted = rows.map((row) => ({
      ...keyed(by, row),
      clusters: Number(row.clusters),
      horns: Number(row.hornCount),
    }));
    const isOfUnits = by.every((dimension) => CLUSTER_UNIT_DIMENSIONS.includes(dimension));
    if (!isOfUnits || asksForClusters(filter))
      return counted.map((row) => ({ ...row, plainLoudspeakers: null }));
    return withPlain(counted, await this.plainBy(by, filter));
  }

  private async plainBy(
    by: readonly ClusterDimension[],
    filter: ClusterFilter,
  ): Promise<(Pick<ClusterCount, 'values' | 'names'> & { count: number })[]> {
    const bound = new Bound();
    const date = bound.add(filter.date, 'date');
    const keys = by.length === 0 ? 'counted.everything' : keysOf(by);
    const within = filter.areaIds ? `unit.id = any(${bound.add(filter.areaIds, 'uuid[]')})` : 'true';
    const rows = await this.uow.reader.query<Record<string, string | number | null>[]>(
      `${plainSql(date)}
       select ${keys}, sum(count)::int as count from (
         select ${by.length === 0 ? `'all' as everything` : columnsOf(by)}, p.count
           from nearest p ${unitJoinSql('p.area_id', 'p.point', date)} ${ABOVE} where ${within}) as counted
        group by ${keys}`,
      bound.values,
    );
    return rows.map((row) => ({ ...keyed(by, row), count: Number(row.count) }));
  }
}

/** Says whether the filter is about something that only clusters have. */
function asksForClusters({ bbox, groupId, online, active, attributes = [], q }: ClusterFilter): boolean {
  return attributes.length > 0 || [bbox, groupId, online, active, q].some((value) => value !== undefined);
}

function columnsOf(by: readonly ClusterDimension[]): string {
  return by
    .flatMap((dimension) => {
      const name = NAMES[dimension];
      return [`${COLUMNS[dimension]} as "${dimension}"`, ...(name ? [`${name} as "${dimension}Name"`] : [])];
    })
    .join(', ');
}

function keysOf(by: readonly ClusterDimension[]): string {
  return by
    .flatMap((dimension) => [dimension, ...(NAMES[dimension] ? [`${dimension}Name`] : [])])
    .map((name) => `counted."${name}"`)
    .join(', ');
}

function keyed(
  by: readonly ClusterDimension[],
  row: Readonly<Record<string, string | number | null>>,
): Pick<ClusterCount, 'values' | 'names'> {
  const text = (name: string) => {
    const value = row[name];
    return value === null || value === undefined ? null : String(value);
  };
  const units = by.filter((dimension) => NAMES[dimension]);
  return {
    values: Object.fromEntries(by.map((dimension) => [dimension, text(dimension)])),
    names: Object.fromEntries(units.map((unit) => [unit, text(`${unit}Name`)])),
  };
}

/** A unit with loudspeakers of one sort only is counted all the same. */
function withPlain(
  counted: readonly Omit<ClusterCount, 'plainLoudspeakers'>[],
  plain: readonly (Pick<ClusterCount, 'values' | 'names'> & { count: number })[],
): ClusterCount[] {
  const keyOf = ({ values }: Pick<ClusterCount, 'values'>) => JSON.stringify(values);
  const rows = new Map(counted.map((row) => [keyOf(row), { ...row, plainLoudspeakers: 0 }]));
  for (const { count, ...key } of plain) {
    const row = rows.get(keyOf(key));
    if (row) row.plainLoudspeakers += count;
    else rows.set(keyOf(key), { ...key, clusters: 0, horns: 0, plainLoudspeakers: count });
  }
  return [...rows.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
