import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import { PageQuery, type Page } from '../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import type { SiteTransition } from './site-transition-log.js';
import {
  LIFE_CYCLE_TABLE,
  LifeCycleDto,
  MoveSiteDto,
  SiteTransitionDto,
  TRANSITION_EXAMPLE,
} from './site-transitions.dto.js';
import { SiteTransitions } from './site-transitions.service.js';
import type { Site } from './site.types.js';
import { SITE_EXAMPLE, SiteDto } from './sites.dto.js';

@ApiTags('sites')
@Controller('sites')
export class SiteTransitionsController {
  constructor(private readonly transitions: SiteTransitions) {}

  @Get('life-cycle')
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'The states of a site: what each means, what may follow, and who may say so' })
  @ApiOkResponse({ type: LifeCycleDto, example: LIFE_CYCLE_TABLE })
  table(): LifeCycleDto {
    return LIFE_CYCLE_TABLE;
  }

  @Get(':site/transitions')
  @RequirePermission('sites:read')
  @ApiOperation({ summary: 'The steps of a site through its life cycle, the latest first' })
  @ApiPage(SiteTransitionDto, TRANSITION_EXAMPLE)
  @ApiProblems(400, 404)
  async list(
    @Param('site') site: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<Page<SiteTransition>> {
    return this.transitions.list(site, limit, cursor);
  }

  @Post(':site/transitions')
  @RequirePermission('sites:transition')
  @ApiOperation({ summary: 'Take a site to the next state of its life cycle' })
  @ApiCreatedResponse({ type: SiteDto, example: SITE_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async move(
    @CurrentActor() actor: Actor,
    @Param('site') site: string,
    @Body() step: MoveSiteDto,
  ): Promise<Site> {
    return this.transitions.move(actor, site, step);
  }
}
