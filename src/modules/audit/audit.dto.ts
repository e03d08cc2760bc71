import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../../common/http/page.js';

export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'user', description: 'The kind of thing that was changed', maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  resource?: string;

  @ApiPropertyOptional({ example: '7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11', maxLength: 200 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  resourceId?: string;

  @ApiPropertyOptional({ description: 'Id of the user, API key or cluster that did it', maxLength: 200 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  actorId?: string;

  @ApiPropertyOptional({ example: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11', maxLength: 200 })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  correlationId?: string;

  @ApiPropertyOptional({ example: '2026-02-01T00:00:00+07:00', description: 'This instant and later' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  from?: string;

  @ApiPropertyOptional({ example: '2026-03-01T00:00:00+07:00', description: 'Before this instant' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  to?: string;
}

export const ACTOR_KINDS = ['user', 'api-key', 'device', 'system'] as const;
export const ACTIONS = ['create', 'update', 'delete'] as const;

export class AuditActorDto {
  @ApiProperty({ enum: ACTOR_KINDS, example: 'user' }) kind: (typeof ACTOR_KINDS)[number];
  @ApiProperty({ example: '7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11' }) id: string;
  @ApiProperty({ example: 'admin' }) name: string;
}

/** One change of one thing. */
export class AuditEntryDto {
  @ApiProperty({ example: '4711' }) id: string;
  @ApiProperty({ example: '2026-02-01T07:30:00.000Z', format: 'date-time' }) at: Date;
  @ApiProperty({ type: AuditActorDto }) actor: AuditActorDto;
  @ApiProperty({ type: String, nullable: true, example: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11' })
  correlationId: string | null;
  @ApiProperty({ example: 'site' }) resource: string;
  @ApiProperty({ example: 'b5b6a1f2-7d3e-4d8f-8b0a-2f6f6a0b9c11' }) resourceId: string;
  @ApiProperty({ enum: ACTIONS, example: 'update' }) action: (typeof ACTIONS)[number];
  @ApiProperty({ type: Object, nullable: true, example: { heightM: 42 } }) before: object | null;
  @ApiProperty({ type: Object, nullable: true, example: { heightM: 45 } }) after: object | null;
  @ApiProperty({ type: String, nullable: true, example: null }) reason: string | null;
}
export const AUDIT_ENTRY_EXAMPLE = {
  id: '4711',
  at: '2026-02-01T07:30:00.000Z',
  actor: { kind: 'user', id: '7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11', name: 'admin' },
  correlationId: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11',
  resource: 'site',
  resourceId: 'b5b6a1f2-7d3e-4d8f-8b0a-2f6f6a0b9c11',
  action: 'update',
  before: { heightM: 42 },
  after: { heightM: 45 },
  reason: null,
};
