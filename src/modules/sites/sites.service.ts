import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService, communeAtSql } from '../areas/index.js';
import { stateOnDaySql } from './site-transition-log.js';
import { CELL_RADIO_COLUMNS, SITE_COLUMNS, withCells } from './site-sql.js';
import type { CellSnapshot, Site } from './site.types.js';

/**
 * Questions about sites. Each takes the manager to ask with as its last argument: inside of a transaction it must be the
 * transaction's own.
 */
@Injectable()
export class SitesService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** One site by code or id, with its cells and the commune that holds it on `date` (default: today). Throws 404. */
  async read(
    codeOrId: string,
    date: string = this.areas.today(),
    manager: EntityManager = this.uow.reader,
  ): Promise<Site> {
    const sites = await manager.query<Omit<Site, 'cells'>[]>(
      `select ${SITE_COLUMNS}, to_jsonb(commune) as commune
         from sites s left join lateral (${communeAtSql('s.position::geometry', '$2')}) as commune on true
        where s.code = $1 or s.id::text = lower($1) order by (s.code = $1) desc limit 1`,
      [codeOrId, date],
    );
    const [site] = await withCells(manager, sites);
    if (!site) throw Problem.notFound({ en: 'site', vi: 'trạm' }, codeOrId);
    return site;
  }

  /**
   * Every cell that is on air on a day, of each site that was active on it, by site code and cell code: what coverage is computed from. A cell
   * whose first or last day is unknown counts as on air before or after it. Places, heights and powers are those of now.
   */
  async snapshotCells(date: string, manager: EntityManager = this.uow.reader): Promise<CellSnapshot[]> {
    return manager.query<CellSnapshot[]>(
      `select s.id as "siteId", s.code as "siteCode", st_x(s.position::geometry) as lon,
              st_y(s.position::geometry) as lat, s.structure_height_m as "structureHeightM", ${CELL_RADIO_COLUMNS}
         from cells c join sites s on s.id = c.site_id
        where ${stateOnDaySql('$1')} = 'active'
          and (c.on_air_since is null or c.on_air_since <= $1::date)
          and (c.on_air_until is null or c.on_air_until > $1::date)
        order by s.code collate "C", c.code collate "C"`,
      [date],
    );
  }

  /** How many sites and cells there are, whatever their state. */
  async count(manager: EntityManager = this.uow.reader): Promise<{ sites: number; cells: number }> {
    const [counts] = await manager.query<{ sites: number; cells: number }[]>(
      `select (select count(*)::int from sites) as sites, (select count(*)::int from cells) as cells`,
    );
    return counts ?? { sites: 0, cells: 0 };
  }
}
