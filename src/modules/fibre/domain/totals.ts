import type { FibreFigures, TIERS } from './fibre-rules.js';

/**
 * Fibre over all operators. Their networks overlap, and nobody tells which household is passed by several; so the households
 * passed by any are given as bounds.
 */
export interface FibreTotals {
  households: number;
  passedAtLeast: number;
  passedAtMost: number;
  connected: number;
  /** Of those passed, with at least 25/3 Mbit/s; null where no operator tells. */
  passed25MbpsAtLeast: number | null;
  passed25MbpsAtMost: number | null;
  /** Of those passed, with at least 100/20 Mbit/s; null where no operator tells. */
  passed100MbpsAtLeast: number | null;
  passed100MbpsAtMost: number | null;
}

/** How totals come about, for whoever reads them. */
export const TOTALS_RULE = {
  en:
    'Networks overlap. Of a commune, passedAtLeast is the figure of the operator that passes most households, passedAtMost is ' +
    'the sum of all operators, at most all households; the truth lies between. connected is the sum of all operators, at most ' +
    'passedAtMost. households is the greatest figure that an operator gives. Speed tiers are bounded the same way: an operator ' +
    'that does not tell counts as none at least and as all it passes at most; null where none tells. Of a commune, an operator ' +
    'has its own row, or else the sum of its hamlets where it reports every one of them. Units above are sums of their communes ' +
    'with data.',
  vi:
    'Mạng của các doanh nghiệp chồng lấn nhau. Với mỗi xã, passedAtLeast là số hộ của doanh nghiệp phủ nhiều nhất, passedAtMost ' +
    'là tổng của mọi doanh nghiệp nhưng không quá số hộ; giá trị thật nằm giữa hai số này. connected là tổng của mọi doanh ' +
    'nghiệp, không quá passedAtMost. households là số hộ lớn nhất mà một doanh nghiệp báo cáo. Mức tốc độ cũng cho theo hai cận: ' +
    'doanh nghiệp không báo cáo được tính ít nhất là 0 và nhiều nhất là toàn bộ số hộ đã phủ; null nếu không doanh nghiệp nào ' +
    'báo cáo. Với mỗi xã, lấy dòng số liệu cấp xã của doanh nghiệp, nếu không có thì lấy tổng các ấp, khu vực khi đã báo cáo đủ. ' +
    'Đơn vị cấp trên là tổng các xã có số liệu.',
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
  const slow = tierBounds(rows, 'passed25Mbps', households);
  const fast = tierBounds(rows, 'passed100Mbps', households);
  return {
    households,
    passedAtLeast,
    passedAtMost,
    connected,
    passed25MbpsAtLeast: slow.atLeast,
    passed25MbpsAtMost: slow.atMost,
    passed100MbpsAtLeast: fast.atLeast,
    passed100MbpsAtMost: fast.atMost,
  };
}

function tierBounds(
  rows: readonly FibreFigures[],
  tier: (typeof TIERS)[number],
  households: number,
): { atLeast: number | null; atMost: number | null } {
  // Where nobody is passed, nobody has any speed.
  const told = rows.map((row) => row[tier] ?? (row.passed === 0 ? 0 : null));
  const known = told.filter((value) => value !== null);
  if (known.length === 0) return { atLeast: null, atMost: null };
  const most = rows.reduce((sum, row, i) => sum + (told[i] ?? row.passed25Mbps ?? row.passed), 0);
  return { atLeast: Math.max(...known), atMost: Math.min(households, most) };
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
    ...sumTier(communes, 'passed25Mbps'),
    ...sumTier(communes, 'passed100Mbps'),
  };
}

/** Communes whose tier is unknown count as none at least and as all that are passed at most. */
function sumTier<T extends (typeof TIERS)[number]>(
  communes: readonly FibreTotals[],
  tier: T,
): Record<`${T}AtLeast` | `${T}AtMost`, number | null> {
  const isKnown = communes.some((totals) => totals[`${tier}AtLeast`] !== null);
  const sum = (value: (totals: FibreTotals) => number) =>
    isKnown ? communes.reduce((total, commune) => total + value(commune), 0) : null;
  return {
    [`${tier}AtLeast`]: sum((totals) => totals[`${tier}AtLeast`] ?? 0),
    [`${tier}AtMost`]: sum((totals) => totals[`${tier}AtMost`] ?? totals.passedAtMost),
  } as Record<`${T}AtLeast` | `${T}AtMost`, number | null>;
}

/** Share in percent to one decimal, rounded down so that nothing short of all is shown as 100; null of nothing. */
export function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 1000) / whole) / 10;
}
