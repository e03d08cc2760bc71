import { onGroundSql } from '../areas/index.js';
import type { Bbox, MultiPolygon } from '../../geo/index.js';
import type { Confidence, Lifecycle, Technology } from './domain/site-model.js';

/** Which sites. What is left out does not narrow. */
export interface SiteFilter {
  bbox?: Bbox;
  /** A place; with `withinM`, only sites that near to it. */
  near?: { lon: number; lat: number };
  withinM?: number;
  polygon?: MultiPolygon;
  /** Id or code of a unit: sites on its ground. */
  unit?: string;
  /** A network on the mast. With `technology` or `band`: that has such cells there. */
  operator?: string;
  technology?: Technology;
  band?: string;
  lifecycle?: readonly Lifecycle[];
  confidence?: Confidence;
  owner?: string;
  /** `unknown` stands for sites that do not tell. */
  backhaul?: readonly string[];
  /** Of custom attributes, as a query writes them: `{roofType: 'tile', 'height.min': '3'}`. */
  attr?: Readonly<Record<string, unknown>>;
  /** Part of code, name or address; marks and letter case do not matter. */
  q?: string;
  /** The day for the commune and for a unit given by code; default: today, for a former unit its last day. */
  date?: string;
}

/** Values of a statement, in the order of their numbers. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The placeholder of a value, typed: `$3::text`. */
  bind(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/** A place as a geography, of bound parameters. */
export function placeSql({ lon, lat }: { lon: number; lat: number }, parameters: Parameters): string {
  return `st_setsrid(st_makepoint(${parameters.bind(lon, 'float8')}, ${parameters.bind(lat, 'float8')}), 4326)::geography`;
}

/**
 * The filter as a condition on `sites s`; `ground` are the ids of the communes of its unit (`AreasService.groundIds`), null
 * without one.
 */
export function siteCondition(filter: SiteFilter, ground: readonly string[] | null, p: Parameters): string {
  const { bbox, near, withinM, polygon, operator, technology, band, lifecycle, confidence, owner } = filter;
  const conditions: string[] = [];
  if (bbox) {
    const sides = [bbox.west, bbox.south, bbox.east, bbox.north].map((side) => p.bind(side, 'float8'));
    conditions.push(`s.position::geometry && st_makeenvelope(${sides.join(', ')}, 4326)`);
  }
  if (near && withinM !== undefined)
    conditions.push(`st_dwithin(s.position, ${placeSql(near, p)}, ${p.bind(withinM, 'float8')})`);
  if (polygon)
    conditions.push(
      `st_covers(st_setsrid(st_geomfromgeojson(${p.bind(JSON.stringify(polygon), 'text')}), 4326), s.position::geometry)`,
    );
  if (ground) conditions.push(onGroundSql('s.position::geometry', p.bind(ground, 'uuid[]')));
  if (operator !== undefined) conditions.push(`s.tenant_codes @> array[${p.bind(operator, 'text')}]`);
  if (technology !== undefined || band !== undefined)
    conditions.push(
      `exists (select 1 from cells c where c.site_id = s.id and ${cellCondition({ operator, technology, band }, p)})`,
    );
  if (lifecycle) conditions.push(`s.lifecycle = any(${p.bind(lifecycle, 'text[]')})`);
  if (confidence !== undefined) conditions.push(`s.confidence = ${p.bind(confidence, 'text')}`);
  if (owner !== undefined) conditions.push(`s.owner_code = ${p.bind(owner, 'text')}`);
  if (filter.backhaul)
    conditions.push(`coalesce(s.backhaul, 'unknown') = any(${p.bind(filter.backhaul, 'text[]')})`);
  if (filter.q !== undefined) {
    const folded = `fold_text(${p.bind(filter.q, 'text')})`;
    conditions.push(
      String.raw`s.search_text like '%' || regexp_replace(${folded}, '([\\%_])', '\\\1', 'g') || '%'`,
    );
  }
  return conditions.length === 0 ? 'true' : conditions.join('\n and ');
}

/** The part of the filter that speaks of cells, as a condition on `cells c`. */
export function cellCondition(
  { operator, technology, band }: Pick<SiteFilter, 'operator' | 'technology' | 'band'>,
  p: Parameters,
): string {
  const conditions: string[] = [];
  if (operator !== undefined) conditions.push(`c.operator_code = ${p.bind(operator, 'text')}`);
  if (technology !== undefined) conditions.push(`c.technology = ${p.bind(technology, 'text')}`);
  if (band !== undefined) conditions.push(`c.band = ${p.bind(band, 'text')}`);
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}
