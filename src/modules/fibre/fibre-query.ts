import { Problem } from '../../common/http/problem.js';
import { parseQuarter } from './domain/quarter.js';

/** The quarter that a caller wrote, as it is stored. Throws 400. */
export function quarterOrRefuse(text: string): string {
  const quarter = parseQuarter(text);
  if (quarter !== undefined) return quarter;
  throw Problem.invalidField('quarter', 'QUARTER', {
    en: 'quarter must be a year and a quarter, as in 2025Q2',
    vi: 'quarter phải gồm năm và quý, như 2025Q2',
  });
}

export function quarterOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : quarterOrRefuse(text);
}
