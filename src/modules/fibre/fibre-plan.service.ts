import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { compareGaps, gapOf, targetState, type GapTier, type TargetState } from './domain/gaps.js';
import { percentOf, sumTotals, type FibreTotals } from './domain/totals.js';
import { FibreTotalsReader, type TotalsQuestion } from './fibre-totals.reader.js';
import type { FibreBasis, FibreUnitRef } from './fibre.types.js';

export interface FibreQuarter {
  quarter: string;
  rows: number;
  /** Null while figures may still change. */
  closedAt: Date | null;
  closedBy: string | null;
  /** The latest snapshot; null while the quarter is open. */
  version: number | null;
  sha256: string | null;
}

/** A unit with the households that fibre does not reach. Without figures the numbers are null. */
export interface FibreGap {
  unit: FibreUnitRef;
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
  /** Null without figures. */
  basis: FibreBasis | null;
}

export interface GapsQuestion extends TotalsQuestion {
  by: 'commune' | 'hamlet';
  tier: GapTier;
  limit: number;
}

/** Quarters, gaps, and targets against what is there. */
@Injectable()
export class FibrePlanService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly totals: FibreTotalsReader,
  ) {}

  /** The quarters with figures, the latest first. */
  async quarters(): Promise<FibreQuarter[]> {
    return this.uow.reader.query<FibreQuarter[]>(
      `select f.quarter, f.rows, q.closed_at as "closedAt", q.closed_by as "closedBy", s.version, s.sha256
         from (select quarter, count(*)::int as rows from fibre_figures group by quarter) as f
         left join fibre_quarters q on q.quarter = f.quarter
         left join lateral (select version, sha256 from fibre_snapshots s where s.quarter = f.quarter
                             order by version desc limit 1) as s on true
        order by f.quarter desc`,
    );
  }

  /** Communes or hamlets by how many households nobody passes (with the speed asked for), the most first; unknown last. */
  async gaps(question: GapsQuestion): Promise<{ basis: FibreBasis; items: FibreGap[] }> {
    const { tier, limit, ...asked } = question;
    const { basis, items } = await this.totals.totals(asked);
    const ranked = items.map((totals) => ({
      totals,
      gap: totals.communesWithData === 0 ? undefined : gapOf(totals, tier),
    }));
    const known = ranked
      .flatMap(({ totals, gap }) => (gap ? [{ ...gap, totals, code: totals.unit.code }] : []))
      .sort(compareGaps)
      .map(({ totals, notPassedAtLeast, notPassedAtMost }): FibreGap => ({
        unit: totals.unit,
        households: totals.households,
        notPassedAtLeast,
        notPassedAtMost,
        passedAtLeastPct: percentOf(totals.households - notPassedAtMost, totals.households),
      }));
    const unknown = ranked
      .filter(({ gap }) => gap === undefined)
      .map(({ totals }): FibreGap => ({
        unit: totals.unit,
        households: totals.communesWithData === 0 ? null : totals.households,
        notPassedAtLeast: null,
        notPassedAtMost: null,
        passedAtLeastPct: null,
      }));
    return { basis, items: [...known, ...unknown].slice(0, limit) };
  }

  /** Each target against the figures of all communes, or of those of a unit. */
  async targets(unit?: string, date?: string): Promise<TargetActual[]> {
    const targets = await this.uow.reader.query<(Target & { quarter: string | null; reached: boolean })[]>(
      `select t.code, t.share_pct as "sharePct", t.by_quarter as "byQuarter", t.name_en as "nameEn",
              t.name_vi as "nameVi", t.source, f.quarter, coalesce(f.quarter = t.by_quarter, false) as reached
         from fibre_targets t
         left join lateral (select max(quarter) as quarter from fibre_figures where quarter <= t.by_quarter) as f on true
        order by t.by_quarter, t.code`,
    );
    const answers: TargetActual[] = [];
    for (const { reached, ...target } of targets) {
      const { quarter } = target;
      const answer =
        quarter === null ? undefined : await this.totals.totals({ quarter, by: 'commune', unit, date });
      const totals: FibreTotals = sumTotals(answer?.items ?? []);
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
        basis: answer?.basis ?? null,
      });
    }
    return answers;
  }
}
