import { Problem } from '../../common/http/problem.js';
import { isIsoDate } from '../areas/index.js';
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

/** The day that a caller wrote. Throws 400. */
export function dayOf(date: string | undefined): string | undefined {
  if (date === undefined || isIsoDate(date)) return date;
  throw Problem.invalidField('date', 'DATE', {
    en: 'date must be a day of the calendar, YYYY-MM-DD',
    vi: 'date phải là một ngày có thật, dạng YYYY-MM-DD',
  });
}

/** The number of a version that a caller wrote. Throws 400. */
export function versionOrRefuse(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw Problem.invalidField('version', 'VERSION', {
    en: 'version must be a whole number from 1',
    vi: 'version phải là số nguyên từ 1',
  });
}
