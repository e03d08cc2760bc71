import { Problem } from '../../common/http/problem.js';
import { decodeCursor } from '../../common/http/page.js';

/** Places an entry in the order of time: `at` to the microsecond, which a Date cannot hold, and its id. */
const UTC_MICROSECONDS = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';

/** `at` of `audit_entries` to the microsecond, as text. */
export const AT_EXACT = `to_char(at at time zone 'UTC', '${UTC_MICROSECONDS}')`;
/** Who made an entry, as an object. */
export const ACTOR = `json_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name)`;

export function entryKey(row: { atKey: string; id: string }): string {
  return `${row.atKey} ${row.id}`;
}

/** The place behind a cursor made of an `entryKey`; refused when it is something else. */
export function decodeEntryKey(cursor: string | undefined): { at: string; id: string } | undefined {
  const key = decodeCursor(cursor);
  if (key === undefined) return undefined;
  const [, at, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\d{1,18})$/.exec(key) ?? [];
  if (at === undefined || id === undefined)
    throw Problem.invalidField('cursor', 'CURSOR', {
      en: 'cursor must be the nextCursor of an earlier page',
      vi: 'cursor phải là nextCursor của trang trước',
    });
  return { at, id };
}

/** An instant that both JavaScript and PostgreSQL understand, checked; null when none was given. */
export function instant(field: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const at = new Date(text);
  // The calendar of ISO 8601 has forms (weeks, days of the year) that are checked as right and not understood here.
  if (Number.isNaN(at.getTime()))
    throw Problem.invalidField(field, 'INSTANT', {
      en: `${field} must be an instant like 2026-02-01T00:00:00+07:00`,
      vi: `${field} phải là thời điểm như 2026-02-01T00:00:00+07:00`,
    });
  return at;
}

const WITH_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;

/** An instant to the microsecond, in UTC; refused without an offset, which would be a guess. */
export function exactInstant(field: string, text: string): string {
  const [, whole, fraction = '', offset] = WITH_OFFSET.exec(text) ?? [];
  const second = new Date(whole === undefined ? NaN : `${whole}${offset}`);
  const year = Number.isNaN(second.getTime()) ? 0 : second.getUTCFullYear();
  if (year < 1 || year > 9999)
    throw Problem.invalidField(field, 'INSTANT', {
      en: `${field} must be an instant with its offset, like 2026-02-01T00:00:00+07:00`,
      vi: `${field} phải là thời điểm kèm múi giờ, như 2026-02-01T00:00:00+07:00`,
    });
  return `${second.toISOString().slice(0, 19)}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}
