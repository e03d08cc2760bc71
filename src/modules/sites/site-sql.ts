import type { EntityManager } from 'typeorm';
import type { Cell, SiteRecord } from './domain/site-model.js';
import type { StoredSite } from './site.types.js';

/** Columns of a site (without its cells), from `sites s`. */
export const SITE_COLUMNS = `s.id, s.code, s.name, st_x(s.position::geometry) as lon, st_y(s.position::geometry) as lat,
  s.address, s.structure, s.mast_class as "mastClass", s.structure_height_m as "structureHeightM",
  s.owner_code as "ownerCode", s.tenant_codes as "tenantCodes", s.power, s.has_generator as "hasGenerator",
  s.backup_hours as "backupHours", s.backhaul, s.backhaul_capacity_mbps as "backhaulCapacityMbps",
  s.backhaul_group as "backhaulGroup", s.power_group as "powerGroup", s.lifecycle,
  s.lifecycle_reason as "lifecycleReason", s.lifecycle_note as "lifecycleNote",
  s.certificate_number as "certificateNumber", s.certificate_expires_on::text as "certificateExpiresOn", s.confidence,
  s.last_verified_on::text as "lastVerifiedOn", s.assumed_fields as "assumedFields", s.source, s.attributes, s.version`;

/** Columns of a cell that say what it radiates, from `cells c`. */
export const CELL_RADIO_COLUMNS = `c.code, c.operator_code as "operatorCode", c.technology, c.band,
  c.frequency_mhz as "frequencyMhz", c.bandwidth_mhz as "bandwidthMhz", c.azimuth_deg as "azimuthDeg",
  c.horizontal_beamwidth_deg as "horizontalBeamwidthDeg", c.vertical_beamwidth_deg as "verticalBeamwidthDeg",
  c.mechanical_tilt_deg as "mechanicalTiltDeg", c.electrical_tilt_deg as "electricalTiltDeg",
  c.antenna_height_m as "antennaHeightM", c.tx_power_dbm as "txPowerDbm", c.reference_eirp_dbm as "referenceEirpDbm",
  c.gain_dbi as "gainDbi", c.feeder_loss_db as "feederLossDb", c.physical_cell_id as "physicalCellId",
  c.assumed_fields as "assumedFields"`;

/** Sites with their cells, by id. */
export async function withCells<T extends { id: string }>(
  manager: EntityManager,
  sites: readonly T[],
): Promise<(T & { cells: Cell[] })[]> {
  const rows = await manager.query<(Cell & { siteId: string })[]>(
    `select c.site_id as "siteId", ${CELL_RADIO_COLUMNS}, c.on_air_since::text as "onAirSince",
            c.on_air_until::text as "onAirUntil", c.source, c.attributes
       from cells c where c.site_id = any($1::uuid[])`,
    [sites.map(({ id }) => id)],
  );
  const bySite = new Map<string, Cell[]>(sites.map(({ id }) => [id, []]));
  for (const { siteId, ...cell } of rows) bySite.get(siteId)?.push(cell);
  return sites.map((site) => ({ ...site, cells: inCodeOrder(bySite.get(site.id) ?? []) }));
}

/** By code unit, whatever the database's collation. */
export function inCodeOrder<T extends { code: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}

/** Stored sites by code; `lock` holds them until the end of the transaction. */
export async function loadSites(
  manager: EntityManager,
  codes: readonly string[],
  lock: 'for update' | '' = '',
): Promise<Map<string, StoredSite>> {
  const sites = await manager.query<Omit<StoredSite, 'cells'>[]>(
    `select ${SITE_COLUMNS} from sites s where s.code = any($1::text[]) order by s.code ${lock}`,
    [codes],
  );
  return new Map((await withCells(manager, sites)).map((site) => [site.code, site]));
}

const SITES_PER_STATEMENT = 200;

/** Writes sites and replaces their cells, by code. Gives id and version of each by code. */
export async function saveSites(
  manager: EntityManager,
  sites: readonly SiteRecord[],
): Promise<Map<string, { id: string; version: number }>> {
  const saved = new Map<string, { id: string; version: number }>();
  const ordered = inCodeOrder(sites);
  for (let from = 0; from < ordered.length; from += SITES_PER_STATEMENT) {
    const batch = ordered.slice(from, from + SITES_PER_STATEMENT);
    const rows = await upsertSites(manager, batch);
    for (const { id, code, version } of rows) saved.set(code, { id, version });
    const replaced = rows.filter(({ version }) => version > 1).map(({ id }) => id);
    if (replaced.length > 0)
      await manager.query(`delete from cells where site_id = any($1::uuid[])`, [replaced]);
    const cells = batch.flatMap((site) =>
      site.cells.map((cell) => ({ siteId: saved.get(site.code)?.id, ...cell })),
    );
    if (cells.length > 0) await insertCells(manager, cells);
  }
  return saved;
}

async function upsertSites(
  manager: EntityManager,
  sites: readonly SiteRecord[],
): Promise<{ id: string; code: string; version: number }[]> {
  return manager.query(
    `insert into sites (code, name, position, address, structure, mast_class, structure_height_m, owner_code, tenant_codes,
                        power, has_generator, backup_hours, backhaul, backhaul_capacity_mbps, backhaul_group, power_group,
                        lifecycle, lifecycle_reason, lifecycle_note, certificate_number, certificate_expires_on, confidence,
                        last_verified_on, assumed_fields, source, attributes)
     select code, name, st_setsrid(st_makepoint(lon, lat), 4326)::geography, address, structure, "mastClass",
            "structureHeightM", "ownerCode", "tenantCodes", power, "hasGenerator", "backupHours", backhaul,
            "backhaulCapacityMbps", "backhaulGroup", "powerGroup", lifecycle, "lifecycleReason", "lifecycleNote", "certificateNumber",
            "certificateExpiresOn", confidence, "lastVerifiedOn", "assumedFields", source, attributes
       from jsonb_to_recordset($1::jsonb) as r(
              code text, name text, lon float8, lat float8, address text, structure text, "mastClass" text,
              "structureHeightM" float8, "ownerCode" text, "tenantCodes" text[], power text, "hasGenerator" boolean,
              "backupHours" float8, backhaul text, "backhaulCapacityMbps" float8, "backhaulGroup" text,
              "powerGroup" text, lifecycle text, "lifecycleReason" text, "lifecycleNote" text, "certificateNumber" text,
              "certificateExpiresOn" date, confidence text, "lastVerifiedOn" date, "assumedFields" text[], source text,
              attributes jsonb)
     on conflict (code) do update set
       name = excluded.name, position = excluded.position, address = excluded.address, structure = excluded.structure,
       mast_class = excluded.mast_class, structure_height_m = excluded.structure_height_m,
       owner_code = excluded.owner_code, tenant_codes = excluded.tenant_codes, power = excluded.power,
       has_generator = excluded.has_generator, backup_hours = excluded.backup_hours, backhaul = excluded.backhaul,
       backhaul_capacity_mbps = excluded.backhaul_capacity_mbps, backhaul_group = excluded.backhaul_group,
       power_group = excluded.power_group, lifecycle = excluded.lifecycle,
       lifecycle_reason = excluded.lifecycle_reason, lifecycle_note = excluded.lifecycle_note,
       certificate_number = excluded.certificate_number, certificate_expires_on = excluded.certificate_expires_on,
       confidence = excluded.confidence, last_verified_on = excluded.last_verified_on,
       assumed_fields = excluded.assumed_fields, source = excluded.source, attributes = excluded.attributes,
       version = sites.version + 1, updated_at = now()
     returning id, code, version`,
    [JSON.stringify(sites.map(({ cells: _cells, ...site }) => site))],
  );
}

async function insertCells(
  manager: EntityManager,
  cells: readonly (Cell & { siteId: string | undefined })[],
): Promise<void> {
  await manager.query(
    `insert into cells (site_id, code, operator_code, technology, band, frequency_mhz, bandwidth_mhz, azimuth_deg,
                        horizontal_beamwidth_deg, vertical_beamwidth_deg, mechanical_tilt_deg, electrical_tilt_deg,
                        antenna_height_m, tx_power_dbm, reference_eirp_dbm, gain_dbi, feeder_loss_db, physical_cell_id,
                        on_air_since, on_air_until, assumed_fields, source, attributes)
     select "siteId", code, "operatorCode", technology, band, "frequencyMhz", "bandwidthMhz", "azimuthDeg",
            "horizontalBeamwidthDeg", "verticalBeamwidthDeg", "mechanicalTiltDeg", "electricalTiltDeg",
            "antennaHeightM", "txPowerDbm", "referenceEirpDbm", "gainDbi", "feederLossDb", "physicalCellId",
            "onAirSince", "onAirUntil", "assumedFields", source, attributes
       from jsonb_to_recordset($1::jsonb) as r(
              "siteId" uuid, code text, "operatorCode" text, technology text, band text, "frequencyMhz" float8,
              "bandwidthMhz" float8, "azimuthDeg" float8, "horizontalBeamwidthDeg" float8,
              "verticalBeamwidthDeg" float8, "mechanicalTiltDeg" float8, "electricalTiltDeg" float8,
              "antennaHeightM" float8, "txPowerDbm" float8, "referenceEirpDbm" float8, "gainDbi" float8,
              "feederLossDb" float8, "physicalCellId" int, "onAirSince" date, "onAirUntil" date,
              "assumedFields" text[], source text, attributes jsonb)`,
    [JSON.stringify(cells)],
  );
}
