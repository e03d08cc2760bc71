import type { Bbox } from '../../geo/index.js';
import { communeAtSql } from '../areas/index.js';
import { attributeCondition, type AttributeFilter } from '../attributes/index.js';

/** Which clusters. What is left out does not narrow. */
export interface ClusterFilter {
  bbox?: Bbox;
  /** Units, those below them included already. */
  areaIds?: readonly string[];
  groupId?: string;
  /** null: never heard. */
  online?: boolean | null;
  active?: boolean;
  attributes?: readonly AttributeFilter[];
  /** Part of the name or code; marks and letter case do not matter. */
  q?: string;
  /** The day whose units are meant. */
  date: string;
}

/** Values of a statement, in the order of their numbers. */
export class Bound {
  readonly values: unknown[] = [];

  /** The placeholder of a value, typed: `$3::text`. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/** The filter as a condition on `clusters c`, its twin `t` and the `unit` of `unitJoinSql`. */
export function clusterCondition(filter: Omit<ClusterFilter, 'date'>, bound: Bound): string {
  const { bbox, areaIds, groupId, online, active, attributes = [], q } = filter;
  const bind = (value: unknown, type: string) => bound.add(value, type);
  const conditions = [attributeCondition('c.attributes', attributes, bind)];
  if (bbox) {
    const sides = [bbox.west, bbox.south, bbox.east, bbox.north].map((side) => bound.add(side, 'float8'));
    conditions.push(`c.position::geometry && st_makeenvelope(${sides.join(', ')}, 4326)`);
  }
  if (areaIds) conditions.push(`unit.id = any(${bound.add(areaIds, 'uuid[]')})`);
  if (groupId !== undefined)
    conditions.push(
      `c.id in (select cluster_id from cluster_group_members where group_id = ${bound.add(groupId, 'text')})`,
    );
  if (online !== undefined) conditions.push(`t.online is not distinct from ${bound.add(online, 'boolean')}`);
  if (active !== undefined) conditions.push(`c.active = ${bound.add(active, 'boolean')}`);
  if (q !== undefined)
    conditions.push(
      `position(lower(unaccent(${bound.add(q, 'text')})) in lower(unaccent(c.name || ' ' || c.id))) > 0`,
    );
  return conditions.join('\n and ');
}

/**
 * Joins the `unit` that something belongs to on a day: its own (`areaId`), where that is in force, else the commune that holds
 * its place. `areaId`, `point` (a geometry in degrees) and `date` are SQL expressions.
 */
export function unitJoinSql(areaId: string, point: string, date: string): string {
  return `join areas own on own.id = ${areaId}
    left join areas unit on unit.id =
      case when own.valid_from <= ${date} and (own.valid_to is null or own.valid_to > ${date}) then own.id
           else (select here.id from (${communeAtSql(point, date)}) as here) end`;
}
