import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AreasService, communeAtSql } from '../areas/index.js';
import type { Cell, SiteRecord } from './domain/site-model.js';
import { Parameters, type SiteFilter } from './site-filter.js';
import { SITE_COLUMNS, withCells } from './site-sql.js';
import { SitesReader } from './sites.reader.js';

/** A site without its cells; `commune` is the name of the unit whose ground it stands on. */
export type SiteRow = Omit<SiteRecord, 'cells'> & { id: string; commune: string | null };
/** A cell with where its site stands. */
export type CellRow = Cell & { siteCode: string; lon: number; lat: number };
/** Rows by their key, some at a time, all asked for with one manager. */
export type RowBatches<T> = (manager: EntityManager) => AsyncGenerator<T[]>;

const SITES = 1_000;
/** A site has some ten cells. */
const SITES_OF_CELLS = 200;

/** All sites, or cells, that a filter means, however many: for exports. */
@Injectable()
export class SiteRowsReader {
  constructor(
    private readonly reader: SitesReader,
    private readonly areas: AreasService,
  ) {}

  /** Throws 404 and 400 as the list of sites does. */
  async sites(filter: SiteFilter): Promise<RowBatches<SiteRow>> {
    const p = new Parameters();
    const today = p.bind(filter.date ?? this.areas.today(), 'date');
    const condition = await this.reader.conditionOf(filter, p);
    const after = p.bind('', 'text');
    const read = `select ${SITE_COLUMNS}, here.name as commune
        from sites s left join lateral (${communeAtSql('s.position::geometry', today)}) as here on true
       where ${condition} and s.code > ${after} order by s.code limit ${SITES}`;
    return (manager) => batches<SiteRow>(manager, read, p.values, SITES);
  }

  /** Of a network, technology or band: those cells alone, not the others of their sites. */
  async cells(filter: SiteFilter): Promise<RowBatches<CellRow>> {
    const p = new Parameters();
    const condition = await this.reader.conditionOf(filter, p);
    const after = p.bind('', 'text');
    const read = `select s.id, s.code, st_x(s.position::geometry) as lon, st_y(s.position::geometry) as lat
        from sites s where ${condition} and s.code > ${after} order by s.code limit ${SITES_OF_CELLS}`;
    const { operator, technology, band } = filter;
    const isWanted = (cell: Cell) =>
      (operator === undefined || cell.operatorCode === operator) &&
      (technology === undefined || cell.technology === technology) &&
      (band === undefined || cell.band === band);
    return async function* (manager) {
      type Place = { id: string; code: string; lon: number; lat: number };
      for await (const sites of batches<Place>(manager, read, p.values, SITES_OF_CELLS))
        yield (await withCells(manager, sites)).flatMap(({ code, lon, lat, cells }) =>
          cells.filter(isWanted).map((cell) => ({ ...cell, siteCode: code, lon, lat })),
        );
    };
  }
}

/** The last value is the code behind which to go on. */
async function* batches<T extends { code: string }>(
  manager: EntityManager,
  sql: string,
  values: readonly unknown[],
  size: number,
): AsyncGenerator<T[]> {
  let after = '';
  for (;;) {
    const rows = await manager.query<T[]>(sql, [...values.slice(0, -1), after]);
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    after = last.code;
  }
}
