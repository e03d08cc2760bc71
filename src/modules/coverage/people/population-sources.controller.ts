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
import { PageQuery, type Page } from '../../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../../identity/index.js';
import {
  ChangePopulationSourceDto,
  POPULATION_SOURCE_EXAMPLE,
  PopulationSourceDto,
} from './population-sources.dto.js';
import { PopulationSources, type PopulationSource } from './population-sources.js';
import { UnitsExtent } from '../sources/units-extent.js';
import { receivePoints } from './receive-points.js';

/** Where people live, for spreading the people of communes over the ground. */
@ApiTags('coverage')
@Controller('coverage/population-sources')
export class PopulationSourcesController {
  constructor(
    private readonly sources: PopulationSources,
    private readonly extent: UnitsExtent,
  ) {}

  @Post()
  @RequirePermission('coverage:configure')
  @ApiOperation({
    summary: 'Send a file of where people live; runs spread the people of each commune by it from then on',
    description:
      'CSV in UTF-8 with the columns lon, lat (degrees), people and perhaps households, or a GeoTIFF of people per pixel (one band; EPSG:4326 or WGS 84 / UTM; none, LZW or deflate), of which only what lies over the administrative units is kept. Each commune keeps the people that the register has of it: the file says where in it they live. A commune of which the file has nothing is spread about its hamlets.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['title', 'source', 'file'],
      properties: {
        title: { type: 'string', maxLength: 200 },
        source: { type: 'string', maxLength: 500, description: 'Who found it out' },
        file: { type: 'string', format: 'binary', description: 'After the other fields' },
      },
    },
  })
  @ApiCreatedResponse({ type: PopulationSourceDto, example: POPULATION_SOURCE_EXAMPLE })
  @ApiProblems(400, 413, 415)
  async add(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<PopulationSource> {
    const { points, ...about } = await receivePoints(request, () => this.extent.box());
    return this.sources.add(actor.name, about, points);
  }

  @Get()
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Population sources, newest first' })
  @ApiPage(PopulationSourceDto, POPULATION_SOURCE_EXAMPLE)
  @ApiProblems(400)
  async list(@Query() { limit, cursor }: PageQuery): Promise<Page<PopulationSource>> {
    return this.sources.list(limit, cursor);
  }

  @Get(':id')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'One population source' })
  @ApiOkResponse({ type: PopulationSourceDto, example: POPULATION_SOURCE_EXAMPLE })
  @ApiProblems(404)
  async one(@Param('id') id: string): Promise<PopulationSource> {
    return this.sources.get(id);
  }

  @Patch(':id')
  @RequirePermission('coverage:configure')
  @ApiOperation({ summary: 'Take a population source out of use, or into use again' })
  @ApiOkResponse({ type: PopulationSourceDto, example: { ...POPULATION_SOURCE_EXAMPLE, active: false } })
  @ApiProblems(400, 404)
  async change(
    @Param('id') id: string,
    @Body() { active }: ChangePopulationSourceDto,
  ): Promise<PopulationSource> {
    return this.sources.setActive(id, active);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('coverage:configure')
  @ApiOperation({ summary: 'Remove a population source for good; finished runs keep what they say of it' })
  @ApiNoContentResponse({ description: 'Removed' })
  @ApiProblems(404, 409)
  async remove(@Param('id') id: string): Promise<void> {
    await this.sources.remove(id);
  }
}
