import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { AreasService, type AreaRef } from '../areas/index.js';
import type { FibreFigures } from './domain/fibre-rules.js';
import { lastDayOf } from './domain/quarter.js';
import { communeTotals, percentOf, sumTotals, type FibreTotals } from './domain/totals.js';
import { FIBRE_COLUMNS } from './fibre-sql.js';
import type { FibreRow, TotalsBy, UnitTotals } from './fibre.types.js';

export interface FibreFilter {
  /** Code of a commune. */
  commune?: string;
  operator?: string;
  /** As stored: 2025Q2. */
  quarter?: string;
  /** Id or code of a unit: its communes. */
  unit?: string;
  limit: number;
  cursor?: string;
}

/** Lists and totals of fibre figures. */
@Injectable()
export class FibreReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** By quarter, commune and operator. */
  async list({ commune, operator, quarter, unit, limit, cursor }: FibreFilter): Promise<Page<FibreRow>> {
    const [afterQuarter, afterCommune, afterOperator] = decodeCursor(cursor)?.split('|') ?? [];
    const rows = await this.uow.reader.query<FibreRow[]>(
      `select ${FIBRE_COLUMNS} from fibre_coverage f join areas a on a.id = f.area_id
        where ($1::text is null or a.code = $1)
          and ($2::text is null or f.operator_code = $2)
          and ($3::text is null or f.quarter = $3)
          and ($4::uuid[] is null or f.area_id = any($4::uuid[]))
          and ($5::text is null or (f.quarter, a.code, f.operator_code) > ($5, $6, $7))
        order by f.quarter, a.code, f.operator_code limit $8`,
      [
        commune ?? null,
        operator ?? null,
        quarter ?? null,
        unit === undefined ? null : await this.unitIds(unit, quarter),
        afterQuarter ?? null,
        afterCommune ?? '',
        afterOperator ?? '',
        limit + 1,
      ],
    );
    return toPage(rows, limit, (row) => `${row.quarter}|${row.communeCode}|${row.operatorCode}`);
  }

  /** The last quarter with figures; undefined without any. */
  async latestQuarter(): Promise<string | undefined> {
    const [row] = await this.uow.reader.query<{ quarter: string | null }[]>(
      `select max(quarter) as quarter from fibre_coverage`,
    );
    return row?.quarter ?? undefined;
  }

  /**
   * Totals over all operators of the units of a level, by code, in one quarter. A commune that lies in no district counts
   * under its province when districts are asked for. `unit` limits it to a unit's communes.
   */
  async totals(quarter: string, by: TotalsBy, unit?: string): Promise<UnitTotals[]> {
    const within = unit === undefined ? null : new Set(await this.unitIds(unit, quarter));
    const inForce = await this.areas.communesAt(lastDayOf(quarter));
    const communes = inForce.filter(({ id }) => within === null || within.has(id));
    const figures = await this.figuresOf(quarter);
    const chains = await this.areas.chains(communes.map(({ id }) => id));
    const groups = new Map<string, { unit: AreaRef; communes: (FibreTotals | null)[] }>();
    for (const commune of communes) {
      const chain = chains.get(commune.id) ?? [commune];
      const group = chain.find(({ kind }) => kind === by) ?? chain.at(-1) ?? commune;
      const rows = figures.get(commune.id);
      const members = groups.get(group.id) ?? { unit: group, communes: [] };
      members.communes.push(rows ? communeTotals(rows) : null);
      groups.set(group.id, members);
    }
    return [...groups.values()]
      .map((group) => unitTotals(group.unit, group.communes))
      .sort((a, b) => (a.unit.code < b.unit.code ? -1 : a.unit.code > b.unit.code ? 1 : 0));
  }

  private async figuresOf(quarter: string): Promise<Map<string, FibreFigures[]>> {
    const rows = await this.uow.reader.query<(FibreFigures & { areaId: string })[]>(
      `select area_id as "areaId", households, passed, connected from fibre_coverage where quarter = $1`,
      [quarter],
    );
    const byCommune = new Map<string, FibreFigures[]>();
    for (const { areaId, ...row } of rows) {
      const list = byCommune.get(areaId);
      if (list) list.push(row);
      else byCommune.set(areaId, [row]);
    }
    return byCommune;
  }

  private async unitIds(unit: string, quarter: string | undefined): Promise<string[]> {
    const { id } = await this.areas.resolve(unit, quarter === undefined ? undefined : lastDayOf(quarter));
    return this.areas.descendantIds(id);
  }
}

function unitTotals(unit: AreaRef, communes: readonly (FibreTotals | null)[]): UnitTotals {
  const withData = communes.filter((totals) => totals !== null);
  const totals = sumTotals(withData);
  return {
    unit,
    ...totals,
    passedAtLeastPct: percentOf(totals.passedAtLeast, totals.households),
    passedAtMostPct: percentOf(totals.passedAtMost, totals.households),
    connectedPct: percentOf(totals.connected, totals.households),
    communes: communes.length,
    communesWithData: withData.length,
    communesReached: withData.filter(({ passedAtLeast }) => passedAtLeast > 0).length,
  };
}
