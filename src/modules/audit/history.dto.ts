import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsISO8601, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { AuditActorDto, AUDIT_ENTRY_EXAMPLE, AuditEntryDto } from './audit.dto.js';

export class HistoryQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 20, description: 'How many changes at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 20;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before', maxLength: 500 })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

export class FieldChangeDto {
  @ApiProperty({
    example: 'cells[HGI-VTL-0001-1].azimuthDeg',
    description: 'Members of lists are named by their code or id',
  })
  field: string;
  @ApiProperty({ nullable: true, example: 0, description: 'Null: was not there', type: Object })
  before: unknown;
  @ApiProperty({ nullable: true, example: 10, description: 'Null: is not there any more', type: Object })
  after: unknown;
}

/** One change of one thing with what differs. `at` is exact to the microsecond. */
export class HistoryEntryDto extends OmitType(AuditEntryDto, ['at', 'resource', 'resourceId'] as const) {
  @ApiProperty({ example: '2026-02-01T07:30:00.123456Z', format: 'date-time' }) at: string;
  @ApiProperty({ type: [FieldChangeDto] }) changes: FieldChangeDto[];
}
const { resource: _resource, resourceId: _resourceId, ...entry } = AUDIT_ENTRY_EXAMPLE;
export const HISTORY_ENTRY_EXAMPLE = {
  ...entry,
  at: '2026-02-01T07:30:00.123456Z',
  changes: [{ field: 'heightM', before: 42, after: 45 }],
};

export class AsOfQuery {
  @ApiProperty({
    example: '2026-02-01T00:00:00+07:00',
    description: 'A moment; a change at just that moment counts',
  })
  @IsISO8601({ strict: true, strictSeparator: true })
  time: string;
}

/** A thing as it was at a moment, and the change that made it so. */
export class AsOfDto {
  @ApiProperty({ example: 'site' }) resource: string;
  @ApiProperty({ example: 'b5b6a1f2-7d3e-4d8f-8b0a-2f6f6a0b9c11' }) resourceId: string;
  @ApiProperty({ example: '2026-02-01T07:30:00.123456Z', format: 'date-time', description: 'So since then' })
  since: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    example: null,
    description: 'So until then; null: still so',
  })
  until: string | null;
  @ApiProperty({ example: '4711', description: 'The change that made it so' }) entryId: string;
  @ApiProperty({ type: AuditActorDto }) actor: AuditActorDto;
  @ApiProperty({ type: String, nullable: true, example: null }) reason: string | null;
  @ApiProperty({ type: String, nullable: true, example: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11' })
  correlationId: string | null;
  @ApiProperty({ type: Object, example: { code: 'HGI-VTL-0001', heightM: 45 } }) state: object;
}
export const AS_OF_EXAMPLE = {
  resource: 'site',
  resourceId: 'b5b6a1f2-7d3e-4d8f-8b0a-2f6f6a0b9c11',
  since: '2026-02-01T07:30:00.123456Z',
  until: null,
  entryId: '4711',
  actor: AUDIT_ENTRY_EXAMPLE.actor,
  reason: null,
  correlationId: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11',
  state: { code: 'HGI-VTL-0001', heightM: 45 },
};
