import type { EntityManager } from 'typeorm';
import { mergeAttributes } from '../attributes/index.js';
import type { ClusterDraft } from './domain/cluster-rules.js';

/** A cluster as the register has it. */
export type Cluster = ClusterDraft;

/** With the number of its state: one more for each change. */
export type StoredCluster = Cluster & { version: number };

/** Columns of a `Cluster`, from `clusters c`. */
export const CLUSTER_COLUMNS = `c.id, c.name, st_x(c.position::geometry) as lon, st_y(c.position::geometry) as lat,
  c.area_id as "areaId", c.horns, c.horn_height_m as "hornHeightM", c.uplink, c.uplink_operator as "uplinkOperator",
  c.uplink_site_code as "uplinkSiteCode",
  c.volume_percent as "volumePercent", c.volume_cap_percent as "volumeCapPercent", c.quiet_hours as "quietHours",
  c.active, c.source, c.attributes`;

/** Clusters by id, locked in one order. */
export async function lockClusters(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, Cluster>> {
  const rows = await manager.query<Cluster[]>(
    `select ${CLUSTER_COLUMNS} from clusters c where c.id = any($1::text[]) order by c.id for update`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, inOrder(row)]));
}

/** Clusters by id, each with its version. */
export async function loadClusters(
  manager: EntityManager,
  ids: readonly string[],
  lock: 'for update' | '' = '',
): Promise<Map<string, StoredCluster>> {
  const rows = await manager.query<StoredCluster[]>(
    `select ${CLUSTER_COLUMNS}, c.version from clusters c where c.id = any($1::text[]) order by c.id ${lock}`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, { ...inOrder(row), version: row.version }]));
}

/** The database keeps the members of JSON objects in its own order. */
export function inOrder(cluster: Cluster): Cluster {
  return {
    ...cluster,
    horns: cluster.horns.map(({ powerW, azimuthDeg, sensitivityDb, dispersionDeg }) => ({
      powerW,
      azimuthDeg,
      ...(sensitivityDb === undefined ? {} : { sensitivityDb }),
      ...(dispersionDeg === undefined ? {} : { dispersionDeg }),
    })),
    quietHours: cluster.quietHours.map(({ from, to }) => ({ from, to })),
    attributes: mergeAttributes(cluster.attributes),
  };
}

/** Writes clusters whole, and gives each new one its twin. */
export async function writeClusters(manager: EntityManager, clusters: readonly Cluster[]): Promise<void> {
  const json = JSON.stringify(clusters);
  await manager.query(
    `insert into clusters (id, name, position, area_id, horns, horn_height_m, uplink, uplink_operator,
                           uplink_site_code, volume_percent, volume_cap_percent, quiet_hours, active, source, attributes)
     select r.id, r.name, st_setsrid(st_makepoint(r.lon, r.lat), 4326)::geography, r."areaId", r.horns,
            r."hornHeightM", r.uplink, r."uplinkOperator", r."uplinkSiteCode", r."volumePercent", r."volumeCapPercent", r."quietHours",
            r.active, r.source, r.attributes
       from jsonb_to_recordset($1::jsonb) as r(id text, name text, lon float8, lat float8, "areaId" uuid, horns jsonb,
            "hornHeightM" real, uplink text, "uplinkOperator" text, "uplinkSiteCode" text, "volumePercent" int, "volumeCapPercent" int,
            "quietHours" jsonb, active boolean, source text, attributes jsonb)
      order by r.id
     on conflict (id) do update set
       name = excluded.name, position = excluded.position, area_id = excluded.area_id, horns = excluded.horns,
       horn_height_m = excluded.horn_height_m, uplink = excluded.uplink, uplink_operator = excluded.uplink_operator,
       uplink_site_code = excluded.uplink_site_code,
       volume_percent = excluded.volume_percent, volume_cap_percent = excluded.volume_cap_percent,
       quiet_hours = excluded.quiet_hours, active = excluded.active, source = excluded.source,
       attributes = excluded.attributes,
       version = clusters.version + 1, updated_at = now()`,
    [json],
  );
  await manager.query(
    `insert into cluster_twins (cluster_id)
     select r.id from jsonb_to_recordset($1::jsonb) as r(id text) order by 1 on conflict do nothing`,
    [json],
  );
}
