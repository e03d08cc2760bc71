import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { isLonLat } from '../../../geo/index.js';
import { AreasService, communeAtSql, communesAroundSql, onGroundSql } from '../../areas/index.js';

export interface AskedPlace {
  lon: number;
  lat: number;
  code: string;
  ownerCode: string | null;
}

export interface FoundPlace {
  /** In force today; null: no commune holds the place. */
  commune: string | null;
  /** The commune that holds the place with its coordinates exchanged, where none holds it as it is. */
  swapped: string | null;
  /** Codes and names of the communes of all times that hold the place. */
  names: string[];
  inJurisdiction: boolean;
  /** Another site of the same owner, or another hamlet, within `NEAR_M`. */
  near: string | null;
}

export const NEAR_M = 20;
/**
 * Whether something stands within `$4` metres of the place. Found by its place in the plane, which costs a fraction of what the index
 * of the sphere does: a box that holds the circle, as a degree of latitude is more than 100 km long.
 */
const isNear = (position: string) =>
  `${position}::geometry && st_expand(r.point, $4::float8 / 1e5 / greatest(cos(radians(r.lat)), 0.01), $4::float8 / 1e5)
                  and st_dwithin(${position}::geometry::geography, r.point::geography, $4::float8)`;
/** What stands near to a place, of what is looked for. */
const NEAR = {
  sites: `select s.code from sites s
                where s.owner_code = r."ownerCode" and s.code <> r.code
                  and ${isNear('s.position')} order by s.code limit 1`,
  hamlets: `select h.code from hamlets h
                where h.code <> r.code and ${isNear('h.position')} order by h.code limit 1`,
};
const POINT = (x: string, y: string) => `st_setsrid(st_makepoint(${x}, ${y}), 4326)`;

/** Looks many places up at once, in the communes and among what stands there. */
@Injectable()
export class PlacesReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** By the place's number in the list. `groundIds`: units the actor may change; null: all. */
  async find(
    places: readonly AskedPlace[],
    groundIds: readonly string[] | null,
    among: keyof typeof NEAR = 'sites',
  ): Promise<FoundPlace[]> {
    const asked = places.map(({ lon, lat, code, ownerCode }, nr) => ({
      nr,
      code,
      ownerCode,
      ...(isLonLat(lon, lat) ? { lon, lat } : {}),
      ...(isLonLat(lat, lon) ? { x: lat, y: lon } : {}),
    }));
    return this.uow.reader.query<FoundPlace[]>(
      `select here.name as commune, there.name as swapped,
              coalesce(here.names, '{}') as names,
              $3::uuid[] is null or ${onGroundSql('r.point', '$3')} as "inJurisdiction",
              (${NEAR[among]}) as near
         from (select q.*, ${POINT('q.lon', 'q.lat')} as point, ${POINT('q.x', 'q.y')} as turned
                 from jsonb_to_recordset($1::jsonb)
                   as q(nr int, code text, "ownerCode" text, lon float8, lat float8, x float8, y float8)) as r
         left join lateral (${communesAroundSql('r.point', '$2')}) as here on true
         left join lateral (${communeAtSql('r.turned', '$2')}) as there on here.name is null
        order by r.nr`,
      [JSON.stringify(asked), this.areas.today(), groundIds, NEAR_M],
    );
  }

  async groundOf(jurisdictionAreaId: string | null): Promise<string[] | null> {
    return jurisdictionAreaId === null ? null : this.areas.groundIds(jurisdictionAreaId);
  }
}
