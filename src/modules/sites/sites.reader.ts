import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService, communeAtSql } from '../areas/index.js';
import { attributeCondition, AttributesService } from '../attributes/index.js';
import { Parameters, placeSql, siteCondition, type SiteFilter } from './site-filter.js';
import { siteOrder, type SiteSort } from './site-order.js';
import { SITE_COLUMNS } from './site-sql.js';
import type { ListedSite } from './site.types.js';

export interface SitesListing extends SiteFilter {
  sort?: SiteSort;
  /** Only these fields are needed; what costs something and is not among them is not looked up. */
  fields?: readonly string[];
  limit: number;
  cursor?: string;
}

/** Lists of sites. */
@Injectable()
export class SitesReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly attributes: AttributesService,
  ) {}

  /** Sites in the order that is asked for, by code if none is. */
  async list({ sort = 'code', limit, cursor, fields, ...filter }: SitesListing): Promise<Page<ListedSite>> {
    const p = new Parameters();
    const order = siteOrder(sort, filter.near, cursor, p);
    const rows = await this.select(
      filter,
      fields,
      p,
      `, ${order.key} as "sortKey"`,
      `and ${order.after} order by ${order.orderBy} limit ${p.bind(limit + 1, 'int')}`,
    );
    const page = toPage(rows, limit, order.cursorOf);
    return { ...page, items: page.items.map(({ sortKey: _key, ...site }) => site) };
  }

  /** The `k` sites nearest to `near`, the nearest first. */
  async nearest(
    filter: SiteFilter & { near: { lon: number; lat: number } },
    k: number,
    fields?: readonly string[],
  ): Promise<ListedSite[]> {
    const p = new Parameters();
    const place = placeSql(filter.near, p);
    const rows = await this.select(
      filter,
      fields,
      p,
      '',
      // By the distance alone, which the index gives in order; a second key would have every site sorted.
      `order by s.position <-> ${place} fetch first (${p.bind(k, 'int')}) rows with ties`,
    );
    const nearer = (a: ListedSite, b: ListedSite) => (a.distanceM ?? 0) - (b.distanceM ?? 0);
    return rows.sort((a, b) => nearer(a, b) || (a.code < b.code ? -1 : 1)).slice(0, k);
  }

  /**
   * The filter as a condition on `sites s`. Throws 404 for a unit that is not there, 400 for a polygon that crosses itself and
   * for attributes that are none.
   */
  async conditionOf(filter: SiteFilter, p: Parameters): Promise<string> {
    const { unit, polygon, date, attr } = filter;
    if (polygon) await this.assertValid(polygon);
    const ground =
      unit === undefined ? null : await this.areas.groundIds((await this.areas.resolve(unit, date)).id);
    const attributes = await this.attributes.filters('sites', attr);
    const ofAttributes = attributeCondition('s.attributes', attributes, (value, type) => p.bind(value, type));
    return `${siteCondition(filter, ground, p)} and ${ofAttributes}`;
  }

  private async select(
    filter: SiteFilter,
    fields: readonly string[] | undefined,
    p: Parameters,
    more: string,
    rest: string,
  ): Promise<(ListedSite & { sortKey: string })[]> {
    const wants = (...names: string[]) => fields === undefined || names.some((name) => fields.includes(name));
    const commune = wants('commune')
      ? [
          ', to_jsonb(commune) as commune',
          `left join lateral (${communeAtSql('s.position::geometry', p.bind(filter.date ?? this.areas.today(), 'date'))}) as commune on true`,
        ]
      : ['', ''];
    const cells = wants('cellCount', 'technologies')
      ? [', carried."cellCount", carried.technologies', CARRIED]
      : ['', ''];
    const distance = filter.near
      ? `, st_distance(s.position, ${placeSql(filter.near, p)}) as "distanceM"`
      : '';
    return this.uow.reader.query(
      `select ${SITE_COLUMNS}, s.updated_at as "updatedAt"${commune[0]}${cells[0]}${distance}${more}
         from sites s ${commune[1]} ${cells[1]}
        where ${await this.conditionOf(filter, p)} ${rest}`,
      p.values,
    );
  }

  private async assertValid(polygon: object): Promise<void> {
    const [found] = await this.uow.reader.query<{ valid: boolean; reason: string }[]>(
      `select st_isvalid(g) as valid, st_isvalidreason(g) as reason from (select st_geomfromgeojson($1::text) as g) as given`,
      [JSON.stringify(polygon)],
    );
    if (found?.valid) return;
    throw Problem.invalidField('polygon', 'GEOMETRY', {
      en: `polygon must be made of rings that do not cross (${found?.reason ?? ''})`,
      vi: `polygon phải gồm các đường bao không cắt nhau (${found?.reason ?? ''})`,
    });
  }
}

const CARRIED = `left join lateral (select count(*)::int as "cellCount",
         coalesce(array_agg(distinct c.technology order by c.technology), '{}') as technologies
    from cells c where c.site_id = s.id) as carried on true`;
