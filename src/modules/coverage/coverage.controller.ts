import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { parseBbox, type Bbox } from '../../geo/index.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { CellsReader, type CellsPage } from './cells.reader.js';
import {
  CellsQuery,
  FiguresQuery,
  NewRunDto,
  PlaceViewQuery,
  RunsQuery,
  ViewQuery,
} from './coverage-request.dto.js';
import { CellExplanationDto, CellsDto, FigureDto, RunDto, RunSummaryDto } from './coverage.dto.js';
import {
  CELL_EXPLANATION_EXAMPLE,
  CELLS_EXAMPLE,
  FIGURE_EXAMPLE,
  QUEUED_RUN_EXAMPLE,
  RUN_EXAMPLE,
  RUN_SUMMARY_EXAMPLE,
} from './coverage.examples.js';
import { CoverageService } from './coverage.service.js';
import type { CellExplanation, CoverageFigure, CoverageRun, CoverageRunSummary } from './coverage.types.js';
import { FiguresReader } from './figures.reader.js';
import { MapReader } from './map.reader.js';
import { RunsReader } from './runs.reader.js';

@ApiTags('coverage')
@Controller('coverage/runs')
export class CoverageController {
  constructor(
    private readonly coverage: CoverageService,
    private readonly runs: RunsReader,
    private readonly figures: FiguresReader,
    private readonly cells: CellsReader,
    private readonly maps: MapReader,
  ) {}

  @Post()
  @HttpCode(202)
  @RequirePermission('coverage:run')
  @ApiOperation({ summary: 'Reckon coverage in the background; ask for the run to see how far it is' })
  @ApiAcceptedResponse({ type: RunDto, example: QUEUED_RUN_EXAMPLE })
  @ApiProblems(400)
  async start(@CurrentActor() actor: Actor, @Body() body: NewRunDto): Promise<CoverageRun> {
    return this.coverage.start(actor, body);
  }

  @Get()
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Coverage runs, newest first' })
  @ApiPage(RunSummaryDto, RUN_SUMMARY_EXAMPLE)
  @ApiProblems(400)
  async list(@Query() { state, ...page }: RunsQuery): Promise<Page<CoverageRunSummary>> {
    return this.runs.list({ state }, page);
  }

  @Get(':id')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'One run: its state, what was asked, how it came about, and its warnings' })
  @ApiOkResponse({ type: RunDto, example: RUN_EXAMPLE })
  @ApiProblems(404)
  async one(@Param('id') id: string): Promise<CoverageRun> {
    return this.runs.get(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @RequirePermission('coverage:run')
  @ApiOperation({ summary: 'Cancel a run that has not ended' })
  @ApiOkResponse({ type: RunDto, example: { ...QUEUED_RUN_EXAMPLE, state: 'cancelled' } })
  @ApiProblems(404, 409)
  async cancel(@Param('id') id: string): Promise<CoverageRun> {
    return this.coverage.cancel(id);
  }

  @Get(':id/figures')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'What is covered of each unit, by technology, operator, environment and probability at the edge',
  })
  @ApiPage(FigureDto, FIGURE_EXAMPLE)
  @ApiProblems(400, 404, 409)
  async figuresOf(
    @Param('id') id: string,
    @Query() { limit, cursor, area, ...filter }: FiguresQuery,
  ): Promise<Page<CoverageFigure>> {
    const run = await this.runs.getDone(id);
    return this.figures.list(run.id, { ...filter, areaCode: area }, { limit, cursor });
  }

  @Get(':id/cells')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Cells of the grid in a box as GeoJSON, with their best server' })
  @ApiOkResponse({ type: CellsDto, example: CELLS_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async cellsOf(
    @Param('id') id: string,
    @Query() { bbox, limit, cursor, ...view }: CellsQuery,
  ): Promise<CellsPage> {
    return this.cells.cells(id, boxOf(bbox), view, { limit, cursor });
  }

  @Get(':id/at')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'Why a place has its levels: each network’s best server there, and its link budget',
  })
  @ApiOkResponse({ type: CellExplanationDto, example: CELL_EXPLANATION_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async at(
    @Param('id') id: string,
    @Query() { lon, lat, ...view }: PlaceViewQuery,
  ): Promise<CellExplanation> {
    return this.cells.explain(id, lon, lat, view);
  }

  @Get(':id/map.svg')
  @RequirePermission('coverage:read')
  @Header('content-type', 'image/svg+xml; charset=utf-8')
  @ApiOperation({ summary: 'A map of one view as a picture that needs nothing beside itself' })
  @ApiOkResponse({
    content: {
      'image/svg+xml': {
        schema: { type: 'string' },
        example: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 830">…</svg>',
      },
    },
  })
  @ApiProblems(400, 404, 409)
  async map(@Param('id') id: string, @Query() view: ViewQuery): Promise<string> {
    return this.maps.svg(id, view);
  }
}

function boxOf(text: string): Bbox {
  const parsed = parseBbox(text);
  if (parsed.ok) return parsed.bbox;
  throw Problem.invalidField('bbox', parsed.code, { en: parsed.messageEn, vi: parsed.messageVi });
}
