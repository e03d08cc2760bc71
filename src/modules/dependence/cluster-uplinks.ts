import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { ServersReader, type ServersRun, type ServingSite } from '../coverage/index.js';
import type { UplinkView } from './dependence.types.js';

const TECHNOLOGY = '4G';
/** Places whose servers are remembered; a province has some hundred clusters. */
const PLACES_KEPT = 10_000;

interface ClusterRow {
  clusterId: string;
  name: string;
  areaCode: string;
  areaName: string;
  lon: number;
  lat: number;
  kind: string | null;
  operator: string | null;
  siteCode: string | null;
}

/** How clusters in service reach the network: by the register, and by the newest coverage run. */
@Injectable()
export class ClusterUplinks {
  /** Servers by run, place and operator: they never change. */
  private readonly known = new Map<string, ServingSite[] | null>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly servers: ServersReader,
  ) {}

  /** By cluster id; `after` and `limit` page. */
  async list(after?: string, limit?: number): Promise<{ run: ServersRun | null; uplinks: UplinkView[] }> {
    // The register names operators by code or, in older records, by name.
    const rows = await this.uow.reader.query<ClusterRow[]>(
      `select c.id as "clusterId", c.name, a.code as "areaCode", a.full_name as "areaName",
              st_x(c.position::geometry) as lon, st_y(c.position::geometry) as lat, c.uplink as kind,
              (select o.code from operators o
                where lower(c.uplink_operator) in (o.code, lower(o.name), lower(o.brand))
                order by o.code <> lower(c.uplink_operator), o.code limit 1) as operator,
              c.uplink_site_code as "siteCode"
         from clusters c join areas a on a.id = c.area_id
        where c.active and ($1::text is null or c.id > $1) order by c.id limit $2`,
      [after ?? null, limit ?? null],
    );
    const run = (await this.servers.newestRun(TECHNOLOGY)) ?? null;
    const predicted = run ? await this.predict(run, rows) : new Map<string, ServingSite[] | null>();
    return { run, uplinks: rows.map((row) => viewOf(row, predicted.get(row.clusterId) ?? null)) };
  }

  private async predict(
    run: ServersRun,
    rows: readonly ClusterRow[],
  ): Promise<Map<string, ServingSite[] | null>> {
    const keyOf = ({ lon, lat, operator }: ClusterRow) =>
      `${run.id}|${run.probability}|${lon}|${lat}|${operator}`;
    const predicted = new Map<string, ServingSite[] | null>();
    const asked: (ClusterRow & { operator: string })[] = [];
    for (const row of rows) {
      const { kind, operator, clusterId } = row;
      if (kind !== TECHNOLOGY || operator === null) continue;
      const known = this.known.get(keyOf(row));
      if (known === undefined) asked.push({ ...row, operator });
      else predicted.set(clusterId, known);
    }
    if (asked.length === 0) return predicted;
    const found = await this.servers.servers(run, TECHNOLOGY, asked);
    if (this.known.size + asked.length > PLACES_KEPT) this.known.clear();
    asked.forEach((row, n) => {
      this.known.set(keyOf(row), found[n] ?? null);
      predicted.set(row.clusterId, found[n] ?? null);
    });
    return predicted;
  }
}

function viewOf(row: ClusterRow, servers: ServingSite[] | null): UplinkView {
  return {
    ...row,
    servers:
      servers?.map(({ siteCode, levelDbm, distanceM }) => ({
        siteCode,
        levelDbm: Math.round(levelDbm * 10) / 10,
        distanceM: Math.round(distanceM),
      })) ?? null,
    singleSite:
      row.siteCode !== null ? true : servers === null || servers.length === 0 ? null : servers.length === 1,
  };
}
