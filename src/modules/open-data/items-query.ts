import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { type Bbox, parseBbox } from '../../geo/index.js';
import type { Collection } from './domain/collection.js';
import {
  Cql2Error,
  type Cql2Filter,
  isDate,
  isTimestamp,
  parseCql2Json,
  parseCql2Text,
} from './domain/cql2/index.js';
import type { Moment } from './moment-sql.js';

export const CRS84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';
const DEFAULT_LIMIT = 100;
export const MAX_LIMIT = 10_000;
const LONGEST_VALUE = 1_000;

/** What is asked of a collection's features. */
export interface ItemsQuery {
  limit: number;
  cursor?: string;
  bbox?: Bbox;
  /** Undefined ends are open. */
  datetime?: { from?: Moment; to?: Moment };
  /** Values that properties must equal, as they were written. */
  equal: [name: string, value: string][];
  filter?: Cql2Filter;
}

type Raw = Readonly<Record<string, unknown>>;

/** Reads the query of `items`. Every wrong parameter is named in one 400. */
export function readItemsQuery(raw: Raw, collection: Collection): ItemsQuery {
  const problems: FieldProblem[] = [];
  const query: ItemsQuery = { limit: DEFAULT_LIMIT, equal: [] };
  for (const [name, value] of Object.entries(raw)) {
    const reading =
      typeof value !== 'string'
        ? wrong(name, 'REPEATED', `${name} must be given once`, `${name} chỉ được nêu một lần`)
        : readParameter(query, name, value, raw, collection);
    if (reading) problems.push(reading);
  }
  if (problems.length > 0) throw Problem.invalid(problems);
  return query;
}

/** Refuses what a route without parameters of its own does not know; `f=json` is known everywhere. */
export function readPlainQuery(raw: Raw): void {
  const problems = Object.entries(raw).flatMap(([name, value]) =>
    name === 'f' ? (readFormat(value) ?? []) : unknown(name),
  );
  if (problems.length > 0) throw Problem.invalid(problems);
}

function readParameter(
  query: ItemsQuery,
  name: string,
  value: string,
  raw: Raw,
  collection: Collection,
): FieldProblem | undefined {
  switch (name) {
    case 'f':
      return readFormat(value);
    case 'crs':
    case 'bbox-crs':
    case 'filter-crs':
      return value === CRS84
        ? undefined
        : wrong(name, 'CRS', `${name} can only be ${CRS84}`, `${name} chỉ có thể là ${CRS84}`);
    case 'limit':
      if (!/^\d{1,9}$/.test(value) || Number(value) < 1)
        return wrong(name, 'LIMIT', 'limit must be a whole number from 1', 'limit phải là số nguyên từ 1');
      query.limit = Math.min(Number(value), MAX_LIMIT);
      return undefined;
    case 'cursor':
      query.cursor = value;
      return undefined;
    case 'bbox':
      return readBox(query, value);
    case 'datetime':
      return readDatetime(query, value);
    case 'filter-lang':
      return value === 'cql2-text' || value === 'cql2-json'
        ? undefined
        : wrong(
            name,
            'LANGUAGE',
            'filter-lang must be cql2-text or cql2-json',
            'filter-lang phải là cql2-text hoặc cql2-json',
          );
    case 'filter':
      return readFilter(query, value, raw['filter-lang'] === 'cql2-json');
    default:
      return readEqual(query, name, value, collection);
  }
}

function readFormat(value: unknown): FieldProblem | undefined {
  if (value === 'json' || value === 'geojson') return undefined;
  return wrong('f', 'FORMAT', 'f can only be json', 'f chỉ có thể là json');
}

function readBox(query: ItemsQuery, value: string): FieldProblem | undefined {
  const numbers = value.split(',');
  // With heights (six numbers) the box is that of the ground.
  const ground = numbers.length === 6 ? [numbers[0], numbers[1], numbers[3], numbers[4]].join(',') : value;
  const parsed = parseBbox(ground);
  if (!parsed.ok) return fieldProblem('bbox', parsed.code, { en: parsed.messageEn, vi: parsed.messageVi });
  query.bbox = parsed.bbox;
  return undefined;
}

function readDatetime(query: ItemsQuery, value: string): FieldProblem | undefined {
  const parts = value.split('/');
  const [first = '', second = first] = parts;
  const isOpen = (end: string) => end === '..' || end === '';
  const isEnd = (end: string) => isDate(end) || isTimestamp(end) || (parts.length === 2 && isOpen(end));
  const ordered = isOpen(first) || isOpen(second) || Date.parse(first) <= Date.parse(second);
  if (parts.length > 2 || !isEnd(first) || !isEnd(second) || (isOpen(first) && isOpen(second)) || !ordered)
    return wrong(
      'datetime',
      'DATETIME',
      'datetime must be a day or instant (RFC 3339), or two with a slash between, of which one may be ".."',
      'datetime phải là ngày hoặc thời điểm (RFC 3339), hoặc hai mốc cách nhau bằng "/", một mốc có thể là ".."',
    );
  const momentOf = (end: string): Moment | undefined =>
    isOpen(end) ? undefined : isDate(end) ? { date: end } : { timestamp: end };
  query.datetime = { from: momentOf(first), to: momentOf(second) };
  return undefined;
}

function readFilter(query: ItemsQuery, value: string, isJson: boolean): FieldProblem | undefined {
  try {
    query.filter = isJson ? parseCql2Json(value) : parseCql2Text(value);
    return undefined;
  } catch (error) {
    if (error instanceof Cql2Error) return filterProblem(error);
    throw error;
  }
}

export function filterProblem({ place, en, vi }: Cql2Error): FieldProblem {
  const [placeEn, placeVi] =
    place === undefined
      ? ['', '']
      : typeof place === 'number'
        ? [`character ${place}: `, `ký tự thứ ${place}: `]
        : [`${place}: `, `${place}: `];
  return wrong('filter', 'CQL2', `filter, ${placeEn}${en}`, `filter, ${placeVi}${vi}`);
}

function readEqual(
  query: ItemsQuery,
  name: string,
  value: string,
  { properties }: Collection,
): FieldProblem | undefined {
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (!property) return unknown(name);
  const fits = {
    string: value.length <= LONGEST_VALUE && !value.includes('\0'),
    number: /^[+-]?(\d+\.?\d*|\.\d+)$/.test(value) && value.length < 100,
    integer: /^[+-]?\d{1,15}$/.test(value),
    boolean: value === 'true' || value === 'false',
    date: isDate(value),
    time: isTimestamp(value),
  }[property.type];
  if (!fits)
    return wrong(name, 'TYPE', `${name} must be a ${property.type}`, `${name} phải có kiểu ${property.type}`);
  query.equal.push([name, value]);
  return undefined;
}

const wrong = (field: string, code: string, en: string, vi: string) => fieldProblem(field, code, { en, vi });
const unknown = (name: string) =>
  wrong(name, 'UNKNOWN_FIELD', `${name} is not a known parameter`, `${name} không phải là tham số được biết`);
