import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
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
import { TargetDto } from '../broadcasts/index.js';
import { HAZARD_CODES, type Hazard } from './domain/hazards.js';
import {
  EMERGENCY_STATES,
  type EmergencyState,
  type EmergencyTarget,
  type Preparation,
} from './emergency.types.js';

export const SHA256 = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

export class EmergencyTargetDto extends TargetDto implements EmergencyTarget {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'GeoJSON Polygon or MultiPolygon (WGS 84): the clusters that stand in it',
  })
  @IsOptional()
  @IsObject()
  polygon?: object;
}

export class PrepareDto implements Preparation {
  @ApiPropertyOptional({ enum: HAZARD_CODES, enumName: 'Hazard', example: 'storm' })
  @IsOptional()
  @IsIn(HAZARD_CODES)
  hazard?: Hazard;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 5, example: 4 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(5)
  level?: number;

  @ApiPropertyOptional({ minLength: 1, maxLength: 150, description: 'Instead of the name of the hazard' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(150)
  title?: string;

  @ApiProperty({ type: EmergencyTargetDto, example: { areas: ['31318'] } })
  @IsObject()
  @ValidateNested()
  @Type(() => EmergencyTargetDto)
  target: EmergencyTargetDto;

  @ApiPropertyOptional({
    description:
      'The audio file, such as speech that was made; default: the template of the hazard and level',
    example: SHA256,
  })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/)
  sha256?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: 3 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  repeat?: number;

  @ApiPropertyOptional({
    minimum: 0,
    maximum: 600,
    default: 5,
    description: 'Silence between repeats, seconds',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(600)
  gapS?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 100,
    nullable: true,
    description: "Default: each cluster's own volume. Caps do not hold, except in a drill.",
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(100)
  volumePercent?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 60,
    maximum: 3600,
    default: 300,
    description: 'How late a cluster that comes back may still begin, seconds',
  })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(3600)
  validS?: number;

  @ApiPropertyOptional({
    default: false,
    description: 'A drill says so in its title and its audio, is of class PRIORITY, and keeps quiet hours',
  })
  @IsOptional()
  @IsBoolean()
  drill?: boolean;

  @ApiProperty({ minLength: 1, maxLength: 500, example: 'Bản tin bão khẩn cấp của Đài KTTV, 14 giờ' })
  @IsString()
  @Matches(/\S/)
  @MaxLength(500)
  reason: string;
}

export class PrepareAllClearDto extends PickType(PrepareDto, [
  'title',
  'sha256',
  'repeat',
  'gapS',
  'reason',
]) {}

export class ConfirmDto {
  @ApiProperty({ pattern: '^[0-9]{6}$', example: '042137', description: 'As the preparation answered it' })
  @Matches(/^[0-9]{6}$/)
  confirmationCode: string;
}

export class EmergencyQuery extends PageQuery {
  @ApiPropertyOptional({ enum: EMERGENCY_STATES })
  @IsOptional()
  @IsIn(EMERGENCY_STATES)
  state?: EmergencyState;
}

export class SetTemplateDto {
  @ApiProperty({ example: SHA256, description: 'The audio file' })
  @Matches(/^[0-9a-f]{64}$/)
  sha256: string;
}
