import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { TOTALS_RULE } from './domain/totals.js';
import { quarterOf } from './fibre-query.js';
import {
  FIBRE_EXAMPLE,
  FIBRE_TOTALS_EXAMPLE,
  FibreDto,
  FibreFiguresDto,
  FibreQuery,
  FibreTotalsDto,
  FibreTotalsQuery,
} from './fibre.dto.js';
import { FibreReader } from './fibre.reader.js';
import { FibreService } from './fibre.service.js';
import type { FibreRow } from './fibre.types.js';

@ApiTags('fibre')
@Controller('fibre')
export class FibreController {
  constructor(
    private readonly fibre: FibreService,
    private readonly reader: FibreReader,
  ) {}

  @Get()
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Fibre figures by quarter, commune and operator' })
  @ApiPage(FibreDto, FIBRE_EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() query: FibreQuery): Promise<Page<FibreRow>> {
    return this.reader.list({ ...query, quarter: quarterOf(query.quarter) });
  }

  @Get('totals')
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Fibre over all operators, as bounds, by province, district or commune' })
  @ApiOkResponse({ type: FibreTotalsDto, example: FIBRE_TOTALS_EXAMPLE })
  @ApiProblems(400, 404)
  async totals(@Query() query: FibreTotalsQuery): Promise<FibreTotalsDto> {
    const { by, unit } = query;
    const quarter = quarterOf(query.quarter) ?? (await this.reader.latestQuarter());
    const items = quarter === undefined ? [] : await this.reader.totals(quarter, by, unit);
    return { quarter: quarter ?? null, by, rule: TOTALS_RULE, items };
  }

  @Put(':communeCode/:operator/:quarter')
  @RequirePermission('fibre:write')
  @ApiOperation({ summary: 'Record the figures of an operator in a commune and quarter' })
  @ApiOkResponse({ type: FibreDto, example: FIBRE_EXAMPLE })
  @ApiProblems(400, 409)
  async put(
    @CurrentActor() actor: Actor,
    @Param('communeCode') communeCode: string,
    @Param('operator') operatorCode: string,
    @Param('quarter') quarter: string,
    @Body() figures: FibreFiguresDto,
  ): Promise<FibreRow> {
    return this.fibre.put(actor, { ...figures, communeCode, operatorCode, quarter });
  }
}
