import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { toPage, type Page } from '../../common/http/page.js';
import { AreasService, communeAtSql } from '../areas/index.js';
import type { CertificateState } from './domain/counting.js';
import type { Confidence } from './domain/site-model.js';
import { Parameters, type SiteFilter } from './site-filter.js';
import type { SiteCommune } from './site.types.js';
import { SitesReader } from './sites.reader.js';

/** An active site whose inspection certificate has expired, will soon, or is not known. */
export interface DueCertificate {
  code: string;
  name: string;
  ownerCode: string | null;
  commune: SiteCommune | null;
  state: CertificateState;
  certificateNumber: string | null;
  certificateExpiresOn: string | null;
  /** From the day that was asked for; negative when expired, null without a certificate. */
  daysLeft: number | null;
}

/** A field with how many cells (or the site itself, once) lack a sure value in it. */
export interface WeakField {
  field: string;
  count: number;
}

/** A site of which values are assumed or missing. */
export interface SiteToImprove {
  code: string;
  name: string;
  ownerCode: string | null;
  confidence: Confidence;
  cells: number;
  /** How many values that coverage is computed from are assumed or missing, over all cells. */
  score: number;
  assumed: WeakField[];
  missing: WeakField[];
}

/** State of a certificate of `sites s` on a day; `days` ahead are looked at. */
export function certificateStateSql(date: string, days: string): string {
  return `case when s.certificate_expires_on is null then 'none' when s.certificate_expires_on < ${date} then 'expired'
               when s.certificate_expires_on <= ${date} + ${days} then 'due' else 'valid' end`;
}

/** What of the register needs somebody's attention. */
@Injectable()
export class SiteUpkeepReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly sites: SitesReader,
  ) {}

  /** Active sites whose certificate is not good for so many days more, by its last day; those without one come last. */
  async certificatesDue(
    filter: SiteFilter,
    withinDays: number,
    { limit, after }: { limit: number; after?: { last: string; code: string } },
  ): Promise<Page<DueCertificate>> {
    const p = new Parameters();
    const date = p.bind(filter.date ?? this.areas.today(), 'date');
    const last = `coalesce(s.certificate_expires_on, date '9999-12-31')`;
    const rest = after
      ? `(${last}, s.code) > (${p.bind(after.last, 'date')}, ${p.bind(after.code, 'text')})`
      : 'true';
    const state = certificateStateSql(date, p.bind(withinDays, 'int'));
    const rows = await this.uow.reader.query<DueCertificate[]>(
      `select s.code, s.name, s.owner_code as "ownerCode", to_jsonb(commune) as commune, ${state} as state,
              s.certificate_number as "certificateNumber", s.certificate_expires_on::text as "certificateExpiresOn",
              s.certificate_expires_on - ${date} as "daysLeft"
         from sites s left join lateral (${communeAtSql('s.position::geometry', date)}) as commune on true
        where s.lifecycle = 'active' and ${state} <> 'valid' and ${await this.sites.conditionOf(filter, p)} and ${rest}
        order by ${last}, s.code limit ${p.bind(limit + 1, 'int')}`,
      p.values,
    );
    return toPage(rows, limit, (row) => JSON.stringify([row.certificateExpiresOn ?? '9999-12-31', row.code]));
  }

  /**
   * Sites with assumed or missing values, those first that coverage depends on most: each weak value of each cell counts
   * once, and a weak place of the site once for each of its cells.
   */
  async toImprove(
    filter: SiteFilter,
    { limit, after }: { limit: number; after?: { score: number; code: string } },
  ): Promise<Page<SiteToImprove>> {
    const p = new Parameters();
    const rest = after
      ? `(score < ${p.bind(after.score, 'int')} or (score = ${p.bind(after.score, 'int')} and code > ${p.bind(after.code, 'text')}))`
      : 'true';
    const rows = await this.uow.reader.query<SiteToImprove[]>(
      `with chosen as (
         select s.id, s.code, s.name, s.owner_code, s.confidence, s.assumed_fields,
                (select count(*)::int from cells c where c.site_id = s.id) as cells
           from sites s where s.lifecycle <> 'decommissioned' and ${await this.sites.conditionOf(filter, p)}),
       weak as (
         select chosen.id, 'assumed' as kind, field, count(*)::int as n
           from chosen join cells c on c.site_id = chosen.id cross join lateral unnest(c.assumed_fields) as f(field)
          where field = any(${p.bind(COVERAGE_FIELDS, 'text[]')}) group by 1, 2, 3
         union all
         select id, 'assumed', field, cells from chosen cross join lateral unnest(assumed_fields) as f(field)
          where field in ('lon', 'lat') and cells > 0
         union all
         select chosen.id, 'missing', field, count(*)::int
           from chosen join cells c on c.site_id = chosen.id cross join lateral unnest(${MISSING}) as f(field)
          where field is not null group by 1, 2, 3),
       ranked as (
         select chosen.code, chosen.name, chosen.owner_code as "ownerCode", chosen.confidence, chosen.cells,
                sum(weak.n)::int as score, ${weakList('assumed')} as assumed, ${weakList('missing')} as missing
           from chosen join weak on weak.id = chosen.id
          group by chosen.id, chosen.code, chosen.name, chosen.owner_code, chosen.confidence, chosen.cells)
       select * from ranked where ${rest} order by score desc, code limit ${p.bind(limit + 1, 'int')}`,
      p.values,
    );
    return toPage(rows, limit, ({ score, code }) => JSON.stringify([score, code]));
  }
}

/** What the prediction of a cell rests on. An azimuth that is not given means an antenna that radiates all round. */
const COVERAGE_FIELDS = [
  'frequencyMhz',
  'bandwidthMhz',
  'azimuthDeg',
  'horizontalBeamwidthDeg',
  'verticalBeamwidthDeg',
  'mechanicalTiltDeg',
  'electricalTiltDeg',
  'antennaHeightM',
  'txPowerDbm',
  'referenceEirpDbm',
  'gainDbi',
  'feederLossDb',
];

/** Given the EIRP, neither gain nor loss is needed. */
const MISSING = `array[
  case when c.frequency_mhz is null then 'frequencyMhz' end,
  case when c.bandwidth_mhz is null then 'bandwidthMhz' end,
  case when c.antenna_height_m is null then 'antennaHeightM' end,
  case when c.tx_power_dbm is null and c.reference_eirp_dbm is null then 'txPowerDbm' end,
  case when c.gain_dbi is null and c.reference_eirp_dbm is null then 'gainDbi' end,
  case when c.feeder_loss_db is null and c.reference_eirp_dbm is null then 'feederLossDb' end,
  case when c.horizontal_beamwidth_deg is null and c.azimuth_deg is not null then 'horizontalBeamwidthDeg' end,
  case when c.vertical_beamwidth_deg is null then 'verticalBeamwidthDeg' end,
  case when c.mechanical_tilt_deg is null then 'mechanicalTiltDeg' end,
  case when c.electrical_tilt_deg is null then 'electricalTiltDeg' end]`;

function weakList(kind: 'assumed' | 'missing'): string {
  return `coalesce(jsonb_agg(jsonb_build_object('field', weak.field, 'count', weak.n) order by weak.n desc, weak.field)
                     filter (where weak.kind = '${kind}'), '[]')`;
}
