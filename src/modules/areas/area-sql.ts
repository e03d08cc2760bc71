import type { EntityManager } from 'typeorm';
import type { MultiPolygon } from '../../geo/index.js';
import type { Area } from './area.types.js';

/** Columns of an `Area`, from `areas a` and its parent `p`. */
export const AREA_COLUMNS = `a.id, a.code, a.kind, a.type, a.name, a.full_name as "fullName",
  a.parent_id as "parentId", p.code as "parentCode",
  a.valid_from::text as "validFrom", a.valid_to::text as "validTo", a.area_km2 as "areaKm2",
  a.population, a.population_basis as "populationBasis", a.households, a.households_basis as "householdsBasis",
  a.source, a.attributes, a.version`;

/** A place of two parameters, as a plane geometry in degrees. */
export const POINT = (lon: string, lat: string) =>
  `st_setsrid(st_makepoint(${lon}::float8, ${lat}::float8), 4326)`;

/**
 * Query of the commune (id, code, name) that holds a point on a day, for a lateral join in another module's list. `point` is
 * an SQL expression of a geometry in degrees, `date` one of a date. On a shared border: the lowest code.
 */
export function communeAtSql(point: string, date: string): string {
  return `select a.id, a.code, a.full_name as name from areas a
           where a.kind = 'commune' and ${inForceSql(date)}
             and st_covers(a.boundary::geometry, ${point}) order by a.code limit 1`;
}

/**
 * The commune that holds a point on a day (`name`: null where there is none) and how those of all times that hold it are called
 * (`names`: codes, short and full names). Always one row; the boundaries are gone through once.
 */
export function communesAroundSql(point: string, date: string): string {
  return `select (array_agg(a.full_name order by a.code) filter (where ${inForceSql(date)}))[1] as name,
                 array_remove(array_cat(array_cat(array_agg(a.code), array_agg(a.name)), array_agg(a.full_name)), null) as names
            from areas a where a.kind = 'commune' and st_covers(a.boundary::geometry, ${point})`;
}

function inForceSql(date: string): string {
  return `a.valid_from <= ${date}::date and (a.valid_to is null or a.valid_to > ${date}::date)`;
}

/** Condition that a point lies on the ground of one of the units whose ids the expression `ids` (uuid[]) holds. */
export function onGroundSql(point: string, ids: string): string {
  return `exists (select 1 from areas a where a.id = any(${ids}) and st_covers(a.boundary::geometry, ${point}))`;
}

/** The same units, each with its boundary. */
export async function withBoundary<T extends Pick<Area, 'id'>>(
  manager: EntityManager,
  areas: readonly T[],
): Promise<(T & { boundary: MultiPolygon | null })[]> {
  const rows = await manager.query<{ id: string; boundary: string | null }[]>(
    `select id, st_asgeojson(boundary) as boundary from areas where id = any($1::uuid[])`,
    [areas.map(({ id }) => id)],
  );
  const byId = new Map(rows.map(({ id, boundary }) => [id, boundary]));
  return areas.map((area) => {
    const text = byId.get(area.id) ?? null;
    return { ...area, boundary: text === null ? null : (JSON.parse(text) as MultiPolygon) };
  });
}
