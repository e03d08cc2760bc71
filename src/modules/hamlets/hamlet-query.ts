import { decodeCursor } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { parseBbox, type Bbox } from '../../geo/index.js';
import { isIsoDate, onGroundSql } from '../areas/index.js';
import { attributeCondition, type AttributeFilter } from '../attributes/index.js';
import { HAMLET_SIGNALS, type HamletKind } from './domain/hamlet-rules.js';

export const HAMLET_SORTS = [
  'code',
  '-code',
  'name',
  '-name',
  'households',
  '-households',
  'updatedAt',
  '-updatedAt',
] as const;
export type HamletSort = (typeof HAMLET_SORTS)[number];

/** What hamlets can be counted by. */
export const HAMLET_DIMENSIONS = ['commune', 'district', 'province', 'signal', 'kind'] as const;
export type HamletDimension = (typeof HAMLET_DIMENSIONS)[number];

const SIGNALS = [...HAMLET_SIGNALS, 'unknown'] as const;

/** Which hamlets. What is left out does not narrow. */
export interface HamletFilter {
  bbox?: Bbox;
  /** Id or code of a unit: hamlets on its ground. */
  unit?: string;
  /** `unknown` stands for hamlets of which nobody reported. */
  signal?: readonly string[];
  kind?: HamletKind;
  attributes?: readonly AttributeFilter[];
  /** Part of code or name; marks and letter case do not matter. */
  q?: string;
  /** The day for the commune and for a unit given by code; default: today. */
  date?: string;
}

/** The filter as it stands in a query. */
export interface HamletFilterText {
  bbox?: string;
  unit?: string;
  signal?: string;
  kind?: HamletKind;
  q?: string;
  date?: string;
}

/** Adds a value to a statement's parameters and gives its placeholder, typed: `$3::text`. */
export type Bind = (value: unknown, type: string) => string;

/** The filter that a query means. Throws 400 for what cannot be read. */
export function filterOf({ bbox, signal, date, ...rest }: HamletFilterText): HamletFilter {
  return { ...rest, bbox: boxOf(bbox), signal: listOf('signal', signal, SIGNALS), date: dayOf(date) };
}

export function dimensionsOf(text: string): readonly HamletDimension[] {
  const by = listOf('by', text, HAMLET_DIMENSIONS) ?? [];
  if (by.length <= 3) return by;
  throw Problem.invalidField('by', 'TOO_MANY', {
    en: 'by must be at most 3 dimensions',
    vi: 'by tối đa 3 chiều',
  });
}

export function dayOf(date: string | undefined): string | undefined {
  if (date === undefined || isIsoDate(date)) return date;
  throw Problem.invalidField('date', 'DATE', {
    en: 'date must be a day of the calendar, YYYY-MM-DD',
    vi: 'date phải là một ngày có thật, dạng YYYY-MM-DD',
  });
}

/** The filter as a condition on `hamlets h`; `ground` are the ids of the communes of its unit, null without one. */
export function hamletCondition(filter: HamletFilter, ground: readonly string[] | null, bind: Bind): string {
  const { bbox, signal, kind, attributes = [], q } = filter;
  const conditions: string[] = [attributeCondition('h.attributes', attributes, bind)];
  if (bbox) {
    const sides = [bbox.west, bbox.south, bbox.east, bbox.north].map((side) => bind(side, 'float8'));
    conditions.push(`h.position::geometry && st_makeenvelope(${sides.join(', ')}, 4326)`);
  }
  if (ground) conditions.push(onGroundSql('h.position::geometry', bind(ground, 'uuid[]')));
  if (signal) conditions.push(`coalesce(h.signal, 'unknown') = any(${bind(signal, 'text[]')})`);
  if (kind !== undefined) conditions.push(`h.kind = ${bind(kind, 'text')}`);
  if (q !== undefined) {
    const folded = `fold_text(${bind(q, 'text')})`;
    conditions.push(
      String.raw`h.search_text like '%' || regexp_replace(${folded}, '([\\%_])', '\\\1', 'g') || '%'`,
    );
  }
  return conditions.join(' and ');
}

interface Key {
  sql: string;
  /** Of the key as it stands in a cursor. */
  text: string;
  right: RegExp;
  read: (given: string) => string;
}

const TEXT = /^[^\0]{1,500}$/;
const KEYS: Record<string, Key> = {
  code: { sql: 'h.code', text: 'h.code', right: TEXT, read: (given) => given },
  name: { sql: 'fold_text(h.name)', text: 'fold_text(h.name)', right: TEXT, read: (given) => given },
  households: {
    sql: 'coalesce(h.households, -1)',
    text: 'coalesce(h.households, -1)::text',
    right: /^-?\d{1,9}$/,
    read: (given) => `${given}::int`,
  },
  updatedAt: {
    sql: 'h.updated_at',
    // Whole microseconds, which is what the column holds.
    text: '(extract(epoch from h.updated_at) * 1000000)::bigint::text',
    right: /^\d{1,16}$/,
    read: (given) => `(timestamptz 'epoch' + ${given}::bigint * interval '1 microsecond')`,
  },
};

export interface HamletOrder {
  orderBy: string;
  key: string;
  /** What lies after the cursor; `true` on the first page. */
  after: string;
  /** Names the order too, so that no cursor is used with another. */
  cursorOf: (row: { sortKey: string; code: string }) => string;
}

/** Equal keys are in the order of their codes, so that pages neither miss nor repeat a hamlet. */
export function hamletOrder(sort: HamletSort, cursor: string | undefined, bind: Bind): HamletOrder {
  const down = sort.startsWith('-');
  const key = KEYS[down ? sort.slice(1) : sort];
  if (!key) throw new Error(`hamlets cannot be sorted by ${sort}`);
  const direction = down ? 'desc' : 'asc';
  const last = partsOf(cursor, [new RegExp(`^${sort}$`), key.right, TEXT]);
  return {
    orderBy: `${key.sql} ${direction}, h.code ${direction}`,
    key: key.text,
    after: last
      ? `(${key.sql}, h.code) ${down ? '<' : '>'} (${key.read(bind(last[1], 'text'))}, ${bind(last[2], 'text')})`
      : 'true',
    cursorOf: ({ sortKey, code }) => JSON.stringify([sort, sortKey, code]),
  };
}

function partsOf(cursor: string | undefined, right: readonly RegExp[]): string[] | undefined {
  const given = decodeCursor(cursor);
  if (given === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(given);
    const parts = Array.isArray(value) ? value.map(String) : [];
    if (parts.length === right.length && right.every((pattern, i) => pattern.test(parts[i] ?? '')))
      return parts;
  } catch {
    // Not JSON: not ours.
  }
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page in the same order',
    vi: 'cursor phải là nextCursor của trang trước với cùng thứ tự sắp xếp',
  });
}

/** Values between commas, each one of those allowed. */
function listOf<T extends string>(
  field: string,
  text: string | undefined,
  allowed: readonly T[],
): readonly T[] | undefined {
  if (text === undefined) return undefined;
  const given = [...new Set(text.split(',').map((part) => part.trim()))];
  const known = given.flatMap((part) => allowed.find((value) => value === part) ?? []);
  if (known.length === given.length) return known;
  const list = allowed.join(', ');
  throw Problem.invalidField(field, 'ONE_OF', {
    en: `${field} must be one or more of ${list}, with commas between them`,
    vi: `${field} phải là một hay nhiều giá trị trong: ${list}, cách nhau bằng dấu phẩy`,
  });
}

function boxOf(text: string | undefined): Bbox | undefined {
  if (text === undefined) return undefined;
  const parsed = parseBbox(text);
  if (parsed.ok) return parsed.bbox;
  throw Problem.invalidField('bbox', parsed.code, { en: parsed.messageEn, vi: parsed.messageVi });
}
