import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../../common/http/api-docs.js';
import { CurrentActor, RequirePermission, type Actor } from '../identity/index.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeFeedQuery, CHANGES_EXAMPLE, ChangesDto } from './change-feed.dto.js';
import { assertMayRead, readableResources } from './who-may-read.js';

@ApiTags('history')
@Controller('changes')
export class ChangeFeedController {
  constructor(private readonly feed: ChangeFeed) {}

  @Get()
  @RequirePermission('history:read')
  @ApiOperation({
    summary: 'Every change since a cursor, none missing and none twice; waits for the next one if asked to',
  })
  @ApiOkResponse({ type: ChangesDto, example: CHANGES_EXAMPLE })
  @ApiProblems(400)
  async changes(
    @CurrentActor() actor: Actor,
    @Query() { resource, ...query }: ChangeFeedQuery,
    @Req() request: FastifyRequest,
  ): Promise<ChangesDto> {
    if (resource !== undefined) assertMayRead(actor, resource);
    const resources = resource === undefined ? readableResources(actor) : [resource];
    const gone = new AbortController();
    const leave = () => gone.abort();
    request.raw.socket.once('close', leave);
    try {
      return await this.feed.read({ ...query, resources }, gone.signal);
    } finally {
      request.raw.socket.off('close', leave);
    }
  }
}
