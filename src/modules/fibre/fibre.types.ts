import type { AreaKind, AreaRef } from '../areas/index.js';
import type { AttributeValues } from '../attributes/index.js';
import type { FibreFigures } from './domain/fibre-rules.js';
import type { FibreTotals } from './domain/totals.js';

/** One row of an import; natural key: commune or hamlet, operator and quarter. */
export interface FibreInput extends FibreFigures {
  /** Of the commune in force on the last day of the quarter; may be left out where a hamlet is named. */
  communeCode?: string;
  /** Of a hamlet of that commune; left out: the commune as a whole. */
  hamletCode?: string | null;
  operatorCode: string;
  /** 2025Q2 or 2025-Q2. */
  quarter: string;
  source?: string | null;
  /** Custom attributes: those left out stay as they are stored, null takes one away. */
  attributes?: Readonly<Record<string, unknown>>;
}

export interface FibreRow extends FibreFigures {
  id: string;
  areaId: string;
  communeCode: string;
  communeName: string;
  /** Null: the figures are those of the commune as a whole. */
  hamletId: string | null;
  hamletCode: string | null;
  hamletName: string | null;
  operatorCode: string;
  /** 2025Q2. */
  quarter: string;
  passed25Mbps: number | null;
  passed100Mbps: number | null;
  source: string | null;
  attributes: AttributeValues;
  version: number;
}

/** A row whose units are known, as it is stored. */
export interface FibreDraft extends Required<FibreFigures> {
  areaId: string;
  hamletId: string | null;
  operatorCode: string;
  quarter: string;
  source: string | null;
  attributes: AttributeValues;
}

export const TOTALS_BY = ['province', 'district', 'commune', 'hamlet'] as const;
export type TotalsBy = (typeof TOTALS_BY)[number];

/** What a figure is about. */
export interface FibreUnitRef extends Omit<AreaRef, 'kind'> {
  kind: AreaKind | 'hamlet';
}

/** Fibre in one unit over all operators. */
export interface UnitTotals extends FibreTotals {
  unit: FibreUnitRef;
  /** Of the households; null when there are none. */
  passedAtLeastPct: number | null;
  passedAtMostPct: number | null;
  connectedPct: number | null;
  /** Communes (or the hamlet) that count here, those of them with figures, and those where somebody passes a household. */
  communes: number;
  communesWithData: number;
  communesReached: number;
}

/** A commune that lies in more than one unit of the date that was asked for. */
export interface Straddling {
  commune: AreaRef;
  /** Each unit with more than 1 % of the commune's area, the greatest first. */
  units: (AreaRef & { sharePct: number })[];
}

/** What figures are made of. */
export interface FibreBasis {
  /** The day whose units the figures are given under. */
  date: string;
  /** Of a closed quarter: the snapshot that the figures were taken from. */
  snapshot: { version: number; sha256: string } | null;
  /** `as reported`: under the communes that reported; `interior point`: each commune under the unit that holds its interior point. */
  allotment: 'as reported' | 'interior point';
  straddling: Straddling[];
  /** Communes that no unit of the date holds: they are in no figure. */
  withoutUnit: AreaRef[];
  /** Communes that count, and those of them without figures. */
  communes: number;
  communesWithoutData: number;
  /** Rows that are summed: of communes as a whole, and of hamlets in place of their commune. */
  communeRows: number;
  hamletRows: number;
  /** Rows of hamlets that are not summed: their commune has its own row, or not every hamlet of it is reported. */
  hamletRowsLeftOut: number;
}
