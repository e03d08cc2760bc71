import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import type { MultiPolygon } from '../../geo/index.js';
import type { Actor } from '../identity/index.js';
import { AREA_COLUMNS, communeAtSql, POINT, withBoundary } from './area-sql.js';
import type { Area, AreaRef, CommuneSnapshot } from './area.types.js';
import { localDate } from './domain/dates.js';
import { outsideJurisdiction } from './jurisdiction.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Questions about administrative units. Each takes the manager to ask with as its last argument: inside of a transaction
 * it must be the transaction's own. Dates are YYYY-MM-DD in Vietnam.
 */
@Injectable()
export class AreasService {
  constructor(private readonly uow: UnitOfWork) {}

  /** Today in Vietnam: what `date` means where none is given. */
  today(now: Date = new Date()): string {
    return localDate(now);
  }

  async get(id: string, manager: EntityManager = this.uow.reader): Promise<Area> {
    const area = UUID.test(id) ? await this.one('a.id = $1', [id], manager) : undefined;
    if (!area) throw Problem.notFound({ en: 'administrative unit', vi: 'đơn vị hành chính' }, id);
    return area;
  }

  /** The unit with its boundary (`null` where there is none). */
  async getWithBoundary(
    id: string,
    manager: EntityManager = this.uow.reader,
  ): Promise<Area & { boundary: MultiPolygon | null }> {
    const area = await this.get(id, manager);
    const [found] = await withBoundary(manager, [area]);
    return found as Area & { boundary: MultiPolygon | null };
  }

  /** The unit that has the code on a day. */
  async findAt(
    code: string,
    date: string,
    manager: EntityManager = this.uow.reader,
  ): Promise<Area | undefined> {
    return this.one(
      `a.code = $1 and a.valid_from <= $2::date and (a.valid_to is null or a.valid_to > $2::date)`,
      [code, date],
      manager,
    );
  }

  /** Many codes at once on a day; codes with no unit in force are missing from the map. */
  async findManyAt(
    codes: readonly string[],
    date: string,
    manager: EntityManager = this.uow.reader,
  ): Promise<Map<string, Area>> {
    const rows = await manager.query<Area[]>(
      `select ${AREA_COLUMNS} from areas a left join areas p on p.id = a.parent_id
        where a.code = any($1::text[]) and a.valid_from <= $2::date and (a.valid_to is null or a.valid_to > $2::date)`,
      [codes, date],
    );
    return new Map(rows.map((area) => [area.code, area]));
  }

  /**
   * The unit that a caller named by id or code. A code is looked up on `date`; without a date it is the unit in force
   * today, or else the last one that had the code.
   */
  async resolve(unit: string, date?: string, manager: EntityManager = this.uow.reader): Promise<Area> {
    if (UUID.test(unit)) return this.get(unit, manager);
    const found = date
      ? await this.findAt(unit, date, manager)
      : await this.one(
          `a.code = $1 order by (a.valid_from <= $2::date and (a.valid_to is null or a.valid_to > $2::date)) desc,
           a.valid_from desc limit 1`,
          [unit, this.today()],
          manager,
        );
    if (!found) throw Problem.notFound({ en: 'administrative unit', vi: 'đơn vị hành chính' }, unit);
    return found;
  }

  /** The unit itself, then each one above it, up to the province. Throws 404. */
  async chainOf(areaId: string, manager: EntityManager = this.uow.reader): Promise<AreaRef[]> {
    const chain = (await this.chains([areaId], manager)).get(areaId);
    if (!chain) throw Problem.notFound({ en: 'administrative unit', vi: 'đơn vị hành chính' }, areaId);
    return chain;
  }

  /** Chains of many units by id (default: of all units there are). Unknown ids are missing from the map. */
  async chains(
    areaIds?: readonly string[],
    manager: EntityManager = this.uow.reader,
  ): Promise<Map<string, AreaRef[]>> {
    const rows = await manager.query<(AreaRef & { leaf: string })[]>(
      `with recursive up as (
         select id as leaf, id, parent_id, 0 as step from areas where $1::uuid[] is null or id = any($1::uuid[])
         union all
         select up.leaf, p.id, p.parent_id, up.step + 1 from up join areas p on p.id = up.parent_id)
       select up.leaf, a.id, a.code, a.kind, a.full_name as name
         from up join areas a on a.id = up.id order by up.leaf, up.step`,
      [areaIds ?? null],
    );
    const chains = new Map<string, AreaRef[]>();
    for (const { leaf, ...ref } of rows) {
      const chain = chains.get(leaf);
      if (chain) chain.push(ref);
      else chains.set(leaf, [ref]);
    }
    return chains;
  }

  /** The unit and all units below it, whatever their level. Empty for an unknown id. */
  async descendantIds(areaId: string, manager: EntityManager = this.uow.reader): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(`${DESCENDANTS} select id from down`, [areaId]);
    return rows.map(({ id }) => id);
  }

  /** Says whether a unit is another one or lies somewhere below it. */
  async isWithin(
    areaId: string,
    ancestorId: string,
    manager: EntityManager = this.uow.reader,
  ): Promise<boolean> {
    return (await this.chains([areaId], manager)).get(areaId)?.some(({ id }) => id === ancestorId) ?? false;
  }

  /** Throws 403 unless every unit is within the actor's jurisdiction. */
  async assertWithinJurisdiction(
    actor: Pick<Actor, 'jurisdictionAreaId'>,
    areaIds: readonly string[],
    manager: EntityManager = this.uow.reader,
  ): Promise<void> {
    const { jurisdictionAreaId } = actor;
    if (jurisdictionAreaId === null) return;
    const chains = await this.chains(areaIds, manager);
    const within = (id: string) => chains.get(id)?.some((area) => area.id === jurisdictionAreaId) ?? false;
    if (!areaIds.every(within)) throw outsideJurisdiction();
  }

  /**
   * Throws 403 unless the place lies on the ground of the actor's jurisdiction: within its boundary or that of a unit below
   * it. Asks for ground rather than for units, so that a reform of units takes nobody's sites away.
   */
  async assertPlaceWithinJurisdiction(
    actor: Pick<Actor, 'jurisdictionAreaId'>,
    lon: number,
    lat: number,
    manager: EntityManager = this.uow.reader,
  ): Promise<void> {
    if (actor.jurisdictionAreaId === null) return;
    const [found] = await manager.query<{ inside: boolean }[]>(
      `${DESCENDANTS} select exists (select 1 from down join areas a on a.id = down.id
                                      where st_covers(a.boundary::geometry, ${POINT('$2', '$3')})) as inside`,
      [actor.jurisdictionAreaId, lon, lat],
    );
    if (!found?.inside) throw outsideJurisdiction();
  }

  /** The commune that holds a place on a day. On a shared border it is the one with the lowest code. */
  async communeAt(
    lon: number,
    lat: number,
    date: string,
    manager: EntityManager = this.uow.reader,
  ): Promise<Area | undefined> {
    return this.one(
      `a.kind = 'commune' and a.valid_from <= $3::date and (a.valid_to is null or a.valid_to > $3::date)
         and st_covers(a.boundary::geometry, ${POINT('$1', '$2')}) order by a.code limit 1`,
      [lon, lat, date],
      manager,
    );
  }

  /** Which of many places (by their place in the list) no commune holds on a day. */
  async placesOutside(
    places: readonly { lon: number; lat: number }[],
    date: string,
    manager: EntityManager = this.uow.reader,
  ): Promise<number[]> {
    const rows = await manager.query<{ nr: number }[]>(
      `select r.nr from jsonb_to_recordset($1::jsonb) as r(nr int, lon float8, lat float8)
        where not exists (${communeAtSql(POINT('r.lon', 'r.lat'), '$2')}) order by r.nr`,
      [JSON.stringify(places.map(({ lon, lat }, nr) => ({ nr, lon, lat }))), date],
    );
    return rows.map(({ nr }) => nr);
  }

  /** The units whose boundaries make up the ground of a unit: the communes below it, or itself where there are none. */
  async groundIds(areaId: string, manager: EntityManager = this.uow.reader): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `${DESCENDANTS} select a.id from down join areas a on a.id = down.id
        where a.kind = 'commune' and a.boundary is not null`,
      [areaId],
    );
    return rows.length > 0 ? rows.map(({ id }) => id) : [areaId];
  }

  /** Every commune in force on a day, with or without a boundary, by code. */
  async communesAt(date: string, manager: EntityManager = this.uow.reader): Promise<AreaRef[]> {
    return manager.query<AreaRef[]>(
      `select id, code, kind, full_name as name from areas
        where kind = 'commune' and valid_from <= $1::date and (valid_to is null or valid_to > $1::date) order by code`,
      [date],
    );
  }

  /** Every commune in force on a day that has a boundary, by code. */
  async snapshotAt(date: string, manager: EntityManager = this.uow.reader): Promise<CommuneSnapshot[]> {
    const rows = await manager.query<(Omit<CommuneSnapshot, 'boundary'> & { boundary: string })[]>(
      `select a.id, a.code, a.full_name as name, a.type, a.population, a.households, a.area_km2 as "areaKm2",
              case when p.kind = 'district' then p.id end as "districtId",
              case when p.kind = 'district' then p.code end as "districtCode",
              case when p.kind = 'district' then p.full_name end as "districtName",
              coalesce(pp.id, p.id) as "provinceId", coalesce(pp.code, p.code) as "provinceCode",
              coalesce(pp.full_name, p.full_name) as "provinceName",
              st_asgeojson(a.boundary) as boundary
         from areas a join areas p on p.id = a.parent_id left join areas pp on pp.id = p.parent_id
        where a.kind = 'commune' and a.boundary is not null
          and a.valid_from <= $1::date and (a.valid_to is null or a.valid_to > $1::date)
        order by a.code`,
      [date],
    );
    return rows.map((row) => ({ ...row, boundary: JSON.parse(row.boundary) as MultiPolygon }));
  }

  private async one(where: string, parameters: unknown[], manager: EntityManager): Promise<Area | undefined> {
    const rows = await manager.query<Area[]>(
      `select ${AREA_COLUMNS} from areas a left join areas p on p.id = a.parent_id where ${where}`,
      parameters,
    );
    return rows[0];
  }
}

const DESCENDANTS = `with recursive down as (
  select id from areas where id = $1::uuid
  union all
  select c.id from areas c join down on c.parent_id = down.id)`;
