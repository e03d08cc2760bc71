import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { CurrentActor, RequirePermission, type Actor } from '../../identity/index.js';
import { RunDto } from '../coverage.dto.js';
import { QUEUED_RUN_EXAMPLE } from '../coverage.examples.js';
import { CoverageService } from '../coverage.service.js';
import type { CoverageRun } from '../coverage.types.js';
import {
  AgainDto,
  HISTOGRAM_EXAMPLE,
  HistogramDto,
  HistogramsQuery,
  MAXIMUM_OPERATOR_EXAMPLE,
  MaximumOperatorDto,
  MaximumOperatorQuery,
} from './figures.dto.js';
import { HistogramsReader, type Histogram, type MaximumOperator } from './histograms.reader.js';
import { ApiAnswer, type Answer } from './provenance.js';

/** Figures of runs by unit beside what is covered: how many serve, and who serves most. */
@ApiTags('coverage')
@Controller('coverage/runs')
export class RunFiguresController {
  constructor(
    private readonly reader: HistogramsReader,
    private readonly coverage: CoverageService,
  ) {}

  @Get(':id/histograms')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'How much of each unit is served by no, one, two … operators, and by how many sites',
  })
  @ApiAnswer(HistogramDto, HISTOGRAM_EXAMPLE)
  @ApiProblems(400, 404, 409)
  async histograms(
    @Param('id') id: string,
    @Query() { limit, cursor, counted, ...filter }: HistogramsQuery,
  ): Promise<Answer<Histogram>> {
    return this.reader.histograms(id, counted, filter, { limit, cursor });
  }

  @Get(':id/maximum-operator')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary:
      'The largest single operator of each unit and technology and its share of the people (SDG 9.c.1)',
  })
  @ApiAnswer(MaximumOperatorDto, MAXIMUM_OPERATOR_EXAMPLE)
  @ApiProblems(400, 404, 409)
  async maximumOperators(
    @Param('id') id: string,
    @Query() { limit, cursor, ...filter }: MaximumOperatorQuery,
  ): Promise<Answer<MaximumOperator>> {
    return this.reader.maximumOperators(id, filter, { limit, cursor });
  }

  @Post(':id/again')
  @HttpCode(202)
  @RequirePermission('coverage:run')
  @ApiOperation({
    summary: 'Reckon the same question under the units of another day',
    description:
      'Network day, resolution, views, models and thresholds stay as they are. The grid is cut anew by the units of that day, so that figures before and after a reform of units are both exact.',
  })
  @ApiAcceptedResponse({ type: RunDto, example: QUEUED_RUN_EXAMPLE })
  @ApiProblems(400, 404)
  async again(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() { boundaryDate, title }: AgainDto,
  ): Promise<CoverageRun> {
    return this.coverage.startAgain(actor, id, boundaryDate, title);
  }
}
