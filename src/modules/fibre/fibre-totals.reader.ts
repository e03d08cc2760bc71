import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/http/problem.js';
import { AreasService, type AreaRef } from '../areas/index.js';
import type { AttributeFilter } from '../attributes/index.js';
import { sumOfHamlets, type FibreFigures } from './domain/fibre-rules.js';
import { lastDayOf } from './domain/quarter.js';
import { communeTotals, percentOf, sumTotals, type FibreTotals } from './domain/totals.js';
import { FibreAllotment, type Allotment } from './fibre-allotment.js';
import type { FibreBasis, FibreRow, FibreUnitRef, TotalsBy, UnitTotals } from './fibre.types.js';
import { QuarterFiguresReader, type QuarterFigures, type QuarterUnit } from './quarter-figures.js';

export interface TotalsQuestion {
  /** As stored: 2025Q2. */
  quarter: string;
  by: TotalsBy;
  /** Id or code of a unit: its communes only. */
  unit?: string;
  /** The day whose units the figures are given under; default: the last day of the quarter. */
  date?: string;
  /** Only the figures with these custom attributes; a hamlet's count for its commune where all of its hamlets' have them. */
  attributes?: readonly AttributeFilter[];
}

export interface TotalsAnswer {
  basis: FibreBasis;
  /** By code. */
  items: UnitTotals[];
}

/** A unit of the asked date with the communes that reported on its ground. */
interface Member {
  chain: readonly AreaRef[];
  reporting: readonly QuarterUnit[];
}

/** Rows of one commune, ready to be summed. */
interface CommuneRows {
  figures: FibreFigures[];
  communeRows: number;
  hamletRows: number;
  leftOut: number;
}

/** Totals of fibre over all operators, under the units of a date. */
@Injectable()
export class FibreTotalsReader {
  constructor(
    private readonly areas: AreasService,
    private readonly quarters: QuarterFiguresReader,
    private readonly allotment: FibreAllotment,
  ) {}

  /**
   * Totals of the units of a level. A commune that lies in no district counts under its province when districts are asked
   * for. A closed quarter without a date is answered from its snapshot alone. Throws 404 for an unknown unit.
   */
  async totals({ quarter, by, unit, date, attributes }: TotalsQuestion): Promise<TotalsAnswer> {
    const figures = await this.quarters.load(quarter, attributes);
    const day = date ?? lastDayOf(quarter);
    const { members, allotment } =
      figures.snapshot && date === undefined ? asReported(figures) : await this.under(figures, day);
    const chosen = await this.within(members, unit, day);
    const rowsOf = byCommune(figures.rows);
    const reporting = chosen.flatMap((member) => member.reporting);
    const communes = new Map(
      reporting.map((commune) => [commune.id, rowsOfCommune(commune, rowsOf.get(commune.id) ?? [])]),
    );
    const counted = [...communes.values()];
    const ids = new Set(reporting.map(({ id }) => id));
    const moved = [...allotment.unitOf].some(([id, at]) => at?.id !== id);
    const sum = (value: (rows: CommuneRows) => number) =>
      counted.reduce((total, rows) => total + value(rows), 0);
    return {
      basis: {
        date: day,
        snapshot: figures.snapshot && { version: figures.snapshot.version, sha256: figures.snapshot.sha256 },
        allotment: moved ? 'interior point' : 'as reported',
        straddling: allotment.straddling.filter(({ commune }) => ids.has(commune.id)),
        withoutUnit: figures.units
          .filter(({ id }) => allotment.unitOf.get(id) === null)
          .map(({ id, code, kind, name }) => ({ id, code, kind, name })),
        communes: counted.length,
        communesWithoutData: counted.filter(({ figures: rows }) => rows.length === 0).length,
        communeRows: sum((rows) => rows.communeRows),
        hamletRows: sum((rows) => rows.hamletRows),
        hamletRowsLeftOut: sum((rows) => rows.leftOut),
      },
      items: by === 'hamlet' ? hamletTotals(reporting, figures.rows) : unitTotals(chosen, by, communes),
    };
  }

  private async under(
    figures: QuarterFigures,
    day: string,
  ): Promise<{ members: Member[]; allotment: Allotment }> {
    const allotment = await this.allotment.at(
      figures.units.map(({ id }) => id),
      day,
    );
    const targets = await this.areas.communesAt(day);
    const chains = await this.areas.chains(targets.map(({ id }) => id));
    const reporting = new Map<string, QuarterUnit[]>();
    for (const commune of figures.units) {
      const at = allotment.unitOf.get(commune.id);
      if (at) reporting.set(at.id, [...(reporting.get(at.id) ?? []), commune]);
    }
    const members = targets.map((target) => ({
      chain: chains.get(target.id) ?? [target],
      reporting: reporting.get(target.id) ?? [],
    }));
    return { members, allotment };
  }

  private async within(members: Member[], unit: string | undefined, day: string): Promise<Member[]> {
    if (unit === undefined) return members;
    const found = members.filter(({ chain }) => chain.some(({ id, code }) => id === unit || code === unit));
    if (found.length > 0) return found;
    const area = await this.areas.resolve(unit, day);
    if (area.validFrom <= day && (area.validTo === null || day < area.validTo)) return [];
    throw Problem.invalidField('unit', 'NOT_IN_FORCE', {
      en: `${area.fullName} is not in force on ${day}; ask for the units of another date`,
      vi: `${area.fullName} không có hiệu lực vào ngày ${day}; hãy chọn ngày (date) khác`,
    });
  }
}

/** Each commune of a snapshot as it was. */
function asReported(figures: QuarterFigures): { members: Member[]; allotment: Allotment } {
  return {
    members: figures.units.map((unit) => ({ chain: unit.chain, reporting: [unit] })),
    allotment: { unitOf: new Map(figures.units.map((unit) => [unit.id, unit])), straddling: [] },
  };
}

function byCommune(rows: readonly FibreRow[]): Map<string, FibreRow[]> {
  const found = new Map<string, FibreRow[]>();
  for (const row of rows) {
    const list = found.get(row.areaId);
    if (list) list.push(row);
    else found.set(row.areaId, [row]);
  }
  return found;
}

/** Of each operator its own row, or the sum of its hamlets where it reports every one of them. */
function rowsOfCommune({ hamlets }: QuarterUnit, rows: readonly FibreRow[]): CommuneRows {
  const result: CommuneRows = { figures: [], communeRows: 0, hamletRows: 0, leftOut: 0 };
  for (const operator of new Set(rows.map(({ operatorCode }) => operatorCode))) {
    const own = rows.filter(({ operatorCode }) => operatorCode === operator);
    const whole = own.find(({ hamletId }) => hamletId === null);
    const parts = own.filter(({ hamletId }) => hamletId !== null);
    const reported = new Set(parts.map(({ hamletId }) => hamletId));
    if (whole) {
      result.figures.push(whole);
      result.communeRows += 1;
      result.leftOut += parts.length;
    } else if (hamlets.length > 0 && hamlets.every(({ id }) => reported.has(id))) {
      result.figures.push(sumOfHamlets(parts));
      result.hamletRows += parts.length;
    } else result.leftOut += parts.length;
  }
  return result;
}

function unitTotals(
  members: readonly Member[],
  by: TotalsBy,
  communes: ReadonlyMap<string, CommuneRows>,
): UnitTotals[] {
  const groups = new Map<string, { unit: FibreUnitRef; totals: (FibreTotals | null)[] }>();
  for (const { chain, reporting } of members) {
    const unit = chain.find(({ kind }) => kind === by) ?? chain.at(-1);
    if (!unit) continue;
    const group = groups.get(unit.id) ?? { unit, totals: [] };
    for (const { id } of reporting) {
      const rows = communes.get(id)?.figures ?? [];
      group.totals.push(rows.length === 0 ? null : communeTotals(rows));
    }
    groups.set(unit.id, group);
  }
  return [...groups.values()].map(({ unit, totals }) => totalsOf(unit, totals)).sort(byCode);
}

/** Each hamlet by its own rows. */
function hamletTotals(reporting: readonly QuarterUnit[], rows: readonly FibreRow[]): UnitTotals[] {
  const rowsOf = new Map<string, FibreRow[]>();
  for (const row of rows)
    if (row.hamletId !== null) rowsOf.set(row.hamletId, [...(rowsOf.get(row.hamletId) ?? []), row]);
  return reporting
    .flatMap(({ hamlets }) => hamlets)
    .map((hamlet) => {
      const own = rowsOf.get(hamlet.id);
      return totalsOf({ ...hamlet, kind: 'hamlet' }, [own ? communeTotals(own) : null]);
    })
    .sort(byCode);
}

function totalsOf(unit: FibreUnitRef, communes: readonly (FibreTotals | null)[]): UnitTotals {
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

function byCode(a: UnitTotals, b: UnitTotals): number {
  return a.unit.code < b.unit.code ? -1 : a.unit.code > b.unit.code ? 1 : 0;
}
