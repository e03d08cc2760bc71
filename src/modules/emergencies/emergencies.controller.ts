import { Body, Controller, Get, HttpCode, type MessageEvent, Param, Post, Query, Sse } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Observable } from 'rxjs';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { type Actor, CurrentActor, RequirePermission } from '../identity/index.js';
import { ConfirmDto, EmergencyQuery, PrepareAllClearDto, PrepareDto } from './emergency.dto.js';
import { AIRED_EXAMPLE, EMERGENCY_EXAMPLE, EmergencyDto, PreparedDto } from './emergency-views.dto.js';
import { EmergencyReader } from './emergency.reader.js';
import { EmergencyService } from './emergency.service.js';
import { LiveEmergencies } from './live-counts.js';
import { notAired } from './problems.js';

const ID = { name: 'id', format: 'uuid', example: EMERGENCY_EXAMPLE.id };
const PREPARED_EXAMPLE = { emergency: EMERGENCY_EXAMPLE, confirmationCode: '042137' };
const LIVE_EXAMPLE =
  'event: snapshot\ndata: {"total":12,"reached":11,"started":9,"finished":0,"failed":0,"settled":false,"silent":[{"clusterId":"hgi-vt-0007","name":"Cụm loa ấp 4","reason":"OFFLINE","alarms":[],"lastSeenAt":"2026-10-02T05:11:40.000Z"}]}\n\nevent: delta\ndata: {"started":11}\n\n';

@ApiTags('emergencies')
@Controller('emergencies')
export class EmergenciesController {
  constructor(
    private readonly emergencies: EmergencyService,
    private readonly reader: EmergencyReader,
    private readonly live: LiveEmergencies,
  ) {}

  @Post()
  @RequirePermission('broadcasts:emergency')
  @ApiOperation({
    summary: 'Prepare an emergency; nothing is heard yet',
    description:
      'Answers with whom it will reach, and a code by which this person or another airs it within five minutes.',
  })
  @ApiCreatedResponse({ type: PreparedDto, example: PREPARED_EXAMPLE })
  @ApiProblems(400)
  prepare(@CurrentActor() actor: Actor, @Body() body: PrepareDto): Promise<PreparedDto> {
    return this.emergencies.prepare(actor, body);
  }

  @Get()
  @RequirePermission('broadcasts:read')
  @ApiOperation({ summary: 'Emergencies, drills and all-clears, newest first' })
  @ApiPage(EmergencyDto, AIRED_EXAMPLE)
  @ApiProblems(400)
  list(@Query() query: EmergencyQuery): Promise<Page<EmergencyDto>> {
    return this.reader.list(query);
  }

  @Get(':id')
  @RequirePermission('broadcasts:read')
  @ApiOperation({ summary: 'An emergency; what its clusters made of it is with its broadcast' })
  @ApiParam(ID)
  @ApiOkResponse({ type: EmergencyDto, example: AIRED_EXAMPLE })
  @ApiProblems(404)
  get(@Param('id') id: string): Promise<EmergencyDto> {
    return this.reader.get(id);
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @RequirePermission('broadcasts:emergency')
  @ApiOperation({
    summary: 'Air it, at once',
    description:
      'Repeated, it answers the same and airs nothing more. 409 when it has expired, or when the clusters addressed are not those that were shown; a drill also in quiet hours.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: EmergencyDto, example: AIRED_EXAMPLE })
  @ApiProblems(400, 404, 409)
  confirm(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() { confirmationCode }: ConfirmDto,
  ): Promise<EmergencyDto> {
    return this.emergencies.confirm(actor, id, confirmationCode);
  }

  @Post(':id/stop')
  @HttpCode(200)
  @RequirePermission('broadcasts:emergency')
  @ApiOperation({ summary: 'Stop it at every cluster' })
  @ApiParam(ID)
  @ApiOkResponse({ type: EmergencyDto, example: { ...AIRED_EXAMPLE, state: 'STOPPED' } })
  @ApiProblems(404, 409)
  stop(@CurrentActor() actor: Actor, @Param('id') id: string): Promise<EmergencyDto> {
    return this.emergencies.stop(actor, id);
  }

  @Post(':id/all-clear')
  @RequirePermission('broadcasts:emergency')
  @ApiOperation({
    summary: 'Prepare the end of a warning, for whom it was for',
    description: 'To be confirmed like any emergency; then what is still heard of the warning is stopped.',
  })
  @ApiParam(ID)
  @ApiCreatedResponse({
    type: PreparedDto,
    example: {
      ...PREPARED_EXAMPLE,
      emergency: {
        ...EMERGENCY_EXAMPLE,
        id: '7a1d9f52-0f6e-4c11-9a3d-4f2b8c6e1d05',
        kind: 'ALL_CLEAR',
        title: 'Hết cảnh báo: Bão cấp độ 4',
        aboutId: EMERGENCY_EXAMPLE.id,
      },
    },
  })
  @ApiProblems(400, 404, 409)
  allClear(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Body() body: PrepareAllClearDto,
  ): Promise<PreparedDto> {
    return this.emergencies.prepareAllClear(actor, id, body);
  }

  @Sse(':id/live')
  @RequirePermission('broadcasts:read')
  @ApiOperation({
    summary: 'What becomes of it, while it happens (server-sent events)',
    description:
      'First `snapshot` with all figures, then `delta` with those that have changed, at most four a second; `heartbeat` when there is nothing to say for 15 s; `end` when nothing more is expected of any cluster. `silent` names those of whom no word has come, with what is known of them.',
  })
  @ApiParam(ID)
  @ApiOkResponse({
    description: 'Until it is settled',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: LIVE_EXAMPLE } },
  })
  @ApiProblems(404, 409)
  async watch(@Param('id') id: string): Promise<Observable<MessageEvent>> {
    const { broadcastId } = await this.reader.get(id);
    if (broadcastId === null) throw notAired();
    return this.live.watch(id);
  }
}
