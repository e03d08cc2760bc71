import { decodeCursor } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';

/** A decimal number as the database or JSON writes it, of moderate size. */
export const NUMBER_KEY = /^\d{1,9}(\.\d{1,17})?(e-?\d{1,2})?$/;
export const DAY_KEY =
  /^(19|2\d)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d)$|^\d{4}-(0[13-9]|1[0-2])-30$|^\d{4}-(0[13578]|1[02])-31$/;
export const CODE_KEY = /^[^\0]{1,64}$/;

/** The parts of a cursor that is a JSON list; undefined without a cursor. Throws 400 unless each part is as it should be. */
export function cursorParts(cursor: string | undefined, right: readonly RegExp[]): string[] | undefined {
  const given = decodeCursor(cursor);
  if (given === undefined) return undefined;
  const parts = parse(given);
  if (parts?.length === right.length && right.every((pattern, i) => pattern.test(parts[i] ?? '')))
    return parts;
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page in the same order',
    vi: 'cursor phải là nextCursor của trang trước với cùng thứ tự sắp xếp',
  });
}

function parse(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map((part) => String(part)) : undefined;
  } catch {
    return undefined;
  }
}
