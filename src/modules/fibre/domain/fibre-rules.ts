/** Figures of one operator in one commune at the end of a quarter. Served (passed) is not connected. */
export interface FibreFigures {
  /** All households of the commune, as the operator counts them. */
  households: number;
  /** Households that could be connected without building more than the drop. */
  passed: number;
  connected: number;
}

/** A value that a rule refuses: which field, and what is right, in both languages. */
export interface Violation {
  field: string;
  code: string;
  en: string;
  vi: string;
}

const MAX_HOUSEHOLDS = 10_000_000;

/** connected ≤ passed ≤ households, whole numbers from 0. */
export function checkFigures(figures: FibreFigures): Violation[] {
  const counts = (['households', 'passed', 'connected'] as const)
    .filter(
      (field) =>
        !(Number.isInteger(figures[field]) && figures[field] >= 0 && figures[field] <= MAX_HOUSEHOLDS),
    )
    .map((field) => ({
      field,
      code: 'COUNT',
      en: `${field} must be a whole number of households from 0 to ${MAX_HOUSEHOLDS}`,
      vi: `${field} phải là số hộ nguyên từ 0 đến ${MAX_HOUSEHOLDS}`,
    }));
  if (counts.length > 0) return counts;
  const found: Violation[] = [];
  if (figures.passed > figures.households)
    found.push({
      field: 'passed',
      code: 'ORDER',
      en: `passed must not be more than households (${figures.households})`,
      vi: `passed không được lớn hơn households (${figures.households})`,
    });
  if (figures.connected > figures.passed)
    found.push({
      field: 'connected',
      code: 'ORDER',
      en: `connected must not be more than passed (${figures.passed})`,
      vi: `connected không được lớn hơn passed (${figures.passed})`,
    });
  return found;
}
