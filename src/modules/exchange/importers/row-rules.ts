import { Problem } from '../../../common/http/problem.js';
import { ATTRIBUTE_PREFIX } from '../../attributes/index.js';
import { finding, type Finding, type Said } from '../domain/findings.js';
import { type Columns, headingOf, type ParsedRow } from '../domain/sheet.js';

/** A finding of a row in the column that a field stands in. */
export function atField(
  columns: Columns,
  row: ParsedRow,
  field: string,
  said: Said,
  value?: unknown,
): Finding {
  const key = field.startsWith(ATTRIBUTE_PREFIX) ? field : (field.split('.')[0] ?? field);
  return finding('error', said, {
    row: row.row,
    column: headingOf(columns, key),
    value: value ?? row.values[key],
  });
}

/** Required fields that have no value, and were not already reported as unreadable. */
export function lacking(
  columns: Columns,
  row: ParsedRow,
  required: readonly string[],
  values: Readonly<Record<string, unknown>>,
): Finding[] {
  return required
    .filter((key) => !row.unread.has(key) && (values[key] === undefined || values[key] === null))
    .map((key) =>
      atField(columns, row, key, {
        code: 'REQUIRED',
        en: `${headingOf(columns, key)} must have a value`,
        vi: `${headingOf(columns, key)} phải có giá trị`,
      }),
    );
}

export function changedMeanwhile(keys: readonly string[]): Problem {
  const shown = keys.slice(0, 10).join(', ');
  return Problem.conflict('CHANGED_MEANWHILE', {
    en: `Changed by somebody else while the file was checked: ${shown}. Nothing was written; apply again.`,
    vi: `Đã bị người khác thay đổi trong lúc kiểm tra tệp: ${shown}. Chưa ghi gì; hãy áp dụng lại.`,
  });
}
