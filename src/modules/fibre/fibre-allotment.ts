import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { AreasService, communeAtSql, type AreaRef } from '../areas/index.js';
import type { Straddling } from './fibre.types.js';

/** Below this part of a commune's area, two drawings of one border differ, and nothing more. */
const LEAST_SHARE = 0.01;

export interface Allotment {
  /** The commune at the date, by the id of the commune that reported; null: none holds its interior point. */
  unitOf: Map<string, AreaRef | null>;
  straddling: Straddling[];
}

/** Which commune of a date takes the figures of a commune that reported at another time. */
@Injectable()
export class FibreAllotment {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** A commune that is in force at the date is itself; any other goes to the one that holds its interior point. */
  async at(
    communeIds: readonly string[],
    date: string,
    manager: EntityManager = this.uow.reader,
  ): Promise<Allotment> {
    const inForce = new Map((await this.areas.communesAt(date, manager)).map((unit) => [unit.id, unit]));
    const unitOf = new Map<string, AreaRef | null>();
    for (const id of communeIds) unitOf.set(id, inForce.get(id) ?? null);
    const others = communeIds.filter((id) => !inForce.has(id));
    if (others.length === 0) return { unitOf, straddling: [] };
    const found = await manager.query<{ id: string; unitId: string }[]>(
      `select f.id, unit.id as "unitId"
         from (select id, st_pointonsurface(boundary::geometry) as point from areas where id = any($1::uuid[])) as f
        cross join lateral (${communeAtSql('f.point', '$2')}) as unit`,
      [others, date],
    );
    for (const { id, unitId } of found) unitOf.set(id, inForce.get(unitId) ?? null);
    return { unitOf, straddling: await this.straddling(others, date, manager) };
  }

  private async straddling(
    ids: readonly string[],
    date: string,
    manager: EntityManager,
  ): Promise<Straddling[]> {
    return manager.query<Straddling[]>(
      `select jsonb_build_object('id', id, 'code', code, 'kind', 'commune', 'name', full_name) as commune,
              jsonb_agg(jsonb_build_object('id', "unitId", 'code', "unitCode", 'kind', 'commune', 'name', "unitName",
                                           'sharePct', round((share * 100)::numeric, 1)) order by share desc, "unitCode") as units
         from (select f.id, f.code, f.full_name, u.id as "unitId", u.code as "unitCode", u.full_name as "unitName",
                      st_area(st_intersection(f.ground, u.boundary::geometry)) / st_area(f.ground) as share
                 from (select id, code, full_name, boundary::geometry as ground from areas
                        where id = any($1::uuid[]) and boundary is not null) as f
                 join areas u on u.kind = 'commune' and u.valid_from <= $2::date
                             and (u.valid_to is null or u.valid_to > $2::date)
                             and u.boundary::geometry && f.ground) as parts
        where share > $3 group by id, code, full_name having count(*) > 1 order by code, id`,
      [ids, date, LEAST_SHARE],
    );
  }
}
