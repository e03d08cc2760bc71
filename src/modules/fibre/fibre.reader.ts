import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { AreasService, type AreaRef } from '../areas/index.js';
import { attributeCondition, type AttributeFilter } from '../attributes/index.js';
import { lastDayOf } from './domain/quarter.js';
import { FibreAllotment } from './fibre-allotment.js';
import { FIBRE_COLUMNS } from './fibre-sql.js';
import type { FibreRow } from './fibre.types.js';

export interface FibreFilter {
  /** Code of the commune that reported. */
  commune?: string;
  /** Code of a hamlet. */
  hamlet?: string;
  /** Only rows of communes as a whole, or only those of hamlets. */
  level?: 'commune' | 'hamlet';
  operator?: string;
  attributes?: readonly AttributeFilter[];
  /** As stored: 2025Q2. */
  quarter?: string;
  /** Id or code of a unit: its communes. */
  unit?: string;
  /** The day whose units are meant; left out: the communes that reported. */
  date?: string;
  limit: number;
  cursor?: string;
}

/** A row with the commune of the asked date that it counts under; null: none. */
export interface ListedFibre extends FibreRow {
  unit: AreaRef | null;
}

/** The list of fibre figures. */
@Injectable()
export class FibreReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly allotment: FibreAllotment,
  ) {}

  /** By quarter, commune, operator and hamlet; the commune as a whole before its hamlets. */
  async list(filter: FibreFilter): Promise<Page<ListedFibre>> {
    const { commune, hamlet, level, operator, attributes = [], quarter, unit, date, limit, cursor } = filter;
    const [afterQuarter, afterCommune, afterOperator, afterHamlet] = decodeCursor(cursor)?.split('|') ?? [];
    const values: unknown[] = [
      commune ?? null,
      operator ?? null,
      quarter ?? null,
      unit === undefined ? null : await this.reportingIds(unit, quarter, date),
      afterQuarter ?? null,
      afterCommune ?? '',
      afterOperator ?? '',
      afterHamlet ?? '',
      hamlet ?? null,
      level ?? null,
      limit + 1,
    ];
    const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
    const rows = await this.uow.reader.query<FibreRow[]>(
      `select ${FIBRE_COLUMNS} from fibre_figures f
        where ($1::text is null or f.commune_code = $1)
          and ($2::text is null or f.operator_code = $2)
          and ($3::text is null or f.quarter = $3)
          and ($4::uuid[] is null or f.area_id = any($4::uuid[]))
          and ($5::text is null or (f.quarter, f.commune_code, f.operator_code, coalesce(f.hamlet_code, '')) > ($5, $6, $7, $8))
          and ($9::text is null or f.hamlet_code = $9)
          and ($10::text is null or (f.hamlet_id is null) = ($10 = 'commune'))
          and ${attributeCondition('f.attributes', attributes, bind)}
        order by f.quarter, f.commune_code, f.operator_code, coalesce(f.hamlet_code, '') limit $11`,
      values,
    );
    const key = (row: FibreRow) =>
      `${row.quarter}|${row.communeCode}|${row.operatorCode}|${row.hamletCode ?? ''}`;
    const page = toPage(rows, limit, key);
    return { ...page, items: await this.withUnits(page.items, date) };
  }

  /** The last quarter with figures; undefined without any. */
  async latestQuarter(): Promise<string | undefined> {
    const [row] = await this.uow.reader.query<{ quarter: string | null }[]>(
      `select max(quarter) as quarter from fibre_figures`,
    );
    return row?.quarter ?? undefined;
  }

  private async withUnits(rows: readonly FibreRow[], date: string | undefined): Promise<ListedFibre[]> {
    if (date === undefined)
      return rows.map((row) => ({
        ...row,
        unit: { id: row.areaId, code: row.communeCode, kind: 'commune', name: row.communeName },
      }));
    const { unitOf } = await this.allotment.at([...new Set(rows.map(({ areaId }) => areaId))], date);
    return rows.map((row) => ({ ...row, unit: unitOf.get(row.areaId) ?? null }));
  }

  /** The communes whose rows count under a unit. */
  private async reportingIds(
    unit: string,
    quarter: string | undefined,
    date: string | undefined,
  ): Promise<string[]> {
    const day = date ?? (quarter === undefined ? undefined : lastDayOf(quarter));
    const { id } = await this.areas.resolve(unit, day);
    const within = new Set(await this.areas.descendantIds(id));
    if (date === undefined) return [...within];
    const rows = await this.uow.reader.query<{ id: string }[]>(
      `select distinct area_id as id from fibre_figures where $1::text is null or quarter = $1`,
      [quarter ?? null],
    );
    const { unitOf } = await this.allotment.at(
      rows.map((row) => row.id),
      date,
    );
    return [...unitOf].flatMap(([reporting, at]) => (at && within.has(at.id) ? [reporting] : []));
  }
}
