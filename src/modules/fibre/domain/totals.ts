import type { FibreFigures } from './fibre-rules.js';

/**
 * Fibre over all operators. Their networks overlap, and nobody tells which household is passed by several; so the households
 * passed by any are given as bounds.
 */
export interface FibreTotals {
  households: number;
  passedAtLeast: number;
  passedAtMost: number;
  connected: number;
}

/** How totals come about, for whoever reads them. */
export const TOTALS_RULE = {
  en:
    'Networks overlap. Of a commune, passedAtLeast is the figure of the operator that passes most households, passedAtMost is ' +
    'the sum of all operators, at most all households; the truth lies between. connected is the sum of all operators, at most ' +
    'passedAtMost. households is the greatest figure that an operator gives. Units above are sums of their communes with data.',
  vi:
    'Mạng của các doanh nghiệp chồng lấn nhau. Với mỗi xã, passedAtLeast là số hộ của doanh nghiệp phủ nhiều nhất, passedAtMost ' +
    'là tổng của mọi doanh nghiệp nhưng không quá số hộ; giá trị thật nằm giữa hai số này. connected là tổng của mọi doanh ' +
    'nghiệp, không quá passedAtMost. households là số hộ lớn nhất mà một doanh nghiệp báo cáo. Đơn vị cấp trên là tổng các xã có số liệu.',
};

/** All operators of one commune in one quarter. */
export function communeTotals(rows: readonly FibreFigures[]): FibreTotals {
  const households = Math.max(0, ...rows.map((row) => row.households));
  const passedAtLeast = Math.max(0, ...rows.map((row) => row.passed));
  const passedAtMost = Math.min(
    households,
    rows.reduce((sum, row) => sum + row.passed, 0),
  );
  const connected = Math.min(
    passedAtMost,
    rows.reduce((sum, row) => sum + row.connected, 0),
  );
  return { households, passedAtLeast, passedAtMost, connected };
}

/** Several communes together. */
export function sumTotals(communes: readonly FibreTotals[]): FibreTotals {
  const sum = (value: (totals: FibreTotals) => number) =>
    communes.reduce((total, commune) => total + value(commune), 0);
  return {
    households: sum((totals) => totals.households),
    passedAtLeast: sum((totals) => totals.passedAtLeast),
    passedAtMost: sum((totals) => totals.passedAtMost),
    connected: sum((totals) => totals.connected),
  };
}

/** Share in percent to one decimal, rounded down so that nothing short of all is shown as 100; null of nothing. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 1000) / whole) / 10;
}
