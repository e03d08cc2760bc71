import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../common/http/api-docs.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { quarterOf, quarterOrRefuse } from './fibre-query.js';
import {
  FibreGapsDto,
  FibreGapsQuery,
  FibreQuarterDto,
  FibreQuartersDto,
  FibreTargetsDto,
  FibreUnitQuery,
  GAPS_EXAMPLE,
  QUARTER_EXAMPLE,
  TARGETS_EXAMPLE,
} from './fibre-plan.dto.js';
import { FibrePlanService } from './fibre-plan.service.js';
import { FibreReader } from './fibre.reader.js';

/** What remains to be done for fibre, and quarters that are done with. */
@ApiTags('fibre')
@Controller('fibre')
export class FibrePlanController {
  constructor(
    private readonly plan: FibrePlanService,
    private readonly reader: FibreReader,
  ) {}

  @Get('gaps')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Communes by how many households fibre does not pass, the most first' })
  @ApiOkResponse({ type: FibreGapsDto, example: GAPS_EXAMPLE })
  @ApiProblems(400, 404)
  async gaps(@Query() { quarter: given, unit, limit }: FibreGapsQuery): Promise<FibreGapsDto> {
    const quarter = quarterOf(given) ?? (await this.reader.latestQuarter());
    const items = quarter === undefined ? [] : await this.plan.gaps(quarter, unit, limit);
    return { quarter: quarter ?? null, items };
  }

  @Get('targets')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Targets for fibre against what the figures say' })
  @ApiOkResponse({ type: FibreTargetsDto, example: TARGETS_EXAMPLE })
  @ApiProblems(400, 404)
  async targets(@Query() { unit }: FibreUnitQuery): Promise<FibreTargetsDto> {
    return { items: await this.plan.targets(unit) };
  }

  @Get('quarters')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Quarters with figures, the latest first, and which of them are closed' })
  @ApiOkResponse({ type: FibreQuartersDto, example: { items: [QUARTER_EXAMPLE] } })
  async quarters(): Promise<FibreQuartersDto> {
    return { items: await this.plan.quarters() };
  }

  @Post('quarters/:quarter/close')
  @HttpCode(200)
  @RequirePermission('fibre:close')
  @ApiOperation({ summary: 'Close a quarter for good: its figures never change again' })
  @ApiOkResponse({ type: FibreQuarterDto, example: QUARTER_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async close(@CurrentActor() actor: Actor, @Param('quarter') quarter: string): Promise<FibreQuarterDto> {
    return this.plan.close(actor, quarterOrRefuse(quarter));
  }
}
