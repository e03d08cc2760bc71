import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiPage, ApiProblems } from '../../common/http/api-docs.js';
import type { Page } from '../../common/http/page.js';
import { RequirePermission } from '../identity/index.js';
import { DeadLetterDto, DeadLettersQuery, JobDto, JobsQuery, OutboxDto } from './operations.dto.js';
import { OperationsReader } from './operations.reader.js';

const JOB = {
  id: '5c1f7f2e-7a52-4f0e-9c3b-0f6f1b3c2d10',
  kind: 'coverage.run',
  state: 'running',
  progress: 0.42,
  progressNote: 'levels',
  attempts: 1,
  error: null,
  correlationId: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11',
  createdAt: '2026-03-02T08:15:30.120Z',
  runAt: '2026-03-02T08:15:30.120Z',
  startedAt: '2026-03-02T08:15:30.500Z',
  finishedAt: null,
};
const DEAD_LETTER = {
  id: '17',
  clusterId: 'hgi-31318-01',
  topic: 'phusong/v1/c/hgi-31318-01/ack',
  code: 'SCHEMA',
  reason: '/phase must be one of the phases',
  payloadBytes: 12,
  payload: 'eyJwaGFzZSI6Nn0=',
  at: '2026-03-02T08:15:30.120Z',
};

@ApiTags('operations')
@Controller('operations')
export class OperationsController {
  constructor(private readonly reader: OperationsReader) {}

  @Get('jobs')
  @RequirePermission('operations:read')
  @ApiOperation({ summary: 'Background jobs, the newest first' })
  @ApiPage(JobDto, JOB)
  @ApiProblems(400)
  jobs(@Query() query: JobsQuery): Promise<Page<JobDto>> {
    return this.reader.jobs(query);
  }

  @Get('outbox')
  @RequirePermission('operations:read')
  @ApiOperation({ summary: 'Messages that wait to be handed to the broker' })
  @ApiOkResponse({ type: OutboxDto })
  outbox(): Promise<OutboxDto> {
    return this.reader.outbox();
  }

  @Get('dead-letters')
  @RequirePermission('operations:read')
  @ApiOperation({ summary: 'Messages that could not be read, the newest first' })
  @ApiPage(DeadLetterDto, DEAD_LETTER)
  @ApiProblems(400)
  deadLetters(@Query() query: DeadLettersQuery): Promise<Page<DeadLetterDto>> {
    return this.reader.deadLetters(query);
  }
}
