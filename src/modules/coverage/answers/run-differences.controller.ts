import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { RequirePermission } from '../../identity/index.js';
import {
  CHANGED_CELLS_EXAMPLE,
  ChangedCellsDto,
  ChangedCellsQuery,
  DIFFERENCES_EXAMPLE,
  DifferencesDto,
  DifferencesQuery,
} from './differences.dto.js';
import { DifferencesReader, type ChangedCells, type Differences } from './differences.reader.js';

/** What changed from an earlier run to a run. */
@ApiTags('coverage')
@Controller('coverage/runs')
export class RunDifferencesController {
  constructor(private readonly reader: DifferencesReader) {}

  @Get(':id/differences')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary:
      'What a run gained and lost since another one by unit, how levels changed, and what differs in how they came about',
  })
  @ApiOkResponse({ type: DifferencesDto, example: DIFFERENCES_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async differences(
    @Param('id') id: string,
    @Query() { since, ...request }: DifferencesQuery,
  ): Promise<Differences> {
    return this.reader.differences(id, since, request);
  }

  @Get(':id/differences/cells')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'Cells of the grid that are covered in one of two runs only, as GeoJSON' })
  @ApiOkResponse({ type: ChangedCellsDto, example: CHANGED_CELLS_EXAMPLE })
  @ApiProblems(400, 404, 409)
  async cells(
    @Param('id') id: string,
    @Query() { since, limit, cursor, ...request }: ChangedCellsQuery,
  ): Promise<ChangedCells> {
    return this.reader.cells(id, since, request, { limit, cursor });
  }
}
