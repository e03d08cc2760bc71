import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { parseBbox, type Bbox } from '../../geo/index.js';
import { AreasService } from '../areas/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { CLUSTER_DETAIL_EXAMPLE, ClusterDetailDto, COUNTS_EXAMPLE, CountsDto } from './cluster-detail.dto.js';
import type { ClusterCounts } from './cluster.reader.js';
import { ClusterService } from './cluster.service.js';
import type { Cluster } from './cluster.store.js';
import type { ClusterDetail, ClusterListItem } from './cluster.views.js';
import { ClusterWriter } from './cluster.writer.js';
import {
  ChangeClusterDto,
  CLUSTER_EXAMPLE,
  CLUSTER_ITEM_EXAMPLE,
  ClusterDto,
  ClusterItemDto,
  ClustersQuery,
  NewClusterDto,
} from './clusters.dto.js';

@ApiTags('speakers')
@Controller('clusters')
export class ClustersController {
  constructor(
    private readonly clusters: ClusterService,
    private readonly writer: ClusterWriter,
    private readonly areas: AreasService,
  ) {}

  @Get()
  @RequirePermission('speakers:read')
  @ApiOperation({ summary: 'Loudspeaker clusters with what is known of them, by code' })
  @ApiPage(ClusterItemDto, CLUSTER_ITEM_EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() query: ClustersQuery): Promise<Page<ClusterListItem>> {
    const { bbox, unit, group, online, ...rest } = query;
    return this.clusters.list({
      ...rest,
      bbox: bbox === undefined ? undefined : boxOf(bbox),
      areaIds:
        unit === undefined ? undefined : await this.areas.descendantIds((await this.areas.resolve(unit)).id),
      groupId: group,
      online: online === undefined ? undefined : online === 'unknown' ? null : online === 'true',
    });
  }

  @Get('counts')
  @RequirePermission('speakers:read')
  @ApiOperation({ summary: 'How many clusters there are, and how many of them are connected' })
  @ApiOkResponse({ type: CountsDto, example: COUNTS_EXAMPLE })
  async counts(): Promise<ClusterCounts> {
    return this.clusters.counts();
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
}

function boxOf(text: string): Bbox {
  const result = parseBbox(text);
  if (result.ok) return result.bbox;
  throw Problem.invalidField('bbox', result.code, { en: result.messageEn, vi: result.messageVi });
}
