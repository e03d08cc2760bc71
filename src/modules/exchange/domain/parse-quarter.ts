import { fold } from './text.js';

const ROMAN: Readonly<Record<string, string>> = { i: '1', ii: '2', iii: '3', iv: '4' };
const YEAR = String.raw`([12]\d{3})`;
const QUARTER = '([1-4]|iv|i{1,3})';
const FORMS: readonly [RegExp, 'year first' | 'quarter first'][] = [
  [new RegExp(`^${YEAR} ?(?:q|quy|quarter) ?${QUARTER}$`), 'year first'],
  [new RegExp(`^(?:q|quy|quarter) ?${QUARTER} (?:nam )?${YEAR}$`), 'quarter first'],
  [new RegExp(`^${QUARTER}q ?${YEAR}$`), 'quarter first'],
];

/** A quarter as it is stored, `2026Q1`, of what people write: 2026-Q1, Q1 2026, Quý 1/2026, Quý IV năm 2025, 1Q2026. */
export function parseQuarter(text: string): string | undefined {
  const words = fold(text);
  for (const [form, order] of FORMS) {
    const match = form.exec(words);
    if (!match) continue;
    const [year = '', quarter = ''] = order === 'year first' ? match.slice(1) : match.slice(1).reverse();
    return `${year}Q${ROMAN[quarter] ?? quarter}`;
  }
  return undefined;
}
