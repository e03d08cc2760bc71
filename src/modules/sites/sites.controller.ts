import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { parseBbox, type Bbox } from '../../geo/index.js';
import { isIsoDate } from '../areas/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { OperatorsService } from './operators.service.js';
import { ChangeSiteDto, NewSiteDto } from './site-input.dto.js';
import type { Operator, Site, SiteSummary } from './site.types.js';
import {
  OPERATOR_EXAMPLE,
  OperatorDto,
  SITE_EXAMPLE,
  SITE_SUMMARY_EXAMPLE,
  SiteDto,
  SiteQuery,
  SitesQuery,
  SiteSummaryDto,
} from './sites.dto.js';
import { SitesReader } from './sites.reader.js';
import { SitesService } from './sites.service.js';
import { SitesWriter } from './sites.writer.js';

@ApiTags('sites')
@Controller('sites')
export class SitesController {
  constructor(
    private readonly sites: SitesService,
    private readonly reader: SitesReader,
    private readonly writer: SitesWriter,
  ) {}

  @Get()
  @RequirePermission('sites:read')
  @ApiOperation({
    summary: 'Mobile sites by code, in a box, on the ground of a unit, of a network, technology or state',
  })
  @ApiPage(SiteSummaryDto, SITE_SUMMARY_EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() { bbox, status, date, ...filter }: SitesQuery): Promise<Page<SiteSummary>> {
    return this.reader.list({ ...filter, lifecycle: status, bbox: boxOf(bbox), date: dayOf(date) });
  }

  @Get(':site')
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'One site by code or id, with its cells' })
  @ApiOkResponse({ type: SiteDto, example: SITE_EXAMPLE })
  @ApiProblems(400, 404)
  async one(@Param('site') site: string, @Query() { date }: SiteQuery): Promise<Site> {
    return this.sites.read(site, dayOf(date));
  }

  @Post()
  @RequirePermission('sites:write')
  @ApiOperation({ summary: 'Add a site with its cells' })
  @ApiCreatedResponse({ type: SiteDto, example: SITE_EXAMPLE })
  @ApiProblems(400, 409)
  async create(@CurrentActor() actor: Actor, @Body() body: NewSiteDto): Promise<Site> {
    return this.writer.create(actor, body);
  }

  @Patch(':site')
  @RequirePermission('sites:write')
  @ApiOperation({ summary: 'Change a site; cells, when given, replace all that were there' })
  @ApiOkResponse({ type: SiteDto, example: SITE_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async change(
    @CurrentActor() actor: Actor,
    @Param('site') site: string,
    @Body() { version, ...patch }: ChangeSiteDto,
  ): Promise<Site> {
    return this.writer.change(actor, site, patch, version);
  }
}

@ApiTags('sites')
@Controller('operators')
export class OperatorsController {
  constructor(private readonly operators: OperatorsService) {}

  @Get()
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'Operators of networks and masts, by code' })
  @ApiPage(OperatorDto, OPERATOR_EXAMPLE)
  @ApiProblems(400)
  async list(@Query() { limit, cursor }: PageQuery): Promise<Page<Operator>> {
    return this.operators.list(limit, cursor);
  }
}

function boxOf(text: string | undefined): Bbox | undefined {
  if (text === undefined) return undefined;
  const parsed = parseBbox(text);
  if (parsed.ok) return parsed.bbox;
  throw Problem.invalidField('bbox', parsed.code, { en: parsed.messageEn, vi: parsed.messageVi });
}

function dayOf(date: string | undefined): string | undefined {
  if (date === undefined || isIsoDate(date)) return date;
  throw Problem.invalidField('date', 'DATE', {
    en: 'date must be a day of the calendar, YYYY-MM-DD',
    vi: 'date phải là một ngày có thật, dạng YYYY-MM-DD',
  });
}
