import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsLatitude,
  IsLongitude,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import type { AreaKind } from '../areas/index.js';
import { LAND_COVERS } from '../coverage/index.js';
import { MAX_RANGE_M, PERIODS, type Period } from './domain/index.js';
import { ASKED_RESOLUTIONS, DEFAULT_RESOLUTION } from './reach-request.js';
import {
  VOLUMES,
  type ReachChanges,
  type ReachRunRequest,
  type ReachRunState,
  type SurroundingsRequest,
  type Volume,
} from './reach.types.js';

export const UNIT_KINDS = ['province', 'district', 'commune'] as const satisfies AreaKind[];
export const RUN_STATES = [
  'queued',
  'running',
  'done',
  'failed',
  'cancelled',
] as const satisfies ReachRunState[];

class SurroundingsDto implements SurroundingsRequest {
  @ApiProperty({ enum: LAND_COVERS }) @IsIn(LAND_COVERS) landCover: string;
  @ApiProperty({ example: 55, description: 'Background by day, dB(A)' })
  @IsNumber()
  @Min(0)
  @Max(120)
  dayDba: number;
  @ApiProperty({ example: 45, description: 'By night' }) @IsNumber() @Min(0) @Max(120) nightDba: number;
  @ApiPropertyOptional({ example: 0.5, description: 'G of ISO 9613-2: 0 hard, 1 porous; default: as before' })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  groundFactor?: number;
  @ApiProperty({ example: 'measured by the department, May 2025', description: 'Who says so' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  source: string;
}

function NumberField(example: number, min: number, max: number, description: string) {
  return (target: object, key: string): void => {
    ApiPropertyOptional({ example, minimum: min, maximum: max, description })(target, key);
    IsOptional()(target, key);
    IsNumber()(target, key);
    Min(min)(target, key);
    Max(max)(target, key);
  };
}

/** What may be changed of the reckoning; what is left out stays as it is. */
export class ReachChangesDto implements ReachChanges {
  @NumberField(1.5, 0.5, 20, 'Of the ear above the ground') earHeightM?: number;
  @NumberField(27, -40, 60, 'Of the air') temperatureC?: number;
  @NumberField(82, 1, 100, 'Of the air') relativeHumidityPercent?: number;
  @NumberField(10, 0, 40, 'How far speech must stand out of the background, dB') marginDb?: number;
  @NumberField(6, 0, 30, 'How far the mean of speech lies below a tone at the horn’s power, dB')
  speechBelowToneDb?: number;
  @NumberField(108, 70, 130, 'Of horns whose own is unknown, 1 W at 1 m, dB') sensitivityDb?: number;
  @NumberField(90, 10, 360, 'Of horns whose own is unknown: 6 dB less at half of it from the axis')
  dispersionDeg?: number;
  @NumberField(8, 0.5, 200, 'Of clusters whose own is unknown') hornHeightM?: number;
  @NumberField(15, 0, 60, 'What horns radiate behind themselves, dB below the axis') behindHornDb?: number;
  @NumberField(25, 0, 1000, 'Of FM and wired loudspeakers, in the estimates') plainPowerW?: number;

  @ApiPropertyOptional({ type: [SurroundingsDto], description: 'Noise and ground by land cover' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LAND_COVERS.length)
  @ArrayUnique(({ landCover }: SurroundingsDto) => landCover)
  @ValidateNested({ each: true })
  @Type(() => SurroundingsDto)
  surroundings?: SurroundingsDto[];

  @NumberField(200, 0, 100_000, 'Ground with fewer people per km² is no silent spot')
  settledFromPerKm2?: number;
  @NumberField(3000, 50, MAX_RANGE_M, 'Nobody is reckoned to hear from further away') maxRangeM?: number;
}

export class NewReachRunDto extends ReachChangesDto implements ReachRunRequest {
  @ApiPropertyOptional({ maxLength: 200, example: 'Tầm nghe loa quý 2/2025' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  title?: string;

  @ApiPropertyOptional({
    format: 'date',
    example: '2025-06-30',
    description: 'Day whose administrative units are used; default: today in Vietnam',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d\d-\d\d$/)
  boundaryDate?: string;

  @ApiPropertyOptional({
    minimum: ASKED_RESOLUTIONS[0],
    maximum: ASKED_RESOLUTIONS[1],
    default: DEFAULT_RESOLUTION,
    description: 'H3 resolution; each cell is looked at in seven points',
  })
  @IsOptional()
  @IsInt()
  @Min(ASKED_RESOLUTIONS[0])
  @Max(ASKED_RESOLUTIONS[1])
  resolution?: number;

  @ApiPropertyOptional({
    enum: VOLUMES,
    default: 'full',
    description:
      'full: the horns’ power; usual: each cluster’s usual volume, taken to be linear in amplitude',
  })
  @IsOptional()
  @IsIn(VOLUMES)
  atVolume?: Volume;
}

export class ReachRunsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: RUN_STATES }) @IsOptional() @IsIn(RUN_STATES) state?: ReachRunState;
}

export class ReachFiguresQuery extends PageQuery {
  @ApiPropertyOptional({ enum: UNIT_KINDS, description: 'Units of which level; default: all' })
  @IsOptional()
  @IsIn(UNIT_KINDS)
  by?: AreaKind;

  @ApiPropertyOptional({ description: 'Code of one unit', maxLength: 40 })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  area?: string;

  @ApiPropertyOptional({ enum: PERIODS, description: 'Default: both' })
  @IsOptional()
  @IsIn(PERIODS)
  period?: Period;
}

export class SilentSpotsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Code of one commune', maxLength: 40 })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  area?: string;

  @ApiPropertyOptional({ enum: PERIODS, default: 'day' }) @IsOptional() @IsIn(PERIODS) period: Period = 'day';
}

export class ReachCellsQuery {
  @ApiProperty({ example: '105.45,9.77,105.49,9.80', description: 'west,south,east,north in degrees' })
  @IsString()
  @MaxLength(200)
  bbox: string;

  @ApiPropertyOptional({ enum: PERIODS, default: 'day' }) @IsOptional() @IsIn(PERIODS) period: Period = 'day';

  @ApiPropertyOptional({ minimum: 1, maximum: 5000, default: 1000, description: 'How many at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5000)
  limit: number = 1000;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before', maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
}

export class ReachPlaceQuery {
  @ApiProperty({ example: 105.4658 }) @Type(() => Number) @IsLongitude() lon: number;
  @ApiProperty({ example: 9.7795 }) @Type(() => Number) @IsLatitude() lat: number;
}
