import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { toPage, type Page } from '../../common/http/page.js';
import { AreasService, communeAtSql } from '../areas/index.js';
import { ATTRIBUTE_PREFIX, AttributesService } from '../attributes/index.js';
import {
  CELL_DIMENSIONS,
  COUNT_DIMENSIONS,
  UNIT_DIMENSIONS,
  type AttributeDimension,
  type CountDimension,
} from './domain/counting.js';
import { certificateStateSql } from './site-upkeep.reader.js';
import { cellCondition, Parameters, type SiteFilter } from './site-filter.js';
import { SitesReader } from './sites.reader.js';

export interface SiteCount {
  /** A value of each dimension; null is unknown. Units stand by their codes. */
  values: Record<string, string | null>;
  /** Names of the units among them. */
  names: Record<string, string | null>;
  sites: number;
  cells: number;
}

/** How a part of the register is shared and equipped. */
export interface SitesSummary {
  sites: number;
  cells: number;
  sitesWith4g: number;
  sitesWith5g: number;
  cells4g: number;
  cells5g: number;
  fibreBackhaul: number;
  otherBackhaul: number;
  unknownBackhaul: number;
  tenants: number;
  shared: number;
  coLocated: number;
}

/** Two sites that stand near to each other. */
export interface SitePair {
  codes: [string, string];
  names: [string, string];
  owners: [string | null, string | null];
  distanceM: number;
  /** Networks that are on both. */
  sharedNetworks: string[];
  sameOwner: boolean;
}

export interface PairFilter {
  withinM: number;
  /** `duplicate`: of the same owner or network, so perhaps one mast told twice; `co-located`: of different ones. */
  kind: 'duplicate' | 'co-located' | 'any';
  limit: number;
  after?: { distanceM: number; codes: [string, string] };
}

const COLUMNS: Partial<Record<CountDimension, string>> = {
  technology: 'c.technology',
  band: 'c.band',
  owner: 's.owner_code',
  status: 's.lifecycle',
  reason: 's.lifecycle_reason',
  confidence: 's.confidence',
  structure: 's.structure',
  mastClass: 's.mast_class',
  power: 's.power',
  backhaul: 's.backhaul',
  tenants: 'cardinality(s.tenant_codes)::text',
  commune: 'commune.code',
  district: `case when parent.kind = 'district' then parent.code end`,
  province: 'coalesce(grandparent.code, parent.code)',
};
const NAMES: Partial<Record<CountDimension, string>> = {
  commune: 'commune.name',
  district: `case when parent.kind = 'district' then parent.full_name end`,
  province: 'coalesce(grandparent.full_name, parent.full_name)',
};

/** Figures over many sites. */
@Injectable()
export class SiteCountsReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly sites: SitesReader,
    private readonly attributes: AttributesService,
  ) {}

  /** Everything that sites can be counted by: attributes with few values as well. */
  async dimensions(): Promise<(CountDimension | AttributeDimension)[]> {
    const counted = (await this.attributes.definitions('sites')).filter(
      ({ type, retired }) => !retired && (type === 'choice' || type === 'boolean'),
    );
    return [...COUNT_DIMENSIONS, ...counted.map(({ name }): AttributeDimension => `attr.${name}`)];
  }

  /**
   * Sites and cells by each combination of the dimensions. A site with cells of two technologies counts under both; `operator`
   * without a technology or band are the networks on the mast, whether or not their cells are known.
   */
  async counts(
    by: readonly (CountDimension | AttributeDimension)[],
    filter: SiteFilter,
    withinDays: number,
  ): Promise<SiteCount[]> {
    const p = new Parameters();
    const date = p.bind(filter.date ?? this.areas.today(), 'date');
    const byCells = by.some((dimension) => CELL_DIMENSIONS.some((one) => one === dimension));
    const operatorOfTenants = by.includes('operator') && !byCells;
    const column = (dimension: CountDimension | AttributeDimension): string => {
      if (isOfAttribute(dimension))
        return `s.attributes ->> ${p.bind(dimension.slice(ATTRIBUTE_PREFIX.length), 'text')}`;
      if (dimension === 'operator') return operatorOfTenants ? 'tenant.code' : 'c.operator_code';
      if (dimension === 'certificate') return certificateStateSql(date, p.bind(withinDays, 'int'));
      return COLUMNS[dimension] ?? 'null::text';
    };
    const units = UNIT_DIMENSIONS.filter((dimension) => by.includes(dimension));
    const columns = by.map((dimension) => `${column(dimension)} as "${dimension}"`);
    const names = units.map((dimension) => `${NAMES[dimension] ?? 'null::text'} as "${dimension}Name"`);
    const tenant =
      operatorOfTenants && filter.operator !== undefined
        ? `tenant.code = ${p.bind(filter.operator, 'text')}`
        : 'true';
    const places =
      units.length === 0 ? '' : UNITS.replace('{commune}', communeAtSql('s.position::geometry', date));
    const tenants = operatorOfTenants ? `cross join lateral unnest(s.tenant_codes) as tenant(code)` : '';
    const join = byCells ? 'join' : 'left join';
    const keys = [...by, ...units.map((unit) => `${unit}Name`)].map((name) => `"${name}"`).join(', ');
    const rows = await this.uow.reader.query<Record<string, string | number | null>[]>(
      `select ${keys}, count(distinct site)::int as sites, count(distinct cell)::int as cells from (
         select ${[...columns, ...names, 's.id as site', 'c.id as cell'].join(', ')}
           from (select ${date} as day) as asked cross join sites s ${tenants}
           ${join} cells c on c.site_id = s.id and ${operatorOfTenants ? 'c.operator_code = tenant.code and ' : ''}
                              ${cellCondition(filter, p)} ${places}
          where ${tenant} and ${await this.sites.conditionOf(filter, p)}
       ) as counted group by ${keys} order by ${keys}`,
      p.values,
    );
    return rows.map((row) => ({
      values: Object.fromEntries(by.map((dimension) => [dimension, textOf(row[dimension])])),
      names: Object.fromEntries(units.map((unit) => [unit, textOf(row[`${unit}Name`])])),
      sites: Number(row.sites),
      cells: Number(row.cells),
    }));
  }

  /** Sharing, technologies and backhaul of the sites of a filter; co-located are those with another one within `withinM`. */
  async summary(filter: SiteFilter, withinM: number): Promise<SitesSummary> {
    const p = new Parameters();
    const within = p.bind(withinM, 'float8');
    const [row] = await this.uow.reader.query<SitesSummary[]>(
      `select count(*)::int as sites, coalesce(sum(cells.n), 0)::int as cells,
              count(*) filter (where cells.n4 > 0)::int as "sitesWith4g",
              count(*) filter (where cells.n5 > 0)::int as "sitesWith5g",
              coalesce(sum(cells.n4), 0)::int as "cells4g", coalesce(sum(cells.n5), 0)::int as "cells5g",
              count(*) filter (where s.backhaul = 'fibre')::int as "fibreBackhaul",
              count(*) filter (where s.backhaul <> 'fibre')::int as "otherBackhaul",
              count(*) filter (where s.backhaul is null)::int as "unknownBackhaul",
              coalesce(sum(cardinality(s.tenant_codes)), 0)::int as tenants,
              count(*) filter (where cardinality(s.tenant_codes) > 1)::int as shared,
              count(*) filter (where exists (select 1 from sites o where o.id <> s.id
                                                and st_dwithin(o.position, s.position, ${within})))::int as "coLocated"
         from sites s
        cross join lateral (select count(*) as n, count(*) filter (where c.technology = '4G') as n4,
                                   count(*) filter (where c.technology = '5G') as n5
                              from cells c where c.site_id = s.id) as cells
        where ${await this.sites.conditionOf(filter, p)}`,
      p.values,
    );
    if (!row) throw new Error('a sum is always one row');
    return row;
  }

  /** Pairs of sites near to each other, the nearest first; the first of each pair is in the filter. */
  async pairs(filter: SiteFilter, { withinM, kind, limit, after }: PairFilter): Promise<Page<SitePair>> {
    const p = new Parameters();
    const same = `(coalesce(s.owner_code = o.owner_code, false) or s.tenant_codes && o.tenant_codes)`;
    const kinds = { duplicate: same, 'co-located': `not ${same}`, any: 'true' };
    const rest = after
      ? `(distance, a, b) > (${p.bind(after.distanceM, 'float8')}, ${p.bind(after.codes[0], 'text')}, ${p.bind(after.codes[1], 'text')})`
      : 'true';
    const rows = await this.uow.reader.query<SitePair[]>(
      `select array[a, b] as codes, names, owners, distance as "distanceM", "sharedNetworks", "sameOwner" from (
         select s.code as a, o.code as b, array[s.name, o.name] as names, array[s.owner_code, o.owner_code] as owners,
                st_distance(s.position, o.position) as distance,
                array(select unnest(s.tenant_codes) intersect select unnest(o.tenant_codes) order by 1) as "sharedNetworks",
                coalesce(s.owner_code = o.owner_code, false) as "sameOwner"
           from sites s join sites o on o.code > s.code
                                    and st_dwithin(s.position, o.position, ${p.bind(withinM, 'float8')}) and ${kinds[kind]}
          where ${await this.sites.conditionOf(filter, p)}
       ) as pairs where ${rest} order by distance, a, b limit ${p.bind(limit + 1, 'int')}`,
      p.values,
    );
    return toPage(rows, limit, ({ distanceM, codes }) => JSON.stringify([distanceM, ...codes]));
  }
}

const UNITS = `left join lateral ({commune}) as commune on true
  left join areas unit on unit.id = commune.id
  left join areas parent on parent.id = unit.parent_id
  left join areas grandparent on grandparent.id = parent.parent_id`;

function isOfAttribute(dimension: CountDimension | AttributeDimension): dimension is AttributeDimension {
  return dimension.startsWith(ATTRIBUTE_PREFIX);
}

function textOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
