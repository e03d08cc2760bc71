import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import {
  AS_OF_EXAMPLE,
  AsOfDto,
  AsOfQuery,
  HISTORY_ENTRY_EXAMPLE,
  HistoryEntryDto,
  HistoryQuery,
} from './history.dto.js';
import { HistoryReader } from './history.reader.js';
import { assertMayRead } from './who-may-read.js';

const RESOURCE = {
  name: 'resource',
  example: 'site',
  description: 'site, area, fibre, cluster, operator, …',
};
const ID = { name: 'id', example: 'b5b6a1f2-7d3e-4d8f-8b0a-2f6f6a0b9c11' };

@ApiTags('history')
@Controller('history')
export class HistoryController {
  constructor(private readonly history: HistoryReader) {}

  @Get(':resource/:id')
  @RequirePermission('history:read')
  @ApiOperation({
    summary: 'Every change of one thing, field by field, with who, when and why; newest first',
  })
  @ApiParam(RESOURCE)
  @ApiParam(ID)
  @ApiPage(HistoryEntryDto, HISTORY_ENTRY_EXAMPLE)
  @ApiProblems(400, 404)
  async list(
    @CurrentActor() actor: Actor,
    @Param('resource') resource: string,
    @Param('id') id: string,
    @Query() query: HistoryQuery,
  ): Promise<Page<HistoryEntryDto>> {
    assertMayRead(actor, resource);
    return this.history.list(resource, id, query);
  }

  @Get(':resource/:id/at')
  @RequirePermission('history:read')
  @ApiOperation({ summary: 'One thing as it was at a moment' })
  @ApiParam(RESOURCE)
  @ApiParam(ID)
  @ApiOkResponse({ type: AsOfDto, example: AS_OF_EXAMPLE })
  @ApiProblems(400, 404)
  async at(
    @CurrentActor() actor: Actor,
    @Param('resource') resource: string,
    @Param('id') id: string,
    @Query() { time }: AsOfQuery,
  ): Promise<AsOfDto> {
    assertMayRead(actor, resource);
    return this.history.at(resource, id, time);
  }
}
