import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import type { RegisteredCluster } from './domain/index.js';
import type { Volume } from './reach.types.js';

/** The loudspeakers of the register, as a run wants them. */
export interface RegisteredLoudspeakers {
  clusters: RegisteredCluster[];
  plainLoudspeakers: number;
  /** What clusters and these units say they come from; sorted. */
  sources: string[];
}

/** Reads the register for a run: one statement, one instant. */
@Injectable()
export class ClustersReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** All clusters in service, by id. */
  async take(atVolume: Volume, areaIds: readonly string[]): Promise<RegisteredLoudspeakers> {
    const [row] = await this.uow.reader.query<
      [
        {
          clusters: (RegisteredCluster & { volumePercent: number })[];
          plain: number;
          sources: string[];
        },
      ]
    >(
      `select (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'lon', st_x(c.position::geometry),
                 'lat', st_y(c.position::geometry), 'hornHeightM', c.horn_height_m, 'horns', c.horns,
                 'volumePercent', c.volume_percent) order by c.id), '[]') from clusters c where c.active) as clusters,
              (select coalesce(sum(count), 0)::int from plain_loudspeakers) as plain,
              array(select source from clusters where active and source <> ''
                    union select source from areas where id = any($1::uuid[]) and source is not null order by 1) as sources`,
      [areaIds],
    );
    return {
      clusters: row.clusters.map(({ volumePercent, ...cluster }) =>
        atVolume === 'full' ? cluster : quieter(cluster, volumePercent / 100),
      ),
      plainLoudspeakers: row.plain,
      sources: row.sources,
    };
  }
}

/** The volume is taken to be linear in amplitude, so power goes with its square. */
function quieter(cluster: RegisteredCluster, amplitude: number): RegisteredCluster {
  const horns = cluster.horns.map((horn) => ({ ...horn, powerW: horn.powerW * amplitude ** 2 }));
  return { ...cluster, horns };
}
