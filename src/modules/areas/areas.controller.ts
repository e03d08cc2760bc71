import { Body, Controller, Get, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { AttributesService } from '../attributes/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import type { Area } from './area.types.js';
import {
  AREA_AT_EXAMPLE,
  AREA_BOUNDARY_EXAMPLE,
  AREA_EXAMPLE,
  AreaAtDto,
  AreaDto,
  AreaQuery,
  AreasQuery,
  ChangeAreaDto,
  NewAreaDto,
  PlaceQuery,
} from './areas.dto.js';
import { AreasReader } from './areas.reader.js';
import { AreasService } from './areas.service.js';
import { AreasWriter } from './areas.writer.js';
import { isIsoDate } from './domain/dates.js';

@ApiTags('areas')
@Controller('areas')
export class AreasController {
  constructor(
    private readonly areas: AreasService,
    private readonly reader: AreasReader,
    private readonly writer: AreasWriter,
    private readonly attributes: AttributesService,
  ) {}

  @Get()
  @RequirePermission('areas:read')
  @ApiOperation({ summary: 'Administrative units in force on a day, by code' })
  @ApiPage(AreaDto, AREA_EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() query: AreasQuery): Promise<Page<Area>> {
    const { parent, attr, ...filter } = query;
    const date = this.dateOr(query.date);
    const parentId = parent === undefined ? undefined : (await this.areas.resolve(parent, date)).id;
    const attributes = await this.attributes.filters('areas', attr);
    return this.reader.list({ ...filter, attributes, date, parentId });
  }

  @Get('at')
  @RequirePermission('areas:read')
  @ApiOperation({ summary: 'The commune that holds a place on a day, and what it lies in' })
  @ApiOkResponse({ type: AreaAtDto, example: AREA_AT_EXAMPLE })
  @ApiProblems(400, 404)
  async at(@Query() { lon, lat, date: given }: PlaceQuery): Promise<AreaAtDto> {
    const date = this.dateOr(given);
    const commune = await this.areas.communeAt(lon, lat, date);
    if (!commune)
      throw Problem.notFound(
        { en: `commune on ${date} at`, vi: `xã, phường vào ngày ${date} tại` },
        `${lon}, ${lat}`,
      );
    return { date, chain: await this.areas.chainOf(commune.id) };
  }

  @Get(':id')
  @RequirePermission('areas:read')
  @ApiOperation({ summary: 'One administrative unit' })
  @ApiOkResponse({ type: AreaDto, example: AREA_BOUNDARY_EXAMPLE })
  @ApiProblems(400, 404)
  async one(@Param('id', ParseUUIDPipe) id: string, @Query() query: AreaQuery): Promise<Area> {
    return query.boundary === true ? this.areas.getWithBoundary(id) : this.areas.get(id);
  }

  @Post()
  @RequirePermission('areas:write')
  @ApiOperation({ summary: 'Add an administrative unit, or a further period of one' })
  @ApiCreatedResponse({ type: AreaDto, example: AREA_BOUNDARY_EXAMPLE })
  @ApiProblems(400, 409)
  async create(@CurrentActor() actor: Actor, @Body() body: NewAreaDto): Promise<Area> {
    return this.writer.create(actor, { ...body, validTo: body.validTo ?? null });
  }

  @Patch(':id')
  @RequirePermission('areas:write')
  @ApiOperation({ summary: 'Change names, figures, boundary or last day; the identity stays' })
  @ApiOkResponse({ type: AreaDto, example: AREA_BOUNDARY_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async change(
    @CurrentActor() actor: Actor,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { version, ...patch }: ChangeAreaDto,
  ): Promise<Area> {
    return this.writer.change(actor, id, patch, version);
  }

  private dateOr(given: string | undefined): string {
    if (given === undefined) return this.areas.today();
    if (isIsoDate(given)) return given;
    throw Problem.invalidField('date', 'DATE', {
      en: 'date must be a day of the calendar, YYYY-MM-DD',
      vi: 'date phải là một ngày có thật, dạng YYYY-MM-DD',
    });
  }
}
