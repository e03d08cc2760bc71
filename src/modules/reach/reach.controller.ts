import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { parseBbox } from '../../geo/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { ReachAnswers, type CellsPage, type PlaceAnswer } from './reach-answers.js';
import {
  NewReachRunDto,
  ReachCellsQuery,
  ReachFiguresQuery,
  ReachPlaceQuery,
  ReachRunsQuery,
  SilentSpotsQuery,
} from './reach-request.dto.js';
import type { SilentSpotView, UnitFigure } from './reach-views.js';
import {
  ReachCellsDto,
  ReachFigureDto,
  ReachPlaceDto,
  ReachRunDto,
  ReachRunSummaryDto,
  SilentSpotDto,
} from './reach.dto.js';
import {
  CELLS_EXAMPLE,
  FIGURE_EXAMPLE,
  PLACE_EXAMPLE,
  QUEUED_RUN_EXAMPLE,
  RUN_EXAMPLE,
  RUN_SUMMARY_EXAMPLE,
  SILENT_SPOT_EXAMPLE,
} from './reach.examples.js';
import { ReachRunsReader } from './reach-runs.reader.js';
import { ReachService } from './reach.service.js';
import type { ReachRun, ReachRunSummary } from './reach.types.js';

@ApiTags('reach')
@Controller('reach/runs')
export class ReachController {
  constructor(
    private readonly reach: ReachService,
    private readonly runs: ReachRunsReader,
    private readonly answers: ReachAnswers,
  ) {}

  @Post()
  @HttpCode(202)
  @RequirePermission('coverage:run')
  @ApiOperation({
    summary: 'Reckon in the background who can hear the loudspeakers; ask for the run to see how far it is',
  })
  @ApiAcceptedResponse({ type: ReachRunDto, example: QUEUED_RUN_EXAMPLE })
  @ApiProblems(400)
  async start(@CurrentActor() actor: Actor, @Body() body: NewReachRunDto): Promise<ReachRun> {
    return this.reach.start(actor, body);
  }

  @Get()
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Runs of who can hear the loudspeakers, newest first' })
  @ApiPage(ReachRunSummaryDto, RUN_SUMMARY_EXAMPLE)
  @ApiProblems(400)
  async list(@Query() { state, ...page }: ReachRunsQuery): Promise<Page<ReachRunSummary>> {
    return this.runs.list(state, page);
  }

  @Get(':id')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'One run: its state, what was asked, how it came about, and its warnings' })
  @ApiOkResponse({ type: ReachRunDto, example: RUN_EXAMPLE })
  @ApiProblems(404)
  async one(@Param('id') id: string): Promise<ReachRun> {
    return this.runs.get(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('coverage:run')
  @ApiOperation({ summary: 'Cancel a run that has not ended' })
  @ApiOkResponse({ type: ReachRunDto, example: { ...QUEUED_RUN_EXAMPLE, state: 'cancelled' } })
  @ApiProblems(404, 409)
  async cancel(@Param('id') id: string): Promise<ReachRun> {
    return this.reach.cancel(id);
  }

  @Get(':id/figures')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Ground, people and households within earshot by unit, by day and by night' })
  @ApiPage(ReachFigureDto, FIGURE_EXAMPLE)
  @ApiProblems(400, 404, 409)
  async figures(
    @Param('id') id: string,
    @Query() { by, area, period, ...page }: ReachFiguresQuery,
  ): Promise<Page<UnitFigure>> {
    return this.answers.figures(id, { by, area, period }, page);
  }

  @Get(':id/silent-spots')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'Connected ground where people live and hear no cluster, those with most people first',
  })
  @ApiPage(SilentSpotDto, SILENT_SPOT_EXAMPLE)
  @ApiProblems(400, 404, 409)
  async silentSpots(
    @Param('id') id: string,
    @Query() { area, period, ...page }: SilentSpotsQuery,
  ): Promise<Page<SilentSpotView>> {
    return this.answers.silentSpots(id, { area, period }, page);
  }

  @Get(':id/cells')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Cells of the grid in a box as GeoJSON, with the level of the loudest cluster' })
  @ApiOkResponse({ type: ReachCellsDto, example: CELLS_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async cells(
    @Param('id') id: string,
    @Query() { bbox, period, ...page }: ReachCellsQuery,
  ): Promise<CellsPage> {
    const box = parseBbox(bbox);
    if (!box.ok) throw Problem.invalidField('bbox', box.code, { en: box.messageEn, vi: box.messageVi });
    return this.answers.cells(id, box.bbox, period, page);
  }

  @Get(':id/at')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'Why a place hears what it hears: the clusters about it, and what takes their sound away',
  })
  @ApiOkResponse({ type: ReachPlaceDto, example: PLACE_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async at(@Param('id') id: string, @Query() { lon, lat }: ReachPlaceQuery): Promise<PlaceAnswer> {
    return this.answers.explain(id, lon, lat);
  }
}
