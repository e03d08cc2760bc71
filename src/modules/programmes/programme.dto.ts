import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { ON_INTERRUPT, ON_OVERRUN, type OnInterrupt, type OnOverrun } from '../../contract/index.js';
import { TargetDto } from '../broadcasts/index.js';
import { ITEM_KINDS, type GivenItem } from './domain/items.js';
import { PROGRAMME_STATES, type ProgrammeState } from './domain/life-cycle.js';
import type { Schedule, ScheduleOverride } from './domain/schedule.js';
import { PROGRAMME_CLASSES, type ProgrammeClass } from './programme.types.js';

const LOCAL_TIME = { example: '2027-03-01T05:30:00', maxLength: 19 } as const;

export class ProgrammeItemDto implements GivenItem {
  @ApiProperty({ enum: ITEM_KINDS, example: 'audio' })
  @IsIn(ITEM_KINDS)
  kind: GivenItem['kind'];

  @ApiPropertyOptional({
    description: 'audio: the file',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/)
  sha256?: string;

  @ApiPropertyOptional({ description: 'speech: what is said', maxLength: 10_000 })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(10_000)
  text?: string;

  @ApiPropertyOptional({ description: 'speech: the voice', maxLength: 50 })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(50)
  voice?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'speech: how fast', minimum: 80, maximum: 300 })
  @IsOptional()
  @IsInt()
  @Min(80)
  @Max(300)
  wordsPerMinute?: number;

  @ApiPropertyOptional({ description: 'pause: seconds', minimum: 0.1, maximum: 300 })
  @IsOptional()
  @IsNumber()
  @Min(0.1)
  @Max(300)
  durationS?: number;
}

export class ScheduleOverrideDto implements ScheduleOverride {
  @ApiProperty({ ...LOCAL_TIME, description: 'Which occurrence: when it would begin' })
  @IsString()
  @MaxLength(19)
  recurrenceId: string;

  @ApiProperty({ ...LOCAL_TIME, description: 'When it begins instead' })
  @IsString()
  @MaxLength(19)
  startsAt: string;
}

/** Local times of Asia/Ho_Chi_Minh. */
export class ScheduleDto implements Schedule {
  @ApiProperty({ ...LOCAL_TIME, description: 'The first occurrence' })
  @IsString()
  @MaxLength(19)
  startsAt: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Value of an RRULE of RFC 5545; null: once',
    example: 'FREQ=WEEKLY;BYDAY=MO,WE,FR',
    maxLength: 500,
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  rrule: string | null = null;

  @ApiPropertyOptional({ type: [String], description: 'Occurrences that are left out', maxItems: 1000 })
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @MaxLength(19, { each: true })
  exdates: string[] = [];

  @ApiPropertyOptional({ type: [ScheduleOverrideDto], maxItems: 500 })
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => ScheduleOverrideDto)
  overrides: ScheduleOverrideDto[] = [];
}

class ProgrammeContentDto {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Bản tin sáng xã Vị Tân' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  title: string;

  @ApiPropertyOptional({ enum: PROGRAMME_CLASSES, default: 'NORMAL' })
  @IsOptional()
  @IsIn(PROGRAMME_CLASSES)
  class?: ProgrammeClass;

  @ApiPropertyOptional({
    type: TargetDto,
    nullable: true,
    description: 'Within the unit of the programme; null: not said yet',
    example: { all: true },
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TargetDto)
  target?: TargetDto | null;

  @ApiPropertyOptional({ type: [ProgrammeItemDto], maxItems: 100, description: 'Played one after another' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ProgrammeItemDto)
  items?: ProgrammeItemDto[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 100,
    nullable: true,
    description: "Null: each cluster's own volume; a cluster's cap holds",
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  volumePercent?: number | null;

  @ApiPropertyOptional({ enum: ON_INTERRUPT, default: 'RESUME' })
  @IsOptional()
  @IsIn(ON_INTERRUPT)
  onInterrupt?: OnInterrupt;

  @ApiPropertyOptional({
    enum: ON_OVERRUN,
    default: 'FINISH',
    description:
      'Where another of its class begins before it is over: end here, go on while the other waits as long as it may, or go on and let the other have its time afterwards; told with conflicts',
  })
  @IsOptional()
  @IsIn(ON_OVERRUN)
  onOverrun?: OnOverrun;

  @ApiPropertyOptional({ type: ScheduleDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ScheduleDto)
  schedule?: ScheduleDto | null;
}

export class NewProgrammeDto extends ProgrammeContentDto {
  @ApiPropertyOptional({
    maxLength: 60,
    description: 'The unit whose programme it is, by code or id; default: your own',
    example: '31318',
  })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  area?: string;

  @ApiPropertyOptional({ default: false, description: 'Is copied, never played itself' })
  @IsOptional()
  @IsBoolean()
  isTemplate?: boolean;
}

export class VersionDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'The version that this is based on: refused when somebody changed it meanwhile',
    example: 3,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_000_000_000)
  version?: number;
}

/** What is left out stays as it is. */
export class EditProgrammeDto extends PartialType(ProgrammeContentDto) {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'The version that this is based on',
    example: 3,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_000_000_000)
  version?: number;
}

export class CopyProgrammeDto {
  @ApiPropertyOptional({ maxLength: 200, description: 'Default: that of the original' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  title?: string;

  @ApiPropertyOptional({ default: false, description: 'Make a template of it' })
  @IsOptional()
  @IsBoolean()
  isTemplate?: boolean;
}

export class ApproveDto {
  @ApiProperty({
    description: 'The contentHash of what you have looked at',
    example: 'c1d2e3f4a5b60718293a4b5c6d7e8f90112233445566778899aabbccddeeff00',
  })
  @Matches(/^[0-9a-f]{64}$/)
  contentHash: string;
}

export class RejectDto {
  @ApiProperty({ minLength: 1, maxLength: 500, example: 'Sai giờ phát' })
  @IsString()
  @MinLength(1)
  @MaxLength(500)
  reason: string;
}

export class CancelDto {
  @ApiPropertyOptional({ maxLength: 500, example: 'Hoãn đến tháng sau' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

export class ProgrammeQuery extends PageQuery {
  @ApiPropertyOptional({ enum: PROGRAMME_STATES })
  @IsOptional()
  @IsIn(PROGRAMME_STATES)
  state?: ProgrammeState;

  @ApiPropertyOptional({ enum: PROGRAMME_CLASSES })
  @IsOptional()
  @IsIn(PROGRAMME_CLASSES)
  class?: ProgrammeClass;

  @ApiPropertyOptional({ maxLength: 60, description: 'A unit by code or id, with all below it' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  area?: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Templates only, or none' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  isTemplate?: boolean;

  @ApiPropertyOptional({ maxLength: 100, description: 'Part of the title' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;
}
