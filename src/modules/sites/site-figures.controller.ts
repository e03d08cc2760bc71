import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import { RequirePermission } from '../identity/index.js';
import { parseDays } from './domain/counting.js';
import { SiteCountsReader, type SitePair } from './site-counts.reader.js';
import { CODE_KEY, cursorParts, DAY_KEY, NUMBER_KEY } from './site-cursor.js';
import {
  CertificatesQuery,
  CountsQuery,
  DUE_EXAMPLE,
  DueCertificateDto,
  PAIR_EXAMPLE,
  PairsQuery,
  SiteCountsDto,
  SitePairDto,
  SitesSummaryDto,
  SiteToImproveDto,
  SUMMARY_EXAMPLE,
  SummaryQuery,
  TO_IMPROVE_EXAMPLE,
  ToImproveQuery,
} from './site-figures.dto.js';
import { filterOf, listOf } from './site-query.js';
import { SiteUpkeepReader, type DueCertificate, type SiteToImprove } from './site-upkeep.reader.js';

const MOST_DIMENSIONS = 3;

/** Figures over many sites, and what of them needs attention. */
@ApiTags('sites')
@Controller('sites')
export class SiteFiguresController {
  constructor(
    private readonly counted: SiteCountsReader,
    private readonly upkeep: SiteUpkeepReader,
    private readonly areas: AreasService,
  ) {}

  @Get('counts')
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'Sites and cells by any one to three dimensions' })
  @ApiOkResponse({
    type: SiteCountsDto,
    example: {
      by: ['operator', 'technology'],
      date: '2026-03-01',
      items: [{ values: { operator: 'vnpt', technology: '4G' }, names: {}, sites: 310, cells: 1860 }],
    },
  })
  @ApiProblems(400, 404)
  async counts(@Query() { by, within, ...query }: CountsQuery): Promise<SiteCountsDto> {
    const dimensions = listOf('by', by, await this.counted.dimensions()) ?? [];
    if (dimensions.length > MOST_DIMENSIONS)
      throw Problem.invalidField('by', 'TOO_MANY', {
        en: `by must be at most ${MOST_DIMENSIONS} dimensions`,
        vi: `by tối đa ${MOST_DIMENSIONS} chiều`,
      });
    const filter = filterOf(query);
    const items = await this.counted.counts(dimensions, filter, daysOf(within));
    return { by: dimensions, date: filter.date ?? this.areas.today(), items };
  }

  @Get('summary')
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'Sharing of masts, 5G to 4G, and backhaul of the sites of a filter' })
  @ApiOkResponse({ type: SitesSummaryDto, example: SUMMARY_EXAMPLE })
  @ApiProblems(400, 404)
  async summary(@Query() { coLocatedWithinM, ...query }: SummaryQuery): Promise<SitesSummaryDto> {
    const sums = await this.counted.summary(filterOf(query), coLocatedWithinM);
    const { sites, sitesWith4g, sitesWith5g, tenants } = sums;
    return {
      ...sums,
      ratio5gTo4g: sitesWith4g === 0 ? null : rounded(sitesWith5g / sitesWith4g, 4),
      tenantsPerMast: sites === 0 ? null : rounded(tenants / sites, 2),
    };
  }

  @Get('duplicates')
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'Pairs of sites that stand near to each other, the nearest first' })
  @ApiPage(SitePairDto, PAIR_EXAMPLE)
  @ApiProblems(400, 404)
  async duplicates(@Query() { withinM, kind, limit, cursor, ...query }: PairsQuery): Promise<Page<SitePair>> {
    const parts = cursorParts(cursor, [NUMBER_KEY, CODE_KEY, CODE_KEY]);
    const after = parts && {
      distanceM: Number(parts[0]),
      codes: [parts[1] ?? '', parts[2] ?? ''] as [string, string],
    };
    return this.counted.pairs(filterOf(query), { withinM, kind, limit, after });
  }

  @Get('certificates/due')
  @RequirePermission('sites:read')
  @ApiOperation({
    summary:
      'Active sites whose inspection certificate has expired, expires soon, or is not there; by its last day',
  })
  @ApiPage(DueCertificateDto, DUE_EXAMPLE)
  @ApiProblems(400, 404)
  async certificates(
    @Query() { within, limit, cursor, ...query }: CertificatesQuery,
  ): Promise<Page<DueCertificate>> {
    const parts = cursorParts(cursor, [DAY_KEY, CODE_KEY]);
    const after = parts && { last: parts[0] ?? '', code: parts[1] ?? '' };
    return this.upkeep.certificatesDue(filterOf(query), daysOf(within), { limit, after });
  }

  @Get('to-improve')
  @RequirePermission('sites:read')
  @ApiOperation({
    summary: 'Sites with assumed or missing values, those first that coverage depends on most',
  })
  @ApiPage(SiteToImproveDto, TO_IMPROVE_EXAMPLE)
  @ApiProblems(400, 404)
  async toImprove(@Query() { limit, cursor, ...query }: ToImproveQuery): Promise<Page<SiteToImprove>> {
    const parts = cursorParts(cursor, [/^\d{1,9}$/, CODE_KEY]);
    const after = parts && { score: Number(parts[0]), code: parts[1] ?? '' };
    return this.upkeep.toImprove(filterOf(query), { limit, after });
  }
}

function daysOf(text: string): number {
  const days = parseDays(text);
  if (days !== undefined) return days;
  throw Problem.invalidField('within', 'DAYS', {
    en: 'within must be a number of days up to 3660, as in 90d',
    vi: 'within phải là số ngày, tối đa 3660, như 90d',
  });
}

function rounded(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
