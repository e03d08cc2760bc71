import type { Violation } from './site-model.js';

/** A number's limits, both included. */
export interface Range {
  min: number;
  max: number;
  unit: string;
  whole?: boolean;
}

export function checkRange(field: string, value: number | null, range: Range): Violation[] {
  const { min, max, unit, whole } = range;
  if (value === null || (value >= min && value <= max && (!whole || Number.isInteger(value)))) return [];
  const [kindEn, kindVi] = whole ? ['a whole number', 'số nguyên'] : ['a number', 'số'];
  const of = unit === '' ? '' : ` ${unit}`;
  return [
    {
      field,
      code: 'RANGE',
      en: `${field} must be ${kindEn} from ${min} to ${max}${of}`,
      vi: `${field} phải là ${kindVi} từ ${min} đến ${max}${of}`,
    },
  ];
}

export function checkOneOf(field: string, value: string | null, allowed: readonly string[]): Violation[] {
  if (value === null || allowed.includes(value)) return [];
  const list = allowed.join(', ');
  return [
    {
      field,
      code: 'ONE_OF',
      en: `${field} must be one of ${list}`,
      vi: `${field} phải là một trong: ${list}`,
    },
  ];
}

export function checkText(field: string, value: string | null, maxLength: number): Violation[] {
  if (value === null || (value.trim() !== '' && value.length <= maxLength)) return [];
  return [
    {
      field,
      code: 'TEXT',
      en: `${field} must be 1 to ${maxLength} characters`,
      vi: `${field} phải có từ 1 đến ${maxLength} ký tự`,
    },
  ];
}

export function checkPattern(
  field: string,
  value: string | null,
  pattern: RegExp,
  right: { en: string; vi: string },
): Violation[] {
  if (value === null || pattern.test(value)) return [];
  return [{ field, code: 'PATTERN', en: `${field} must be ${right.en}`, vi: `${field} phải là ${right.vi}` }];
}

export function checkDate(field: string, value: string | null): Violation[] {
  if (value === null || isDay(value)) return [];
  return [
    {
      field,
      code: 'DATE',
      en: `${field} must be a day of the calendar, YYYY-MM-DD`,
      vi: `${field} phải là một ngày có thật, dạng YYYY-MM-DD`,
    },
  ];
}

function isDay(text: string): boolean {
  if (!/^(19|2\d)\d\d-\d\d-\d\d$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Values that a list may hold, each once. */
export function checkNames(field: string, values: readonly string[], known: readonly string[]): Violation[] {
  return values.flatMap((value, i) => {
    if (known.includes(value) && values.indexOf(value) === i) return [];
    return [
      {
        field: `${field}.${i}`,
        code: 'FIELD_NAME',
        en: `"${value}" must be the name of a field, once`,
        vi: `"${value}" phải là tên một trường, ghi một lần`,
      },
    ];
  });
}
