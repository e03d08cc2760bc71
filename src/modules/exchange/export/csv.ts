import { stringify } from 'csv-stringify/sync';
import { harmlessCell, toCsvText, withoutFormula } from '../domain/neutral-text.js';
import type { Row } from './exporter.js';
import { cellOf, type Head } from './table.js';

/** What Excel needs to see that a file is not in its own encoding. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** Lines of RFC 4180. What another program could take for a delimiter is quoted as well. */
export function csvLines(lines: readonly (readonly string[])[]): string {
  return stringify(lines as string[][], { record_delimiter: '\r\n', quoted_match: /[;\t|\r]/ });
}

/** A file in UTF-8, batch by batch. */
export async function* csvOf(
  { fields, headings, onlyForReading }: Head,
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  const write = onlyForReading ? withoutFormula : toCsvText;
  yield BYTE_ORDER_MARK + csvLines([headings.map(harmlessCell)]);
  for await (const rows of batches)
    if (rows.length > 0)
      yield csvLines(rows.map((row) => fields.map((field) => cellText(cellOf(field, row), write))));
}

/** Cells as they were read, to be given back to be mended. */
export function csvOfRaw(values: readonly unknown[]): string {
  return csvLines([values.map((value) => cellText(value, harmlessCell))]);
}

function cellText(value: unknown, write: (text: string) => string): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? write(value) : JSON.stringify(value);
}
