import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { communeAtSql } from '../areas/index.js';
import type { RegisteredCluster } from './domain/index.js';
import type { Volume } from './reach.types.js';

/** The loudspeakers of the register, as a run wants them. */
export interface RegisteredLoudspeakers {
  clusters: RegisteredCluster[];
  /** By code of the commune, on the day of the boundaries; '' for those of no commune. */
  plainByCommune: Map<string, number>;
  /** What clusters and these units say they come from; sorted. */
  sources: string[];
}

/** Those of a unit that is not in force on the day go to the commune that holds its middle. */
const PLAIN = `
  select coalesce(case when home.id = any($1::uuid[]) then home.code else here.code end, '') as code, sum(l.count)::int as count
    from plain_loudspeakers l join areas home on home.id = l.area_id
    left join lateral (${communeAtSql('st_pointonsurface(home.boundary::geometry)', '$2')}) as here on true
   group by 1 order by 1`;

/** Reads the register for a run: one statement, one instant. */
@Injectable()
export class ClustersReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** All clusters in service, by id. */
  async take(
    atVolume: Volume,
    boundaryDate: string,
    areaIds: readonly string[],
  ): Promise<RegisteredLoudspeakers> {
    const [row] = await this.uow.reader.query<
      [
        {
          clusters: (RegisteredCluster & { volumePercent: number })[];
          plain: { code: string; count: number }[];
          sources: string[];
        },
      ]
    >(
      `select (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'lon', st_x(c.position::geometry),
                 'lat', st_y(c.position::geometry), 'hornHeightM', c.horn_height_m, 'horns', c.horns,
                 'volumePercent', c.volume_percent) order by c.id), '[]') from clusters c where c.active) as clusters,
              (select coalesce(jsonb_agg(to_jsonb(p)), '[]') from (${PLAIN}) p) as plain,
              array(select source from clusters where active and source <> ''
                    union select source from areas where id = any($1::uuid[]) and source is not null order by 1) as sources`,
      [areaIds, boundaryDate],
    );
    return {
      clusters: row.clusters.map(({ volumePercent, ...cluster }) =>
        atVolume === 'full' ? cluster : quieter(cluster, volumePercent / 100),
      ),
      plainByCommune: new Map(row.plain.map(({ code, count }) => [code, count])),
      sources: row.sources,
    };
  }
}

/** The volume is taken to be linear in amplitude, so power goes with its square. */
function quieter(cluster: RegisteredCluster, amplitude: number): RegisteredCluster {
  const horns = cluster.horns.map((horn) => ({ ...horn, powerW: horn.powerW * amplitude ** 2 }));
  return { ...cluster, horns };
}
