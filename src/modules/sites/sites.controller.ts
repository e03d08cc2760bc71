import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { OperatorsService } from './operators.service.js';
import { ChangeSiteDto, NewSiteDto } from './site-input.dto.js';
import { chosen, dayOf, fieldsOf, filterOf } from './site-query.js';
import type { ListedSite, Operator, Site } from './site.types.js';
import {
  NearestQuery,
  NearestSitesDto,
  OPERATOR_EXAMPLE,
  OperatorDto,
  SITE_EXAMPLE,
  SITE_SUMMARY_EXAMPLE,
  SiteDto,
  SiteQuery,
  SiteSearchDto,
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
    summary:
      'Mobile sites, in a box, near a place, on the ground of a unit, of a network, band or state; sorted and paged',
  })
  @ApiPage(SiteSummaryDto, SITE_SUMMARY_EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() query: SitesQuery): Promise<Page<Partial<ListedSite>>> {
    return this.page(query);
  }

  @Post('search')
  @HttpCode(200)
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'The same list with the filter in the body, and within a polygon' })
  @ApiPage(SiteSummaryDto, SITE_SUMMARY_EXAMPLE)
  @ApiProblems(400, 404)
  async search(@Body() { polygon, ...query }: SiteSearchDto): Promise<Page<Partial<ListedSite>>> {
    return this.page(query, polygon);
  }

  @Get('nearest')
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'The k sites nearest to a place, the nearest first' })
  @ApiOkResponse({
    type: NearestSitesDto,
    example: { items: [{ ...SITE_SUMMARY_EXAMPLE, distanceM: 412.6 }] },
  })
  @ApiProblems(400, 404)
  async nearest(@Query() { lon, lat, k, fields, ...query }: NearestQuery): Promise<NearestSitesDto> {
    const wanted = fieldsOf(fields);
    const filter = filterOf({ ...query, near: undefined, withinM: undefined });
    const near = { ...filter, near: { lon, lat }, withinM: query.withinM };
    const items = await this.reader.nearest(near, k, wanted);
    return { items: items.map((site) => chosen(site, wanted) as Partial<SiteSummaryDto>) };
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

  private async page(
    { sort, fields, limit, cursor, ...query }: SitesQuery,
    polygon?: object,
  ): Promise<Page<Partial<ListedSite>>> {
    const wanted = fieldsOf(fields);
    const page = await this.reader.list({ ...filterOf(query, polygon), sort, fields: wanted, limit, cursor });
    return { ...page, items: page.items.map((site) => chosen(site, wanted)) };
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
