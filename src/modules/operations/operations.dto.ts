import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { CLUSTER_ID_PATTERN } from '../../contract/index.js';

const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export class JobsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: JOB_STATES })
  @IsOptional()
  @IsIn(JOB_STATES)
  state?: (typeof JOB_STATES)[number];

  @ApiPropertyOptional({ example: 'coverage.run' })
  @IsOptional()
  @MaxLength(100)
  kind?: string;
}

export class JobDto {
  @ApiProperty({ example: '5c1f7f2e-7a52-4f0e-9c3b-0f6f1b3c2d10' }) id: string;
  @ApiProperty({ example: 'coverage.run' }) kind: string;
  @ApiProperty({ enum: JOB_STATES, example: 'running' }) state: string;
  @ApiProperty({ description: '0–1', example: 0.42 }) progress: number;
  @ApiProperty({ type: String, nullable: true, example: 'levels' }) progressNote: string | null;
  @ApiProperty({ example: 1 }) attempts: number;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Why it failed, or failed last' })
  error: string | null;
  @ApiProperty({ type: String, nullable: true, example: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11' })
  correlationId: string | null;
  @ApiProperty({ example: '2026-03-02T08:15:30.120Z' }) createdAt: Date;
  @ApiProperty({ example: '2026-03-02T08:15:30.120Z', description: 'When it is due' }) runAt: Date;
  @ApiProperty({ type: String, nullable: true, example: '2026-03-02T08:15:30.500Z' }) startedAt: Date | null;
  @ApiProperty({ type: String, nullable: true, example: null }) finishedAt: Date | null;
}

export class OutboxDto {
  @ApiProperty({ example: 3, description: 'Messages written and not yet handed to the broker' })
  waiting: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.4,
    description: 'Age of the oldest of them, seconds',
  })
  oldestS: number | null;
  @ApiProperty({ example: 0, description: 'Of them, tried and not confirmed by the broker' }) failing: number;
  @ApiProperty({ type: String, nullable: true, example: null }) lastError: string | null;
}

export class DeadLettersQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'hgi-31318-01' })
  @IsOptional()
  @Matches(CLUSTER_ID_PATTERN)
  clusterId?: string;
}

export class DeadLetterDto {
  @ApiProperty({ example: '17' }) id: string;
  @ApiProperty({ type: String, nullable: true, example: 'hgi-31318-01' }) clusterId: string | null;
  @ApiProperty({ example: 'phusong/v1/c/hgi-31318-01/ack' }) topic: string;
  @ApiProperty({ example: 'SCHEMA', description: 'What is wrong with it' }) code: string;
  @ApiProperty({ example: '/phase must be one of the phases' }) reason: string;
  @ApiProperty({ example: 12 }) payloadBytes: number;
  @ApiProperty({ example: 'eyJwaGFzZSI6Nn0=', description: 'Its first 4 KiB, base64' }) payload: string;
  @ApiProperty({ example: '2026-03-02T08:15:30.120Z' }) at: Date;
}
