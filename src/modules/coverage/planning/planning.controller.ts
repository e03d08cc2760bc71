import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { ClientGone } from '../../../common/http/client-gone.js';
import { RequirePermission } from '../../identity/index.js';
import type { DeskState } from './desk.js';
import { CriticalityQuery, PlanningOutageDto, SitingDto, WhatIfDto } from './planning-request.dto.js';
import { ChangeDto, CriticalityDto, DeskStateDto, OutageChangeDto, SitingResultDto } from './planning.dto.js';
import {
  CRITICALITY_EXAMPLE,
  DESK_STATE_EXAMPLE,
  OUTAGE_CHANGE_EXAMPLE,
  SITING_EXAMPLE,
  WHAT_IF_EXAMPLE,
} from './planning.examples.js';
import { PlanningService } from './planning.service.js';
import type { ChangeAnswer, CriticalityAnswer, OutageChangeAnswer, SitingResult } from './planning.types.js';

/** Questions about a finished run. They write nothing. */
@ApiTags('coverage')
@Controller('coverage')
export class PlanningController {
  constructor(private readonly planning: PlanningService) {}

  @Get('planning')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'What the planning desk has open, and how many questions wait' })
  @ApiOkResponse({ type: DeskStateDto, example: DESK_STATE_EXAMPLE })
  state(): DeskState {
    return this.planning.state;
  }

  @Post('runs/:id/what-if')
  @HttpCode(200)
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Coverage before and after sites are added, changed or removed' })
  @ApiOkResponse({ type: ChangeDto, example: WHAT_IF_EXAMPLE })
  @ApiProblems(400, 404, 409, 503)
  async whatIf(
    @Param('id') id: string,
    @Body() body: WhatIfDto,
    @ClientGone() gone: AbortSignal,
  ): Promise<ChangeAnswer> {
    return this.planning.whatIf(id, body, gone);
  }

  @Post('runs/:id/outage')
  @HttpCode(200)
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Who loses service when sites, a network, a backhaul or a power group fail' })
  @ApiOkResponse({ type: OutageChangeDto, example: OUTAGE_CHANGE_EXAMPLE })
  @ApiProblems(400, 404, 409, 503)
  async outage(
    @Param('id') id: string,
    @Body() body: PlanningOutageDto,
    @ClientGone() gone: AbortSignal,
  ): Promise<OutageChangeAnswer> {
    return this.planning.outage(id, body, gone);
  }

  @Get('runs/:id/criticality')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Sites by what the outage of each alone would cost' })
  @ApiOkResponse({ type: CriticalityDto, example: CRITICALITY_EXAMPLE })
  @ApiProblems(400, 404, 409, 503)
  async criticality(
    @Param('id') id: string,
    @Query() query: CriticalityQuery,
    @ClientGone() gone: AbortSignal,
  ): Promise<CriticalityAnswer> {
    return this.planning.criticality(id, query, gone);
  }

  @Post('runs/:id/siting')
  @HttpCode(200)
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'The best places for new sites beside the network that is there, and a bound on any choice',
  })
  @ApiOkResponse({ type: SitingResultDto, example: SITING_EXAMPLE })
  @ApiProblems(400, 404, 409, 503)
  async siting(
    @Param('id') id: string,
    @Body() body: SitingDto,
    @ClientGone() gone: AbortSignal,
  ): Promise<SitingResult> {
    return this.planning.siting(id, body, gone);
  }
}
