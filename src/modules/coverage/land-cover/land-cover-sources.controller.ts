import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiPage, ApiProblems } from '../../../common/http/api-docs.js';
import type { Page } from '../../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../../identity/index.js';
import { CoverageSettings } from '../settings/coverage-settings.js';
import { UnitsExtent } from '../sources/units-extent.js';
import {
  ChangeLandCoverSourceDto,
  LAND_COVER_SOURCE_EXAMPLE,
  LandCoverSourceDto,
  LandCoverSourcesQuery,
} from './land-cover-sources.dto.js';
import { LAND_COVER_KINDS, type LandCoverSource } from './land-cover-source.js';
import { LandCoverSources } from './land-cover-sources.js';
import { receiveLandCover } from './receive-land-cover.js';

/** What the ground is made of, and where it is water. */
@ApiTags('coverage')
@Controller('coverage/land-cover-sources')
export class LandCoverSourcesController {
  constructor(
    private readonly sources: LandCoverSources,
    private readonly extent: UnitsExtent,
    private readonly settings: CoverageSettings,
  ) {}

  @Post()
  @RequirePermission('coverage:configure')
  @ApiOperation({
    summary: 'Send land cover or water; runs take it from then on',
    description:
      'Land cover: a GeoTIFF of classes (one band of whole numbers; EPSG:4326 or WGS 84 / UTM; none, LZW or deflate), read as ESA WorldCover unless a mapping is given, or GeoJSON polygons with a class. Each cell takes the class that most of it has. Water: GeoJSON polygons. Nobody is spread over water, and no area or percentage counts it. Only what lies over the administrative units is kept.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['title', 'source', 'file'],
      properties: {
        title: { type: 'string', maxLength: 200 },
        source: { type: 'string', maxLength: 500, description: 'Who found it out' },
        kind: { type: 'string', enum: [...LAND_COVER_KINDS], default: 'land-cover' },
        property: {
          type: 'string',
          maxLength: 100,
          default: 'class',
          description: 'Property of the GeoJSON features that holds their class',
        },
        mapping: {
          type: 'string',
          maxLength: 20_000,
          example: '{"1": "water", "2": "open", "7": "built-up"}',
          description:
            'JSON: urban, suburban, open, built-up (urban or suburban by the density of people) or water for each class of the source',
        },
        file: { type: 'string', format: 'binary' },
      },
    },
  })
  @ApiCreatedResponse({ type: LandCoverSourceDto, example: LAND_COVER_SOURCE_EXAMPLE })
  @ApiProblems(400, 413, 415)
  async add(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<LandCoverSource> {
    const received = await receiveLandCover(request, {
      extent: () => this.extent.box(),
      worldCover: async () => (await this.settings.current()).values.worldCover.classes,
    });
    return this.sources.add(actor.name, received);
  }

  @Get()
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Sources of land cover and of water, newest first' })
  @ApiPage(LandCoverSourceDto, LAND_COVER_SOURCE_EXAMPLE)
  @ApiProblems(400)
  async list(@Query() { kind, limit, cursor }: LandCoverSourcesQuery): Promise<Page<LandCoverSource>> {
    return this.sources.list(kind, limit, cursor);
  }

  @Get(':id')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'One source of land cover or of water' })
  @ApiOkResponse({ type: LandCoverSourceDto, example: LAND_COVER_SOURCE_EXAMPLE })
  @ApiProblems(404)
  async one(@Param('id') id: string): Promise<LandCoverSource> {
    return this.sources.get(id);
  }

  @Patch(':id')
  @RequirePermission('coverage:configure')
  @ApiOperation({ summary: 'Take a source out of use, or into use again' })
  @ApiOkResponse({ type: LandCoverSourceDto, example: { ...LAND_COVER_SOURCE_EXAMPLE, active: false } })
  @ApiProblems(400, 404)
  async change(
    @Param('id') id: string,
    @Body() { active }: ChangeLandCoverSourceDto,
  ): Promise<LandCoverSource> {
    return this.sources.setActive(id, active);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('coverage:configure')
  @ApiOperation({ summary: 'Remove a source for good; finished runs keep what they say of it' })
  @ApiNoContentResponse({ description: 'Removed' })
  @ApiProblems(404, 409)
  async remove(@Param('id') id: string): Promise<void> {
    await this.sources.remove(id);
  }
}
