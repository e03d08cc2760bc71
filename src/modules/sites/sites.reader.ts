import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import type { Bbox } from '../../geo/index.js';
import { AreasService, communeAtSql, onGroundSql } from '../areas/index.js';
import type { Lifecycle, Technology } from './domain/site-model.js';
import { SITE_COLUMNS } from './site-sql.js';
import type { SiteSummary } from './site.types.js';

export interface SiteFilter {
  bbox?: Bbox;
  /** Id or code of a unit: sites on its ground. */
  unit?: string;
  /** A network on the mast. With `technology`: that has cells of it there. */
  operator?: string;
  technology?: Technology;
  lifecycle?: Lifecycle;
  /** Part of code, name or address; marks and letter case do not matter. */
  q?: string;
  /** The day for the commune and for a unit given by code; default: today, for a former unit its last day. */
  date?: string;
  limit: number;
  cursor?: string;
}

/** The list of sites, by code. */
@Injectable()
export class SitesReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  async list(filter: SiteFilter): Promise<Page<SiteSummary>> {
    const { bbox, unit, operator, technology, lifecycle, q, date, limit, cursor } = filter;
    const ground =
      unit === undefined ? null : await this.areas.groundIds((await this.areas.resolve(unit, date)).id);
    const rows = await this.uow.reader.query<SiteSummary[]>(
      `select ${SITE_COLUMNS}, to_jsonb(commune) as commune, carried."cellCount", carried.technologies
         from sites s
         left join lateral (${communeAtSql('s.position::geometry', '$1')}) as commune on true
         left join lateral (select count(*)::int as "cellCount",
                                   coalesce(array_agg(distinct c.technology order by c.technology), '{}') as technologies
                              from cells c where c.site_id = s.id) as carried on true
        where ($2::float8 is null or s.position::geometry && st_makeenvelope($2::float8, $3::float8, $4::float8, $5::float8, 4326))
          and ($6::uuid[] is null or ${onGroundSql('s.position::geometry', '$6::uuid[]')})
          and ($7::text is null or s.tenant_codes @> array[$7::text])
          and ($8::text is null or exists (select 1 from cells c where c.site_id = s.id and c.technology = $8
                                              and ($7::text is null or c.operator_code = $7)))
          and ($9::text is null or s.lifecycle = $9)
          and ($10::text is null or position(lower(unaccent($10)) in
                                    lower(unaccent(s.code || ' ' || s.name || ' ' || coalesce(s.address, '')))) > 0)
          and ($11::text is null or s.code > $11)
        order by s.code limit $12`,
      [
        date ?? this.areas.today(),
        bbox?.west ?? null,
        bbox?.south ?? null,
        bbox?.east ?? null,
        bbox?.north ?? null,
        ground,
        operator ?? null,
        technology ?? null,
        lifecycle ?? null,
        q ?? null,
        decodeCursor(cursor) ?? null,
        limit + 1,
      ],
    );
    return toPage(rows, limit, ({ code }) => code);
  }
}
