import type { AreaRef } from '../areas/index.js';
import type { FibreFigures } from './domain/fibre-rules.js';
import type { FibreTotals } from './domain/totals.js';

/** One row of an import; natural key: commune, operator and quarter. */
export interface FibreInput extends FibreFigures {
  /** Of the commune in force on the last day of the quarter. */
  communeCode: string;
  operatorCode: string;
  /** 2025Q2 or 2025-Q2. */
  quarter: string;
  source?: string | null;
}

export interface FibreRow extends FibreFigures {
  id: string;
  areaId: string;
  communeCode: string;
  communeName: string;
  operatorCode: string;
  /** 2025Q2. */
  quarter: string;
  source: string | null;
  version: number;
}

export const TOTALS_BY = ['province', 'district', 'commune'] as const;
export type TotalsBy = (typeof TOTALS_BY)[number];

/** Fibre in one unit over all operators. */
export interface UnitTotals extends FibreTotals {
  unit: AreaRef;
  /** Of the households; null when there are none. */
  passedAtLeastPct: number | null;
  passedAtMostPct: number | null;
  connectedPct: number | null;
  /** Communes in force at the end of the quarter, those of them with figures, and those where somebody passes a household. */
  communes: number;
  communesWithData: number;
  communesReached: number;
}
