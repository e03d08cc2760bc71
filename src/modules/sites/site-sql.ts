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

/** Stored sites by code, for a change of many: until the end of the transaction nobody else adds or changes a site. */
export async function holdSites(
  manager: EntityManager,
  codes: readonly string[],
): Promise<Map<string, StoredSite>> {
  // Imports go one after another; single changes wait for the one that runs. The table before its rows, as they do.
  await manager.query('lock table sites in share row exclusive mode');
  return loadSites(manager, codes, 'for update');
}

const SITES_PER_STATEMENT = 200;

type Saved = { id: string; code: string; version: number };

/** Fields that a column each holds, with its type. The code is the key, and the place has a column of two fields. */
const STORED_FIELDS: readonly (readonly [field: keyof SiteRecord, column: string, type: string])[] = [
  ['name', 'name', 'text'],
  ['address', 'address', 'text'],
  ['structure', 'structure', 'text'],
  ['mastClass', 'mast_class', 'text'],
  ['structureHeightM', 'structure_height_m', 'float8'],
  ['ownerCode', 'owner_code', 'text'],
  ['tenantCodes', 'tenant_codes', 'text[]'],
  ['power', 'power', 'text'],
  ['hasGenerator', 'has_generator', 'boolean'],
  ['backupHours', 'backup_hours', 'float8'],
  ['backhaul', 'backhaul', 'text'],
  ['backhaulCapacityMbps', 'backhaul_capacity_mbps', 'float8'],
  ['backhaulGroup', 'backhaul_group', 'text'],
  ['powerGroup', 'power_group', 'text'],
  ['lifecycle', 'lifecycle', 'text'],
  ['lifecycleReason', 'lifecycle_reason', 'text'],
  ['lifecycleNote', 'lifecycle_note', 'text'],
  ['certificateNumber', 'certificate_number', 'text'],
  ['certificateExpiresOn', 'certificate_expires_on', 'date'],
  ['confidence', 'confidence', 'text'],
  ['lastVerifiedOn', 'last_verified_on', 'date'],
  ['assumedFields', 'assumed_fields', 'text[]'],
  ['source', 'source', 'text'],
  ['attributes', 'attributes', 'jsonb'],
];
const PLACE = `st_setsrid(st_makepoint(r.lon, r.lat), 4326)::geography`;

function recordset(fields: typeof STORED_FIELDS): string {
  const columns = fields.map(([field, , type]) => `"${field}" ${type}`);
  return `jsonb_to_recordset($1::jsonb) as r(${['code text', 'lon float8', 'lat float8', ...columns].join(', ')})`;
}

/**
 * Writes sites and replaces their cells, by code. `before` holds those of them that are stored; nobody else may add one meanwhile.
 * Gives id and version of each by code.
 */
export async function saveSites(
  manager: EntityManager,
  sites: readonly SiteRecord[],
  before: ReadonlyMap<string, StoredSite>,
): Promise<Map<string, { id: string; version: number }>> {
  const saved = new Map<string, { id: string; version: number }>();
  const ordered = inCodeOrder(sites);
  for (let from = 0; from < ordered.length; from += SITES_PER_STATEMENT) {
    const batch = ordered.slice(from, from + SITES_PER_STATEMENT);
    const added = await insertSites(
      manager,
      batch.filter(({ code }) => !before.has(code)),
    );
    const changed = await updateSites(
      manager,
      batch.filter(({ code }) => before.has(code)),
      before,
    );
    for (const { id, code, version } of [...added, ...changed]) saved.set(code, { id, version });
    const replaced = changed.map(({ id }) => id);
    if (replaced.length > 0)
      await manager.query(`delete from cells where site_id = any($1::uuid[])`, [replaced]);
    const cells = batch.flatMap((site) =>
      site.cells.map((cell) => ({ siteId: saved.get(site.code)?.id, ...cell })),
    );
    if (cells.length > 0) await insertCells(manager, cells);
  }
  return saved;
}

async function insertSites(manager: EntityManager, sites: readonly SiteRecord[]): Promise<Saved[]> {
  if (sites.length === 0) return [];
  const columns = STORED_FIELDS.map(([, column]) => column);
  const values = STORED_FIELDS.map(([field]) => `r."${field}"`);
  return manager.query<Saved[]>(
    `insert into sites (code, position, ${columns.join(', ')})
     select r.code, ${PLACE}, ${values.join(', ')} from ${recordset(STORED_FIELDS)}
     returning id, code, version`,
    [JSON.stringify(sites.map(({ cells: _cells, ...site }) => site))],
  );
}

/**
 * Only the columns in which some of them differ are written: of the others PostgreSQL then knows that what is computed from them
 * (the text that is searched) stays as it is.
 */
async function updateSites(
  manager: EntityManager,
  sites: readonly SiteRecord[],
  before: ReadonlyMap<string, StoredSite>,
): Promise<Saved[]> {
  if (sites.length === 0) return [];
  const differs = (field: keyof SiteRecord) =>
    sites.some((site) => {
      const [was, is] = [before.get(site.code)?.[field], site[field]];
      return was !== is && JSON.stringify(was) !== JSON.stringify(is);
    });
  const fields = STORED_FIELDS.filter(([field]) => differs(field));
  const moved = differs('lon') || differs('lat') ? [`position = ${PLACE}`] : [];
  const set = [...fields.map(([field, column]) => `${column} = r."${field}"`), ...moved];
  const given = ['code', 'lon', 'lat', ...fields.map(([field]) => field)] as (keyof SiteRecord)[];
  return manager
    .query<[Saved[], number]>(
      `update sites set ${[...set, 'version = sites.version + 1', 'updated_at = now()'].join(', ')}
       from ${recordset(fields)} where sites.code = r.code
     returning sites.id, sites.code, sites.version`,
      [JSON.stringify(sites.map((site) => Object.fromEntries(given.map((field) => [field, site[field]]))))],
    )
    .then(([rows]) => rows);
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
