import type { EntityManager } from 'typeorm';
import { isLonLat } from '../../geo/index.js';
import { communeAtSql } from '../areas/index.js';

const POINT = 'st_setsrid(st_makepoint(r.lon, r.lat), 4326)';

export interface ClusterPlace {
  /** The commune that holds the place on the day; null: none does. */
  areaId: string | null;
  /** Another cluster that stands as near as asked. */
  near: string | null;
}

/** For many places of clusters at once, by their number in the list. */
export async function clusterPlaces(
  manager: EntityManager,
  places: readonly { id: string; lon: number; lat: number }[],
  date: string,
  withinM: number,
): Promise<ClusterPlace[]> {
  const asked = places.map(({ id, lon, lat }, nr) => ({
    nr,
    id,
    ...(isLonLat(lon, lat) ? { lon, lat } : {}),
  }));
  return manager.query<ClusterPlace[]>(
    `select here.id as "areaId",
            (select c.id from clusters c where c.id <> r.id and st_dwithin(c.position, ${POINT}::geography, $3)
              order by c.id limit 1) as near
       from jsonb_to_recordset($1::jsonb) as r(nr int, id text, lon float8, lat float8)
       left join lateral (${communeAtSql(POINT, '$2')}) as here on true order by r.nr`,
    [JSON.stringify(asked), date, withinM],
  );
}
