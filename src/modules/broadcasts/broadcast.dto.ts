import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDate,
  IsIn,
  IsInt,
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
import {
  BROADCAST_CLASSES,
  ON_INTERRUPT,
  ON_OVERRUN,
  type BroadcastClass,
  type OnInterrupt,
  type OnOverrun,
} from '../../contract/index.js';
import {
  BROADCAST_STATES,
  type Announcement,
  type AnnouncementTarget,
  type BroadcastState,
} from './broadcast.types.js';
import { DELIVERY_STATES, type DeliveryState } from './domain/delivery-state.js';

export class TargetDto implements AnnouncementTarget {
  @ApiPropertyOptional({ description: 'Every cluster in service within your jurisdiction' })
  @IsOptional()
  @IsBoolean()
  all?: boolean;

  @ApiPropertyOptional({ type: [String], maxItems: 5000 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5000)
  @IsString({ each: true })
  clusterIds?: string[];

  @ApiPropertyOptional({ type: [String], maxItems: 500 })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @IsString({ each: true })
  groupIds?: string[];

  @ApiPropertyOptional({
    type: [String],
    maxItems: 200,
    description: 'Administrative units by code or id; each stands for all below it',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsString({ each: true })
  areas?: string[];
}

/** An announcement to be made. */
export class AnnounceDto implements Announcement {
  @ApiProperty({ minLength: 1, maxLength: 200, example: 'Lịch tiêm chủng tháng 3' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  title: string;

  @ApiProperty({
    description: 'The audio file',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  })
  @Matches(/^[0-9a-f]{64}$/)
  sha256: string;

  @ApiProperty({ type: TargetDto, example: { areas: ['31318'] } })
  @IsObject()
  @ValidateNested()
  @Type(() => TargetDto)
  target: TargetDto;

  @ApiPropertyOptional({ enum: BROADCAST_CLASSES, default: 'NORMAL' })
  @IsOptional()
  @IsIn(BROADCAST_CLASSES)
  class?: BroadcastClass;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 100,
    nullable: true,
    description: "Default: each cluster's own volume. A cluster's cap holds, except for EMERGENCY.",
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  volumePercent?: number | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  repeat?: number;

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, description: 'Default: at once' })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  startAt?: Date | null;

  @ApiPropertyOptional({
    enum: ON_INTERRUPT,
    default: 'RESUME',
    description: 'What becomes of it when a higher one takes its place',
  })
  @IsOptional()
  @IsIn(ON_INTERRUPT)
  onInterrupt?: OnInterrupt;

  @ApiPropertyOptional({
    enum: ON_OVERRUN,
    default: 'FINISH',
    description:
      'Where another of its class begins before it is over: end here, go on while the other waits as long as it may, or go on and let the other have its time afterwards',
  })
  @IsOptional()
  @IsIn(ON_OVERRUN)
  onOverrun?: OnOverrun;

  @ApiPropertyOptional({ maxLength: 500, nullable: true, description: 'Why; required for EMERGENCY' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string | null;
}

export class BroadcastQuery extends PageQuery {
  @ApiPropertyOptional({ enum: BROADCAST_STATES })
  @IsOptional()
  @IsIn(BROADCAST_STATES)
  state?: BroadcastState;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Beginning at or after' })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  from?: Date;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'Beginning before' })
  @IsOptional()
  @Type(() => Date)
  @IsDate()
  to?: Date;
}

export class DeliveryQuery extends PageQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATES })
  @IsOptional()
  @IsIn(DELIVERY_STATES)
  state?: DeliveryState;
}
