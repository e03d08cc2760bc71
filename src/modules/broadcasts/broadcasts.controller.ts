import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { type Actor, CurrentActor, RequirePermission } from '../identity/index.js';
import { AnnounceDto, BroadcastQuery, DeliveryQuery } from './broadcast.dto.js';
import {
  BROADCAST_EXAMPLE,
  BroadcastDto,
  DELIVERY_EXAMPLE,
  DeliveryDto,
  deliveryDto,
} from './broadcast-views.dto.js';
import { BroadcastReader } from './broadcast.reader.js';
import { BroadcastService } from './broadcast.service.js';

const ID = { name: 'id', format: 'uuid', example: BROADCAST_EXAMPLE.id };

@ApiTags('broadcasts')
@Controller('broadcasts')
export class BroadcastsController {
  constructor(
    private readonly broadcasts: BroadcastService,
    private readonly reader: BroadcastReader,
  ) {}

  @Post()
  @RequirePermission('broadcasts:write')
  @ApiOperation({
    summary: 'Announce, at once or at a time',
    description:
      'Nothing is heard in the quiet hours of a cluster (409 QUIET_HOURS); EMERGENCY alone passes, with the permission broadcasts:emergency and a reason. What the clusters make of it is in the counts, as they tell it.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Of your choice, 8 to 100 characters. The same request with the same key within 24 h is answered as the first was, and nothing is played twice; another request with it is refused (422).',
    example: '3f0b7a52-6c1e-4d2f-9a51-0c8e2d7b4f10',
  })
  @ApiCreatedResponse({ type: BroadcastDto, example: BROADCAST_EXAMPLE })
  @ApiProblems(400, 409, 422)
  announce(
    @CurrentActor() actor: Actor,
    @Body() body: AnnounceDto,
    @Headers('idempotency-key') key?: string,
  ): Promise<BroadcastDto> {
    return key === undefined
      ? this.broadcasts.announce(actor, body)
      : this.broadcasts.announceOnce(actor, body, key);
  }

  @Get()
  @RequirePermission('broadcasts:read')
  @ApiOperation({ summary: 'Broadcasts with their counts, newest first' })
  @ApiPage(BroadcastDto, BROADCAST_EXAMPLE)
  @ApiProblems(400)
  list(@Query() query: BroadcastQuery): Promise<Page<BroadcastDto>> {
    return this.reader.list(query);
  }

  @Get(':id')
  @RequirePermission('broadcasts:read')
  @ApiOperation({ summary: 'A broadcast, with what its clusters have said so far' })
  @ApiParam(ID)
  @ApiOkResponse({ type: BroadcastDto, example: BROADCAST_EXAMPLE })
  @ApiProblems(404)
  get(@Param('id') id: string): Promise<BroadcastDto> {
    return this.reader.get(id);
  }

  @Get(':id/deliveries')
  @RequirePermission('broadcasts:read')
  @ApiOperation({ summary: 'What became of a broadcast at each cluster' })
  @ApiParam(ID)
  @ApiPage(DeliveryDto, DELIVERY_EXAMPLE)
  @ApiProblems(400, 404)
  async deliveries(@Param('id') id: string, @Query() query: DeliveryQuery): Promise<Page<DeliveryDto>> {
    const page = await this.reader.deliveries(id, query);
    return { ...page, items: page.items.map(deliveryDto) };
  }

  @Post(':id/stop')
  @HttpCode(200)
  @RequirePermission('broadcasts:write')
  @ApiOperation({
    summary: 'Stop a broadcast everywhere',
    description:
      'Clusters that may still play it are told to stop, and plans lose it. A delivery is CANCELLED when its cluster says so, or when nothing had left the server.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: BroadcastDto, example: { ...BROADCAST_EXAMPLE, state: 'STOPPED' } })
  @ApiProblems(404)
  stop(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<BroadcastDto> {
    return this.broadcasts.stop(actor, id);
  }
}
