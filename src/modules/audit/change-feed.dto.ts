import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { AUDIT_ENTRY_EXAMPLE, AuditEntryDto } from './audit.dto.js';
import { FieldChangeDto } from './history.dto.js';

export class ChangeFeedQuery {
  @ApiPropertyOptional({
    description: '`cursor` of the answer before; left out: from the first change',
    maxLength: 200,
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  since?: string;

  @ApiPropertyOptional({ example: 'site', description: 'Only changes of this kind of thing', maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  resource?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 500, default: 100, description: 'How many changes at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  limit: number = 100;

  @ApiPropertyOptional({
    minimum: 0,
    maximum: 30,
    default: 0,
    description: 'How many seconds to wait for a change when there is none',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(30)
  waitS: number = 0;
}

/** A change of some thing with what differs. `at` is exact to the microsecond. */
export class ChangeDto extends OmitType(AuditEntryDto, ['at'] as const) {
  @ApiProperty({ example: '2026-02-01T07:30:00.123456Z', format: 'date-time' }) at: string;
  @ApiProperty({ type: [FieldChangeDto] }) changes: FieldChangeDto[];
}

export class ChangesDto {
  @ApiProperty({ type: [ChangeDto] }) items: ChangeDto[];
  @ApiProperty({ example: 'Y2hhbmdlIDQ3MTE', description: 'Ask with since=cursor for what comes after' })
  cursor: string;
  @ApiProperty({ example: false, description: 'There is more already' }) more: boolean;
}
export const CHANGES_EXAMPLE = {
  items: [
    {
      ...AUDIT_ENTRY_EXAMPLE,
      at: '2026-02-01T07:30:00.123456Z',
      changes: [{ field: 'heightM', before: 42, after: 45 }],
    },
  ],
  cursor: 'Y2hhbmdlIDQ3MTE',
  more: false,
};
