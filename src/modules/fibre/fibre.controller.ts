import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { AttributesService } from '../attributes/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { TOTALS_RULE } from './domain/totals.js';
import { dayOf, quarterOf } from './fibre-query.js';
import type { ListedFibre } from './fibre.reader.js';
import {
  FIBRE_TOTALS_EXAMPLE,
  FibreFiguresDto,
  FibreQuery,
  FibreTotalsDto,
  FibreTotalsQuery,
  LISTED_FIBRE_EXAMPLE,
  ListedFibreDto,
  STORED_FIBRE_EXAMPLE,
  StoredFibreDto,
} from './fibre.dto.js';
import { FibreReader } from './fibre.reader.js';
import { FibreService, type StoredFibre } from './fibre.service.js';
import { FibreTotalsReader } from './fibre-totals.reader.js';

@ApiTags('fibre')
@Controller('fibre')
export class FibreController {
  constructor(
    private readonly fibre: FibreService,
    private readonly reader: FibreReader,
    private readonly figures: FibreTotalsReader,
    private readonly attributes: AttributesService,
  ) {}

  @Get()
  @RequirePermission('fibre:read')
  @ApiOperation({ summary: 'Fibre figures by quarter, commune or hamlet, and operator' })
  @ApiPage(ListedFibreDto, LISTED_FIBRE_EXAMPLE)
  @ApiProblems(400, 404)
  async list(@Query() { attr, ...query }: FibreQuery): Promise<Page<ListedFibre>> {
    const attributes = await this.attributes.filters('fibre', attr);
    return this.reader.list({
      ...query,
      attributes,
      quarter: quarterOf(query.quarter),
      date: dayOf(query.date),
    });
  }

  @Get('totals')
  @RequirePermission('fibre:read')
  @ApiOperation({
    summary:
      'Fibre over all operators, as bounds, by province, district, commune or hamlet, under the units of a date',
  })
  @ApiOkResponse({ type: FibreTotalsDto, example: FIBRE_TOTALS_EXAMPLE })
  @ApiProblems(400, 404)
  async totals(@Query() { attr, ...query }: FibreTotalsQuery): Promise<FibreTotalsDto> {
    const { by, unit } = query;
    const attributes = await this.attributes.filters('fibre', attr);
    const date = dayOf(query.date);
    const quarter = quarterOf(query.quarter) ?? (await this.reader.latestQuarter());
    const rule = TOTALS_RULE;
    if (quarter === undefined) return { quarter: null, by, rule, basis: null, items: [] };
    return { quarter, by, rule, ...(await this.figures.totals({ quarter, by, unit, date, attributes })) };
  }

  @Put(':communeCode/:operator/:quarter')
  @RequirePermission('fibre:write')
  @ApiOperation({ summary: 'Record the figures of an operator in a commune and quarter' })
  @ApiOkResponse({ type: StoredFibreDto, example: STORED_FIBRE_EXAMPLE })
  @ApiProblems(400, 409)
  async put(
    @CurrentActor() actor: Actor,
    @Param('communeCode') communeCode: string,
    @Param('operator') operatorCode: string,
    @Param('quarter') quarter: string,
    @Body() figures: FibreFiguresDto,
  ): Promise<StoredFibre> {
    return this.fibre.put(actor, { ...figures, communeCode, operatorCode, quarter });
  }

  @Put('hamlets/:hamletCode/:operator/:quarter')
  @RequirePermission('fibre:write')
  @ApiOperation({ summary: 'Record the figures of an operator in a hamlet and quarter' })
  @ApiOkResponse({ type: StoredFibreDto, example: STORED_FIBRE_EXAMPLE })
  @ApiProblems(400, 409)
  async putHamlet(
    @CurrentActor() actor: Actor,
    @Param('hamletCode') hamletCode: string,
    @Param('operator') operatorCode: string,
    @Param('quarter') quarter: string,
    @Body() figures: FibreFiguresDto,
  ): Promise<StoredFibre> {
    return this.fibre.put(actor, { ...figures, hamletCode, operatorCode, quarter });
  }
}
