import { stringify } from 'csv-stringify/sync';

type Value = string | number | boolean | null;

/** Excel takes a file for Latin-1 unless it begins so. */
const BOM = '\ufeff';

/**
 * Lines of a CSV (RFC 4180, UTF-8): of a table's beginning with its head. Unknown is empty. Texts that a table program would take for
 * a formula stand behind an apostrophe.
 */
export function csvLines<T extends Record<string, Value>>(
  columns: readonly (keyof T & string)[],
  rows: readonly T[],
  part: 'beginning' | 'more' = 'beginning',
): string {
  const records = rows.map((row) => columns.map((column) => harmless(row[column] ?? null)));
  const text = stringify(part === 'beginning' ? [[...columns], ...records] : records, {
    record_delimiter: 'windows',
    cast: { boolean: String },
  });
  return part === 'beginning' ? BOM + text : text;
}

/** Numbers may begin with a minus; texts that begin like a formula may not. */
function harmless(value: Value): Value {
  return typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}
