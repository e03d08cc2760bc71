import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService, communeAtSql } from '../areas/index.js';
import {
  hamletCondition,
  hamletOrder,
  type Bind,
  type HamletDimension,
  type HamletFilter,
  type HamletSort,
} from './hamlet-query.js';
import { HAMLET_COLUMNS } from './hamlet-sql.js';
import type { Hamlet, HamletRef, Settlement } from './hamlet.types.js';

export interface HamletCount {
  /** A value of each dimension; null is unknown. Units stand by their codes. */
  values: Record<string, string | null>;
  /** Names of the units among them. */
  names: Record<string, string | null>;
  hamlets: number;
  /** Of the hamlets whose households are known; the others are counted by themselves. */
  households: number;
  withoutHouseholds: number;
}

const COLUMNS: Record<HamletDimension, { value: string; name?: string }> = {
  commune: { value: 'commune.code', name: 'commune.name' },
  district: {
    value: `case when parent.kind = 'district' then parent.code end`,
    name: `case when parent.kind = 'district' then parent.full_name end`,
  },
  province: {
    value: 'coalesce(grandparent.code, parent.code)',
    name: 'coalesce(grandparent.full_name, parent.full_name)',
  },
  signal: { value: 'h.signal' },
  kind: { value: 'h.kind' },
};

/** Questions about hamlets. */
@Injectable()
export class HamletsReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** Hamlets by their codes, each with its commune on `date` (default: today). Unknown codes are missing from the map. */
  async byCodes(
    manager: EntityManager,
    codes: readonly string[],
    date: string = this.areas.today(),
  ): Promise<Map<string, HamletRef>> {
    const rows = await manager.query<HamletRef[]>(
      `select h.id, h.code, h.name, h.households, to_jsonb(commune) as commune
         from hamlets h left join lateral (${communeAtSql('h.position::geometry', '$2')}) as commune on true
        where h.code = any($1::text[])`,
      [codes, date],
    );
    return new Map(rows.map((hamlet) => [hamlet.code, hamlet]));
  }

  /** Where people live: every hamlet that lies in a commune of `date`, by code. For whoever spreads people over the ground. */
  async settlements(manager: EntityManager, date: string): Promise<Settlement[]> {
    return manager.query<Settlement[]>(
      `select h.code, commune.code as "communeCode", st_x(h.position::geometry) as lon, st_y(h.position::geometry) as lat,
              h.population, h.households, h.source
         from hamlets h cross join lateral (${communeAtSql('h.position::geometry', '$1')}) as commune
        order by h.code`,
      [date],
    );
  }

  /** One hamlet with the commune that holds it on `date` (default: today). Throws 404. */
  async read(code: string, date: string = this.areas.today()): Promise<Hamlet> {
    const [hamlet] = await this.uow.reader.query<Hamlet[]>(
      `select ${LISTED} from hamlets h
         left join lateral (${communeAtSql('h.position::geometry', '$2')}) as commune on true where h.code = $1`,
      [code, date],
    );
    if (!hamlet) throw Problem.notFound({ en: 'hamlet', vi: 'ấp, khu vực' }, code);
    return hamlet;
  }

  /** Hamlets in the order that is asked for, by code if none is. */
  async list(
    filter: HamletFilter,
    { sort = 'code', limit, cursor }: { sort?: HamletSort; limit: number; cursor?: string },
  ): Promise<Page<Hamlet>> {
    const { values, bind } = parameters();
    const order = hamletOrder(sort, cursor, bind);
    const commune = communeAtSql('h.position::geometry', bind(this.dateOf(filter), 'date'));
    const condition = await this.conditionOf(filter, bind);
    const rows = await this.uow.reader.query<(Hamlet & { sortKey: string })[]>(
      `select ${LISTED}, ${order.key} as "sortKey"
         from hamlets h left join lateral (${commune}) as commune on true
        where ${condition} and ${order.after} order by ${order.orderBy} limit ${bind(limit + 1, 'int')}`,
      values,
    );
    const page = toPage(rows, limit, order.cursorOf);
    return { ...page, items: page.items.map(({ sortKey: _key, ...hamlet }) => hamlet) };
  }

  /** How many hamlets and households there are of each value, under the units of the filter's date. */
  async counts(by: readonly HamletDimension[], filter: HamletFilter): Promise<HamletCount[]> {
    const { values, bind } = parameters();
    const date = bind(this.dateOf(filter), 'date');
    const condition = await this.conditionOf(filter, bind);
    const named = by.filter((dimension) => COLUMNS[dimension].name !== undefined);
    const columns = [
      ...by.map((dimension) => `${COLUMNS[dimension].value} as "${dimension}"`),
      ...named.map((dimension) => `${COLUMNS[dimension].name} as "${dimension}Name"`),
    ];
    const keys = [...by, ...named.map((dimension) => `${dimension}Name`)].map((name) => `"${name}"`);
    const places =
      named.length === 0 ? '' : UNITS.replace('{commune}', communeAtSql('h.position::geometry', date));
    const rows = await this.uow.reader.query<Record<string, string | number | null>[]>(
      `select ${keys.join(', ')}, count(*)::int as hamlets, coalesce(sum(households), 0)::int as households,
              (count(*) - count(households))::int as "withoutHouseholds" from (
         select ${columns.join(', ')}, h.households
           from (select ${date} as day) as asked cross join hamlets h ${places} where ${condition}
       ) as counted group by ${keys.join(', ')} order by ${keys.join(', ')}`,
      values,
    );
    const textOf = (value: string | number | null | undefined) => (value == null ? null : String(value));
    return rows.map((row) => ({
      values: Object.fromEntries(by.map((dimension) => [dimension, textOf(row[dimension])])),
      names: Object.fromEntries(named.map((dimension) => [dimension, textOf(row[`${dimension}Name`])])),
      hamlets: Number(row.hamlets),
      households: Number(row.households),
      withoutHouseholds: Number(row.withoutHouseholds),
    }));
  }

  private dateOf({ date }: HamletFilter): string {
    return date ?? this.areas.today();
  }

  /** Throws 404 for a unit that is not there. */
  private async conditionOf(filter: HamletFilter, bind: Bind): Promise<string> {
    const { unit, date } = filter;
    const ground =
      unit === undefined ? null : await this.areas.groundIds((await this.areas.resolve(unit, date)).id);
    return hamletCondition(filter, ground, bind);
  }
}

const LISTED = `${HAMLET_COLUMNS}, to_jsonb(commune) as commune, h.created_at as "createdAt", h.updated_at as "updatedAt"`;

const UNITS = `left join lateral ({commune}) as commune on true
  left join areas unit on unit.id = commune.id
  left join areas parent on parent.id = unit.parent_id
  left join areas grandparent on grandparent.id = parent.parent_id`;

function parameters(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = [];
  return { values, bind: (value, type) => `$${values.push(value)}::${type}` };
}
