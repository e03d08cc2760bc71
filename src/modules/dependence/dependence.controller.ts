import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { decodeCursor, PageQuery, toPage, type Page } from '../../common/http/page.js';
import { RequirePermission } from '../identity/index.js';
import { ClusterDependence } from './cluster-dependence.js';
import { ClusterUplinks } from './cluster-uplinks.js';
import { OUTAGE_EXAMPLE, OutageAnswerDto, OutageDto, UPLINK_EXAMPLE, UplinkDto } from './dependence.dto.js';
import type { OutageAnswer, UplinkView } from './dependence.types.js';

@ApiTags('dependence')
@Controller('dependence')
export class DependenceController {
  constructor(
    private readonly dependence: ClusterDependence,
    private readonly uplinks: ClusterUplinks,
  ) {}

  @Get('clusters')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'How loudspeaker clusters in service reach the network, and which mobile sites serve them',
  })
  @ApiPage(UplinkDto, UPLINK_EXAMPLE)
  @ApiProblems(400)
  async clusters(@Query() { limit, cursor }: PageQuery): Promise<Page<UplinkView>> {
    const { uplinks } = await this.uplinks.list(decodeCursor(cursor), limit + 1);
    return toPage(uplinks, limit, ({ clusterId }) => clusterId);
  }

  @Get('sites/:code')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'Loudspeaker clusters that depend on a mobile site: what becomes of them without it',
  })
  @ApiOkResponse({ type: OutageAnswerDto, example: OUTAGE_EXAMPLE })
  @ApiProblems(404)
  async ofSite(@Param('code') code: string): Promise<OutageAnswer> {
    return this.dependence.ofSite(code);
  }

  @Post('outage')
  @HttpCode(200)
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'Loudspeaker clusters that fall silent when sites, a network, a backhaul or a power group fail',
  })
  @ApiOkResponse({ type: OutageAnswerDto, example: OUTAGE_EXAMPLE })
  @ApiProblems(400)
  async outage(@Body() outage: OutageDto): Promise<OutageAnswer> {
    return this.dependence.of(outage);
  }
}
