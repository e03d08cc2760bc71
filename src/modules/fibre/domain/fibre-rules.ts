/** Figures of one operator in one commune or hamlet at the end of a quarter. Served (passed) is not connected. */
export interface FibreFigures {
  /** All households of the unit, as the operator counts them. */
  households: number;
  /** Households that could be connected without building more than the drop. */
  passed: number;
  connected: number;
  /** Of those passed: can get at least 25/3 Mbit/s (below is unserved, after BEAD). Null: unknown. */
  passed25Mbps?: number | null;
  /** Of those passed: can get at least 100/20 Mbit/s (below is underserved, after BEAD). Null: unknown. */
  passed100Mbps?: number | null;
}

export const TIERS = ['passed25Mbps', 'passed100Mbps'] as const;

/** A value that a rule refuses: which field, and what is right, in both languages. */
export interface Violation {
  field: string;
  code: string;
  en: string;
  vi: string;
}

const MAX_HOUSEHOLDS = 10_000_000;

/** connected ≤ passed ≤ households and 100/20 ≤ 25/3 ≤ passed, whole numbers from 0; tiers may be unknown. */
export function checkFigures(figures: FibreFigures): Violation[] {
  const isCount = (value: number) => Number.isInteger(value) && value >= 0 && value <= MAX_HOUSEHOLDS;
  const told = TIERS.filter((tier) => (figures[tier] ?? null) !== null);
  const counts = (['households', 'passed', 'connected', ...told] as const)
    .filter((field) => !isCount(figures[field] ?? Number.NaN))
    .map((field) => ({
      field,
      code: 'COUNT',
      en: `${field} must be a whole number of households from 0 to ${MAX_HOUSEHOLDS}`,
      vi: `${field} phải là số hộ nguyên từ 0 đến ${MAX_HOUSEHOLDS}`,
    }));
  if (counts.length > 0) return counts;
  const { households, passed, connected } = figures;
  const [slow, fast] = [figures.passed25Mbps ?? null, figures.passed100Mbps ?? null];
  const found: Violation[] = [];
  const atMost = (field: string, value: number | null, whole: string, most: number) => {
    if (value !== null && value > most)
      found.push({
        field,
        code: 'ORDER',
        en: `${field} must not be more than ${whole} (${most})`,
        vi: `${field} không được lớn hơn ${whole} (${most})`,
      });
  };
  atMost('passed', passed, 'households', households);
  atMost('connected', connected, 'passed', passed);
  atMost('passed25Mbps', slow, 'passed', passed);
  if (slow === null) atMost('passed100Mbps', fast, 'passed', passed);
  else atMost('passed100Mbps', fast, 'passed25Mbps', slow);
  return found;
}

/** Fields in which the hamlets of a commune together have more than the commune, for one operator and quarter. */
export function hamletExcess(commune: FibreFigures, hamlets: readonly FibreFigures[]): Violation[] {
  return (['households', 'passed', 'connected', ...TIERS] as const).flatMap((field) => {
    const whole = commune[field] ?? null;
    const sum = hamlets.reduce((total, hamlet) => total + (hamlet[field] ?? 0), 0);
    if (whole === null || sum <= whole) return [];
    return {
      field,
      code: 'HAMLETS_EXCEED',
      en: `the hamlets of the commune add up to ${sum} ${field}, the commune itself has ${whole}`,
      vi: `tổng ${field} của các ấp, khu vực là ${sum}, trong khi cả xã chỉ có ${whole}`,
    };
  });
}

/** The hamlets of a commune together, of one operator: a tier is known when every hamlet tells it. */
export function sumOfHamlets(hamlets: readonly FibreFigures[]): FibreFigures {
  const sum = (field: 'households' | 'passed' | 'connected') =>
    hamlets.reduce((total, hamlet) => total + hamlet[field], 0);
  const tier = (field: (typeof TIERS)[number]) =>
    hamlets.reduce<number | null>((total, hamlet) => {
      const value = hamlet[field] ?? null;
      return total === null || value === null ? null : total + value;
    }, 0);
  return {
    households: sum('households'),
    passed: sum('passed'),
    connected: sum('connected'),
    passed25Mbps: tier('passed25Mbps'),
    passed100Mbps: tier('passed100Mbps'),
  };
}
