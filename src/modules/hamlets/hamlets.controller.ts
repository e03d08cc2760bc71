import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { AreasService } from '../areas/index.js';
import { AttributesService } from '../attributes/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { dayOf, dimensionsOf, filterOf, type HamletFilter } from './hamlet-query.js';
import type { Hamlet } from './hamlet.types.js';
import {
  ChangeHamletDto,
  HAMLET_EXAMPLE,
  HamletCountsDto,
  HamletCountsQuery,
  HamletDto,
  HamletFilterQuery,
  HamletQuery,
  HamletsQuery,
  NewHamletDto,
  RemoveHamletQuery,
} from './hamlets.dto.js';
import { HamletsReader } from './hamlets.reader.js';
import { HamletsWriter } from './hamlets.writer.js';

@ApiTags('hamlets')
@Controller('hamlets')
export class HamletsController {
  constructor(
    private readonly reader: HamletsReader,
    private readonly writer: HamletsWriter,
    private readonly areas: AreasService,
    private readonly attributes: AttributesService,
  ) {}

  @Get()
  @RequirePermission('hamlets:read')
  @ApiOperation({
    summary: 'Hamlets in a box, on the ground of a unit, by signal or name; sorted and paged',
  })
  @ApiPage(HamletDto, HAMLET_EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() { sort, limit, cursor, ...query }: HamletsQuery): Promise<Page<Hamlet>> {
    return this.reader.list(await this.filterOf(query), { sort, limit, cursor });
  }

  @Get('counts')
  @RequirePermission('hamlets:read')
  @ApiOperation({ summary: 'Hamlets and households by unit, signal or kind, under the units of a day' })
  @ApiOkResponse({
    type: HamletCountsDto,
    example: {
      by: ['commune', 'signal'],
      date: '2026-03-01',
      items: [
        {
          values: { commune: '31318', signal: 'weak' },
          names: { commune: 'Phường I' },
          hamlets: 4,
          households: 1248,
          withoutHouseholds: 0,
        },
      ],
    },
  })
  @ApiProblems(400, 404)
  async counts(@Query() { by, ...query }: HamletCountsQuery): Promise<HamletCountsDto> {
    const dimensions = dimensionsOf(by);
    const filter = await this.filterOf(query);
    const items = await this.reader.counts(dimensions, filter);
    return { by: dimensions, date: filter.date ?? this.areas.today(), items };
  }

  @Get(':hamlet')
  @RequirePermission('hamlets:read')
  @ApiOperation({ summary: 'One hamlet by code' })
  @ApiOkResponse({ type: HamletDto, example: HAMLET_EXAMPLE })
  @ApiProblems(400, 404)
  async one(@Param('hamlet') code: string, @Query() { date }: HamletQuery): Promise<Hamlet> {
    return this.reader.read(code, dayOf(date));
  }

  @Post()
  @RequirePermission('hamlets:write')
  @ApiOperation({ summary: 'Add a hamlet' })
  @ApiCreatedResponse({ type: HamletDto, example: HAMLET_EXAMPLE })
  @ApiProblems(400, 409)
  async create(@CurrentActor() actor: Actor, @Body() body: NewHamletDto): Promise<Hamlet> {
    await this.writer.create(actor, body);
    return this.reader.read(body.code);
  }

  @Patch(':hamlet')
  @RequirePermission('hamlets:write')
  @ApiOperation({ summary: 'Change a hamlet; what is left out stays' })
  @ApiOkResponse({ type: HamletDto, example: HAMLET_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async change(
    @CurrentActor() actor: Actor,
    @Param('hamlet') code: string,
    @Body() { version, ...patch }: ChangeHamletDto,
  ): Promise<Hamlet> {
    await this.writer.change(actor, code, patch, version);
    return this.reader.read(code);
  }

  @Delete(':hamlet')
  @HttpCode(204)
  @RequirePermission('hamlets:write')
  @ApiOperation({ summary: 'Take a hamlet out; its history stays' })
  @ApiNoContentResponse({ description: 'Taken out' })
  @ApiProblems(400, 404, 409)
  async remove(
    @CurrentActor() actor: Actor,
    @Param('hamlet') code: string,
    @Query() { version }: RemoveHamletQuery,
  ): Promise<void> {
    await this.writer.remove(actor, code, version);
  }

  private async filterOf({ attr, ...query }: HamletFilterQuery): Promise<HamletFilter> {
    return { ...filterOf(query), attributes: await this.attributes.filters('hamlets', attr) };
  }
}
