import { Problem } from '../../common/http/problem.js';
import { isLonLat, parseAreaGeometry, parseBbox, polygonsOf, type MultiPolygon } from '../../geo/index.js';
import { isIsoDate } from '../areas/index.js';
import { BACKHAULS, LIFECYCLES } from './domain/site-model.js';
import type { SiteFilter } from './site-filter.js';
import { SITE_SUMMARY_EXAMPLE, type SiteFilterQuery } from './sites.dto.js';

/** Fields that a list of sites can be narrowed to. */
export const LISTED_FIELDS: readonly string[] = [...Object.keys(SITE_SUMMARY_EXAMPLE), 'distanceM'];
const MOST_POSITIONS = 10_000;

/** The filter that a query means. Throws 400 for what cannot be read. */
export function filterOf(query: SiteFilterQuery, polygon?: unknown): SiteFilter {
  const { withinM, unit, operator, technology, band, confidence, owner, attr, q } = query;
  const near = placeOf(query.near);
  if (withinM !== undefined && !near)
    throw Problem.invalidField('withinM', 'NEAR', {
      en: 'withinM needs near=lon,lat',
      vi: 'withinM cần near=kinh độ,vĩ độ',
    });
  return {
    bbox: boxOf(query.bbox),
    near,
    withinM,
    polygon: polygon === undefined ? undefined : polygonOf(polygon),
    unit,
    operator,
    technology,
    band,
    lifecycle: listOf('status', query.status, LIFECYCLES),
    confidence,
    owner,
    backhaul: listOf('backhaul', query.backhaul, [...BACKHAULS, 'unknown']),
    attr,
    q,
    date: dayOf(query.date),
  };
}

/** The fields that are asked for; undefined: all. */
export function fieldsOf(text: string | undefined): readonly string[] | undefined {
  return listOf('fields', text, LISTED_FIELDS);
}

/** Only the chosen fields of an item. */
export function chosen<T extends object>(item: T, fields: readonly string[] | undefined): Partial<T> {
  if (!fields) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => fields.includes(name))) as Partial<T>;
}

export function dayOf(date: string | undefined): string | undefined {
  if (date === undefined || isIsoDate(date)) return date;
  throw Problem.invalidField('date', 'DATE', {
    en: 'date must be a day of the calendar, YYYY-MM-DD',
    vi: 'date phải là một ngày có thật, dạng YYYY-MM-DD',
  });
}

/** Values between commas, each one of those allowed. */
export function listOf<T extends string>(
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

function boxOf(text: string | undefined): SiteFilter['bbox'] {
  if (text === undefined) return undefined;
  const parsed = parseBbox(text);
  if (parsed.ok) return parsed.bbox;
  throw Problem.invalidField('bbox', parsed.code, { en: parsed.messageEn, vi: parsed.messageVi });
}

function placeOf(text: string | undefined): SiteFilter['near'] {
  if (text === undefined) return undefined;
  const match = /^\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,15})?)\s*$/.exec(text);
  const [lon, lat] = [Number(match?.[1]), Number(match?.[2])];
  if (match && isLonLat(lon, lat)) return { lon, lat };
  throw Problem.invalidField('near', 'PLACE', {
    en: 'near must be lon,lat in degrees, as in 105.47,9.78',
    vi: 'near phải là kinh độ,vĩ độ tính bằng độ, như 105.47,9.78',
  });
}

function polygonOf(value: unknown): MultiPolygon {
  const parsed = parseAreaGeometry(value);
  if (!parsed.ok)
    throw Problem.invalidField(parsed.path === '' ? 'polygon' : `polygon.${parsed.path}`, 'GEOMETRY', {
      en: parsed.messageEn,
      vi: parsed.messageVi,
    });
  const coordinates = polygonsOf(parsed.geometry).map((rings) =>
    rings.map((ring) => ring.map(([lon, lat]): [number, number] => [lon, lat])),
  );
  const positions = coordinates.flat().reduce((sum, ring) => sum + ring.length, 0);
  if (positions > MOST_POSITIONS)
    throw Problem.invalidField('polygon', 'TOO_LARGE', {
      en: `polygon has ${positions} positions, of at most ${MOST_POSITIONS}`,
      vi: `polygon có ${positions} điểm, tối đa ${MOST_POSITIONS}`,
    });
  return { type: 'MultiPolygon', coordinates };
}
