import type { EntityManager } from 'typeorm';
import type { MultiPolygon } from '../../geo/index.js';
import type { AttributeValues } from '../attributes/index.js';
import { AREA_COLUMNS, withBoundary } from './area-sql.js';
import type { Area } from './area.types.js';
import type { AreaDraft } from './domain/area-rules.js';
import { naturalKey, type KnownArea } from './domain/area-set.js';

/** A row as it is written. */
export type AreaRecord = Omit<AreaDraft, 'boundary'> & {
  boundary: MultiPolygon | null;
  source: string | null;
  attributes: AttributeValues;
};
export type FullArea = Area & { boundary: MultiPolygon | null };

/** One writer at a time: the rules look at the units as a set. Readers are not held up. */
export async function lockAreas(manager: EntityManager): Promise<void> {
  await manager.query('lock table areas in share row exclusive mode');
}

/** All units, as far as the rules between units need them. */
export async function knownAreas(manager: EntityManager): Promise<KnownArea[]> {
  return await manager.query<KnownArea[]>(
    `select a.code, a.kind, p.code as "parentCode", a.valid_from::text as "validFrom", a.valid_to::text as "validTo"
       from areas a left join areas p on p.id = a.parent_id`,
  );
}

/** Units with their boundaries, by natural key (`naturalKey`). */
export async function fullAreas(
  manager: EntityManager,
  keys: readonly string[],
): Promise<Map<string, FullArea>> {
  const areas = await manager.query<Area[]>(
    `select ${AREA_COLUMNS} from areas a left join areas p on p.id = a.parent_id
      where a.code || '|' || a.valid_from::text = any($1::text[])`,
    [keys],
  );
  return new Map((await withBoundary(manager, areas)).map((area) => [naturalKey(area), area]));
}

/** Boundaries whose rings cross themselves or each other, as the database sees them, with the place. */
export async function crossedRings(
  manager: EntityManager,
  rows: readonly Pick<AreaRecord, 'boundary'>[],
): Promise<{ row: number; reason: string }[]> {
  const given = rows.flatMap(({ boundary }, nr) => (boundary ? [{ nr, boundary }] : []));
  if (given.length === 0) return [];
  return manager.query(
    `select nr as row, st_isvalidreason(g) as reason
       from (select r.nr, st_geomfromgeojson(r.boundary) as g
               from jsonb_to_recordset($1::jsonb) as r(nr int, boundary jsonb)) as given
      where not st_isvalid(g) or st_isempty(g) order by nr`,
    [JSON.stringify(given)],
  );
}

/** Stores units of one kind by code and validFrom; what they lie in must be stored already. */
export async function upsertAreas(manager: EntityManager, rows: readonly AreaRecord[]): Promise<void> {
  if (rows.length === 0) return;
  await manager.query(
    `insert into areas (code, kind, type, name, full_name, parent_id, valid_from, valid_to, boundary, area_km2,
                        population, population_basis, households, households_basis, source, attributes)
     select r.code, r.kind, r.type, r.name, r."fullName", p.id, r."validFrom", r."validTo", g.boundary,
            st_area(g.boundary) / 1e6, r.population, r."populationBasis", r.households, r."householdsBasis", r.source,
            r.attributes
       from jsonb_to_recordset($1::jsonb) as r(
              code text, kind text, type text, name text, "fullName" text, "parentCode" text, "validFrom" date,
              "validTo" date, boundary jsonb, population int, "populationBasis" text, households int,
              "householdsBasis" text, source text, attributes jsonb)
      cross join lateral (select st_setsrid(st_geomfromgeojson(r.boundary), 4326)::geography as boundary) as g
       left join areas p on p.code = r."parentCode" and p.valid_from <= r."validFrom"
                        and (p.valid_to is null or p.valid_to > r."validFrom")
      order by r."validFrom", r.code
     on conflict (code, valid_from) do update set
       type = excluded.type, name = excluded.name, full_name = excluded.full_name, parent_id = excluded.parent_id,
       valid_to = excluded.valid_to, boundary = excluded.boundary, area_km2 = excluded.area_km2,
       population = excluded.population, population_basis = excluded.population_basis,
       households = excluded.households, households_basis = excluded.households_basis, source = excluded.source,
       attributes = excluded.attributes,
       version = areas.version + 1, updated_at = now()`,
    [JSON.stringify(rows)],
  );
}
