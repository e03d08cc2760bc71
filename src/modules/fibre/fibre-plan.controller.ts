import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-docs.js';
import { RequirePermission } from '../identity/index.js';
import { dayOf, quarterOf } from './fibre-query.js';
import {
  FibreGapsDto,
  FibreGapsQuery,
  FibreQuartersDto,
  FibreTargetsDto,
  FibreUnitQuery,
  GAPS_EXAMPLE,
  QUARTER_EXAMPLE,
  TARGETS_EXAMPLE,
} from './fibre-plan.dto.js';
import { FibrePlanService } from './fibre-plan.service.js';
import { FibreReader } from './fibre.reader.js';

/** What remains to be done for fibre. */
@ApiTags('fibre')
@Controller('fibre')
export class FibrePlanController {
  constructor(
    private readonly plan: FibrePlanService,
    private readonly reader: FibreReader,
  ) {}

  @Get('gaps')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Communes or hamlets by how many households fibre does not pass, the most first' })
  @ApiOkResponse({ type: FibreGapsDto, example: GAPS_EXAMPLE })
  @ApiProblems(400, 404)
  async gaps(@Query() query: FibreGapsQuery): Promise<FibreGapsDto> {
    const { by, tier, unit, limit } = query;
    const date = dayOf(query.date);
    const quarter = quarterOf(query.quarter) ?? (await this.reader.latestQuarter());
    if (quarter === undefined) return { quarter: null, tier, basis: null, items: [] };
    return { quarter, tier, ...(await this.plan.gaps({ quarter, by, tier, unit, date, limit })) };
  }

  @Get('targets')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Targets for fibre against what the figures say' })
  @ApiOkResponse({ type: FibreTargetsDto, example: TARGETS_EXAMPLE })
  @ApiProblems(400, 404)
  async targets(@Query() { unit, date }: FibreUnitQuery): Promise<FibreTargetsDto> {
    return { items: await this.plan.targets(unit, dayOf(date)) };
  }

  @Get('quarters')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Quarters with figures, the latest first, and which of them are closed' })
  @ApiOkResponse({ type: FibreQuartersDto, example: { items: [QUARTER_EXAMPLE] } })
  async quarters(): Promise<FibreQuartersDto> {
    return { items: await this.plan.quarters() };
  }
}
