import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { parseBbox, type Bbox } from '../../geo/index.js';
import { AreasService, isIsoDate } from '../areas/index.js';
import { AttributesService } from '../attributes/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { ClusterCountsQuery, COUNTS_EXAMPLE, CountsDto } from './cluster-counts.dto.js';
import { ClusterCountsReader } from './cluster-counts.reader.js';
import { CLUSTER_DETAIL_EXAMPLE, ClusterDetailDto } from './cluster-detail.dto.js';
import type { ClusterFilter } from './cluster-filter.js';
import { ClusterService } from './cluster.service.js';
import type { Cluster } from './cluster.store.js';
import type { ClusterDetail, ClusterListItem } from './cluster.views.js';
import { ClusterWriter } from './cluster.writer.js';
import {
  ChangeClusterDto,
  CLUSTER_EXAMPLE,
  CLUSTER_ITEM_EXAMPLE,
  ClusterDto,
  ClusterFilterQuery,
  ClusterItemDto,
  ClustersQuery,
  NewClusterDto,
} from './clusters.dto.js';
import { CLUSTER_DIMENSIONS, type ClusterDimension } from './domain/cluster-counting.js';

const MOST_DIMENSIONS = 3;

@ApiTags('speakers')
@Controller('clusters')
export class ClustersController {
  constructor(
    private readonly clusters: ClusterService,
    private readonly writer: ClusterWriter,
    private readonly areas: AreasService,
    private readonly counted: ClusterCountsReader,
    private readonly attributes: AttributesService,
  ) {}

  @Get()
  @RequirePermission('speakers:read')
  @ApiOperation({ summary: 'Loudspeaker clusters with what is known of them, by code' })
  @ApiPage(ClusterItemDto, CLUSTER_ITEM_EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() query: ClustersQuery): Promise<Page<ClusterListItem>> {
    const { limit, cursor, ...filter } = query;
    return this.clusters.list({ ...(await this.filterOf(filter)), limit, cursor });
  }

  @Get('counts')
  @RequirePermission('speakers:read')
  @ApiOperation({
    summary: 'How many clusters there are, how many of them are connected, and how many by any dimensions',
  })
  @ApiOkResponse({ type: CountsDto, example: COUNTS_EXAMPLE })
  @ApiProblems(400, 404)
  async counts(@Query() { by, ...query }: ClusterCountsQuery): Promise<CountsDto> {
    const dimensions = by === undefined ? [] : dimensionsOf(by);
    const filter = await this.filterOf(query);
    const items = await this.counted.counts(dimensions, filter);
    return { ...(await this.counted.totals(filter)), date: filter.date, by: dimensions, items };
  }

  @Get(':id')
  @RequirePermission('speakers:read')
  @ApiOperation({ summary: 'One cluster: twin, alarms, last commands, messages that could not be used' })
  @ApiOkResponse({ type: ClusterDetailDto, example: CLUSTER_DETAIL_EXAMPLE })
  @ApiProblems(404)
  async one(@Param('id') id: string): Promise<ClusterDetail> {
    return this.clusters.get(id);
  }

  @Post()
  @RequirePermission('speakers:write')
  @ApiOperation({ summary: 'Register a cluster' })
  @ApiCreatedResponse({ type: ClusterDto, example: CLUSTER_EXAMPLE })
  @ApiProblems(400, 409)
  async create(@CurrentActor() actor: Actor, @Body() body: NewClusterDto): Promise<Cluster> {
    return this.writer.create(actor, { ...body, source: body.source ?? '' });
  }

  @Patch(':id')
  @RequirePermission('speakers:write')
  @ApiOperation({ summary: 'Change a cluster; a changed configuration is sent to it' })
  @ApiOkResponse({ type: ClusterDto, example: CLUSTER_EXAMPLE })
  @ApiProblems(400, 404)
  async change(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: ChangeClusterDto,
  ): Promise<Cluster> {
    return this.writer.change(actor, id, body);
  }

  private async filterOf(query: ClusterFilterQuery): Promise<ClusterFilter> {
    const { bbox, unit, group, online, active, attr, q, date } = query;
    if (date !== undefined && !isIsoDate(date))
      throw Problem.invalidField('date', 'DATE', {
        en: 'date must be a day of the calendar, YYYY-MM-DD',
        vi: 'date phải là một ngày có thật, dạng YYYY-MM-DD',
      });
    const today = this.areas.today();
    const area = unit === undefined ? undefined : await this.areas.resolve(unit, date);
    const isFormer = area !== undefined && area.validTo !== null && area.validTo <= today;
    return {
      bbox: bbox === undefined ? undefined : boxOf(bbox),
      areaIds: area && (await this.areas.descendantIds(area.id)),
      groupId: group,
      online: online === undefined ? undefined : online === 'unknown' ? null : online === 'true',
      active,
      attributes: await this.attributes.filters('clusters', attr),
      q,
      date: date ?? (isFormer && area.validTo !== null ? dayBefore(area.validTo) : today),
    };
  }
}

/** `validTo` is the first day on which a unit is no longer there. */
function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

function dimensionsOf(text: string): ClusterDimension[] {
  const given = [...new Set(text.split(',').map((part) => part.trim()))];
  const known = given.flatMap((part) => CLUSTER_DIMENSIONS.find((dimension) => dimension === part) ?? []);
  if (known.length === given.length && known.length <= MOST_DIMENSIONS) return known;
  const list = CLUSTER_DIMENSIONS.join(', ');
  throw Problem.invalidField('by', 'ONE_OF', {
    en: `by must be one to ${MOST_DIMENSIONS} of ${list}, with commas between them`,
    vi: `by phải là một đến ${MOST_DIMENSIONS} giá trị trong: ${list}, cách nhau bằng dấu phẩy`,
  });
}

function boxOf(text: string): Bbox {
  const result = parseBbox(text);
  if (result.ok) return result.bbox;
  throw Problem.invalidField('bbox', result.code, { en: result.messageEn, vi: result.messageVi });
}
