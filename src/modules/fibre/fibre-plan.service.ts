import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { Problem } from '../../common/http/problem.js';
import type { AreaRef } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import { compareGaps, gapOf, targetState, type Gap, type TargetState } from './domain/gaps.js';
import { percentOf, sumTotals, type FibreTotals } from './domain/totals.js';
import { closedProblem } from './fibre-closed.js';
import { FibreReader } from './fibre.reader.js';

export interface FibreQuarter {
  quarter: string;
  rows: number;
  /** Null while figures may still change. */
  closedAt: Date | null;
  closedBy: string | null;
}

/** A commune with the households that fibre does not reach. Without figures the numbers are null. */
export interface FibreGap {
  unit: AreaRef;
  households: number | null;
  notPassedAtLeast: number | null;
  notPassedAtMost: number | null;
  passedAtLeastPct: number | null;
}

interface Target {
  code: string;
  sharePct: number;
  byQuarter: string;
  nameEn: string;
  nameVi: string;
  source: string;
}

/** A target with what is known of it: the figures of its quarter, or of the last one before with figures. */
export interface TargetActual extends Target {
  quarter: string | null;
  households: number;
  passedAtLeastPct: number | null;
  passedAtMostPct: number | null;
  connectedPct: number | null;
  /** By households that are passed. */
  passed: TargetState;
  /** By households that are connected. */
  connected: TargetState;
}

/** Quarters and their closing, gaps, and targets against what is there. */
@Injectable()
export class FibrePlanService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly reader: FibreReader,
  ) {}

  /** The quarters with figures, the latest first. */
  async quarters(): Promise<FibreQuarter[]> {
    return this.uow.reader.query<FibreQuarter[]>(
      `select f.quarter, count(*)::int as rows, q.closed_at as "closedAt", q.closed_by as "closedBy"
         from fibre_coverage f left join fibre_quarters q on q.quarter = f.quarter
        group by f.quarter, q.closed_at, q.closed_by order by f.quarter desc`,
    );
  }

  /** Closes a quarter for good: its figures never change again. Throws 404 without figures, 409 when it is closed. */
  async close(actor: Actor, quarter: string): Promise<FibreQuarter> {
    if (actor.jurisdictionAreaId !== null)
      throw Problem.forbidden({
        en: 'A quarter is closed for the whole province, by somebody responsible for all of it.',
        vi: 'Chỉ người phụ trách toàn tỉnh mới được chốt số liệu quý.',
      });
    return this.uow.run(async (tx) => {
      // As writers do: nobody writes a figure between the count and the closing.
      await tx.manager.query('lock table fibre_coverage in share row exclusive mode');
      const [closed] = await tx.manager.query<unknown[]>(`select 1 from fibre_quarters where quarter = $1`, [
        quarter,
      ]);
      if (closed) throw closedProblem(quarter);
      const [after] = await tx.manager.query<FibreQuarter[]>(
        `insert into fibre_quarters (quarter, rows, closed_by)
         select $1::text, count(*), $2 from fibre_coverage where quarter = $1 having count(*) > 0
         returning quarter, rows, closed_at as "closedAt", closed_by as "closedBy"`,
        [quarter, actor.name],
      );
      if (!after)
        throw Problem.notFound({ en: 'quarter with fibre figures', vi: 'quý có số liệu cáp quang' }, quarter);
      const before = { ...after, closedAt: null, closedBy: null };
      tx.emit(RESOURCE_CHANGED, { resource: 'fibre-quarter', id: quarter, action: 'update', before, after });
      return after;
    });
  }

  /** Communes by how many households nobody passes, the most first; those without figures last. */
  async gaps(quarter: string, unit: string | undefined, limit: number): Promise<FibreGap[]> {
    const communes = await this.reader.totals(quarter, 'commune', unit);
    const known = communes
      .filter(({ communesWithData }) => communesWithData > 0)
      .map((totals) => ({ ...totals, ...gapOf(totals), code: totals.unit.code }))
      .sort(compareGaps)
      .map(({ unit: commune, households, passedAtLeastPct, ...gap }): FibreGap => {
        const { notPassedAtLeast, notPassedAtMost }: Gap = gap;
        return { unit: commune, households, notPassedAtLeast, notPassedAtMost, passedAtLeastPct };
      });
    const unknown = communes
      .filter(({ communesWithData }) => communesWithData === 0)
      .map((totals): FibreGap => ({
        unit: totals.unit,
        households: null,
        notPassedAtLeast: null,
        notPassedAtMost: null,
        passedAtLeastPct: null,
      }));
    return [...known, ...unknown].slice(0, limit);
  }

  /** Each target against the figures of all communes, or of those of a unit. */
  async targets(unit?: string): Promise<TargetActual[]> {
    const targets = await this.uow.reader.query<(Target & { quarter: string | null; reached: boolean })[]>(
      `select t.code, t.share_pct as "sharePct", t.by_quarter as "byQuarter", t.name_en as "nameEn",
              t.name_vi as "nameVi", t.source, f.quarter, coalesce(f.quarter = t.by_quarter, false) as reached
         from fibre_targets t
         left join lateral (select max(quarter) as quarter from fibre_coverage where quarter <= t.by_quarter) as f on true
        order by t.by_quarter, t.code`,
    );
    const answers: TargetActual[] = [];
    for (const { reached, ...target } of targets) {
      const totals: FibreTotals = sumTotals(
        target.quarter === null ? [] : await this.reader.totals(target.quarter, 'commune', unit),
      );
      const pct = (part: number) => percentOf(part, totals.households);
      const [least, most, connected] = [
        pct(totals.passedAtLeast),
        pct(totals.passedAtMost),
        pct(totals.connected),
      ];
      answers.push({
        ...target,
        households: totals.households,
        passedAtLeastPct: least,
        passedAtMostPct: most,
        connectedPct: connected,
        passed: targetState(target.sharePct, least, most, reached),
        connected: targetState(target.sharePct, connected, connected, reached),
      });
    }
    return answers;
  }
}
