import { communeAtSql } from '../areas/index.js';
import type { Collection } from './domain/collection.js';

/** Adds a value to the query's parameters and gives its placeholder. */
export type Bind = (value: unknown) => string;

/** How a collection is read: a query with a column for each property, `geom` (degrees), and the key. */
export interface Source {
  /** `today` binds the date and gives its placeholder. */
  sql: (today: () => string) => string;
  /** Columns of `sql` that a feature is known and ordered by; its id is theirs with `idSeparator` between. */
  key: readonly string[];
  /** What of the collection is drawn in tiles: units of one time only. */
  tileWhere?: (today: () => string) => string;
}

export const ID_SEPARATOR = '~';

const UNITS_IN_FORCE = (today: () => string) =>
  `x."validFrom" <= ${today()}::date and (x."validTo" is null or x."validTo" > ${today()}::date)`;

const SOURCES: Record<string, Source> = {
  communes: {
    key: ['code', 'validFrom'],
    tileWhere: UNITS_IN_FORCE,
    sql: () => `
      select a.boundary::geometry as geom, a.code, a.full_name as name, a.type,
             (select p.code from areas p where p.id = a.parent_id) as "parentCode",
             a.valid_from as "validFrom", a.valid_to as "validTo", a.area_km2 as "areaKm2", a.population,
             a.population_basis as "populationBasis", a.households, a.households_basis as "householdsBasis",
             a.source, a.updated_at as "updatedAt", a.attributes
        from areas a where a.kind = 'commune'`,
  },
  hamlets: {
    key: ['code'],
    sql: (today) => `
      select h.position::geometry as geom, h.code, h.name, h.kind,
             (select at.code from (${communeAtSql('h.position::geometry', today())}) as at) as "communeCode",
             h.households, h.population, h.signal, h.signal_reported_on as "signalReportedOn",
             h.signal_source as "signalSource", h.source, h.updated_at as "updatedAt", h.attributes
        from hamlets h`,
  },
  sites: {
    key: ['code'],
    // Scalar queries are left out of the plan where their column is not asked for.
    sql: (today) => `
      select s.position::geometry as geom, s.code, s.name, s.address,
             (select at.code from (${communeAtSql('s.position::geometry', today())}) as at) as "communeCode",
             s.structure, s.mast_class as "mastClass", s.structure_height_m as "structureHeightM",
             s.owner_code as "ownerCode", array_to_string(s.tenant_codes, ',') as tenants,
             (select string_agg(distinct c.technology, ',' order by c.technology) from cells c where c.site_id = s.id)
               as technologies,
             (select count(*)::int from cells c where c.site_id = s.id) as "cellCount",
             s.power, s.has_generator as "hasGenerator", s.backup_hours as "backupHours", s.backhaul,
             s.backhaul_capacity_mbps as "backhaulCapacityMbps", s.lifecycle,
             s.certificate_number as "certificateNumber", s.certificate_expires_on as "certificateExpiresOn",
             s.confidence, s.last_verified_on as "lastVerifiedOn", s.source, s.updated_at as "updatedAt", s.attributes
        from sites s`,
  },
  cells: {
    key: ['siteCode', 'code'],
    sql: () => `
      select s.position::geometry as geom, s.code as "siteCode", c.code, c.operator_code as "operatorCode",
             c.technology, c.band, c.frequency_mhz as "frequencyMhz", c.bandwidth_mhz as "bandwidthMhz",
             c.azimuth_deg as "azimuthDeg", c.mechanical_tilt_deg as "mechanicalTiltDeg",
             c.electrical_tilt_deg as "electricalTiltDeg", c.antenna_height_m as "antennaHeightM",
             c.tx_power_dbm as "txPowerDbm", c.gain_dbi as "gainDbi", s.lifecycle as "siteLifecycle",
             c.on_air_since as "onAirSince", c.on_air_until as "onAirUntil", c.source, s.updated_at as "updatedAt",
             c.attributes
        from cells c join sites s on s.id = c.site_id`,
  },
  clusters: {
    key: ['id'],
    sql: () => `
      select k.position::geometry as geom, k.id, k.name,
             (select a.code from areas a where a.id = k.area_id) as "communeCode",
             k.horn_height_m::float8 as "hornHeightM", jsonb_array_length(k.horns) as "hornCount", k.uplink,
             k.uplink_operator as "uplinkOperator", k.active, k.source, k.updated_at as "updatedAt",
             k.attributes
        from clusters k`,
  },
  fibre: {
    key: ['communeCode', 'validFrom'],
    tileWhere: () => `x.quarter = (select max(quarter) from fibre_figures)`,
    // Bounds over operators whose networks overlap: the rule is the register's own (fibre/domain/totals.ts).
    sql: () => `
      select a.boundary::geometry as geom, a.code as "communeCode", a.valid_from as "validFrom",
             a.full_name as "communeName", f.*,
             case when f.households > 0 then floor(f.connected * 1000.0 / f.households) / 10 end::float8 as "connectedPct"
        from areas a
        join (select area_id, quarter, operators, households, "updatedAt", greatest_passed as "passedAtLeast",
                     least(households, sum_passed)::int as "passedAtMost",
                     least(households, sum_passed, sum_connected)::int as connected,
                     greatest_25::int as "passed25MbpsAtLeast",
                     case when greatest_25 is not null then least(households, sum_25)::int end as "passed25MbpsAtMost",
                     greatest_100::int as "passed100MbpsAtLeast",
                     case when greatest_100 is not null then least(households, sum_100)::int end as "passed100MbpsAtMost",
                     make_date(left(quarter, 4)::int, right(quarter, 1)::int * 3 - 2, 1) as "quarterFrom",
                     (make_date(left(quarter, 4)::int, right(quarter, 1)::int * 3 - 2, 1) + interval '3 months')::date
                       as "quarterTo"
                from (select f.area_id, f.quarter, string_agg(f.operator_code, ',' order by f.operator_code) as operators,
                             max(f.households) as households, max(f.passed) as greatest_passed,
                             sum(f.passed) as sum_passed, sum(f.connected) as sum_connected,
                             max(coalesce(f.passed_25_mbps, case when f.passed = 0 then 0 end)) as greatest_25,
                             sum(coalesce(f.passed_25_mbps, f.passed)) as sum_25,
                             max(coalesce(f.passed_100_mbps, case when f.passed = 0 then 0 end)) as greatest_100,
                             sum(coalesce(f.passed_100_mbps, f.passed_25_mbps, f.passed)) as sum_100,
                             max(f.updated_at) as "updatedAt"
                        from fibre_figures f
                       where f.hamlet_id is null
                         and f.quarter = (select max(l.quarter) from fibre_figures l
                                           where l.area_id = f.area_id and l.hamlet_id is null)
                       group by f.area_id, f.quarter) as summed) as f on f.area_id = a.id`,
  },
};

export function sourceOf({ id }: Collection): Source {
  const source = SOURCES[id];
  if (!source) throw new Error(`the collection ${id} has no source`);
  return source;
}

/** Column of a property or key, of the query's row `x`. Names come from the tables here and in `domain`, never from a request. */
export const column = (name: string) => `x."${name}"`;
