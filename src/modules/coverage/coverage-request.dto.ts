import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
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
import type { RunRequest, RunState, ThresholdRequest } from './coverage.types.js';
import {
  MODEL_IDS,
  PLACES,
  TECHNOLOGIES,
  type ModelId,
  type Place,
  type Technology,
} from './domain/index.js';
import { ASKED_RESOLUTIONS, DEFAULT_RESOLUTION } from './run-request.js';

const DAY = /^\d{4}-\d\d-\d\d$/;
export const UNIT_KINDS = ['province', 'district', 'commune'] as const satisfies AreaKind[];
export const RUN_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const satisfies RunState[];

class ModelChoiceDto {
  @ApiProperty({ enum: TECHNOLOGIES }) @IsIn(TECHNOLOGIES) technology: Technology;
  @ApiProperty({ enum: MODEL_IDS, description: 'For every land cover' }) @IsIn(MODEL_IDS) model: ModelId;
}

class ThresholdDto implements ThresholdRequest {
  @ApiProperty({ enum: TECHNOLOGIES }) @IsIn(TECHNOLOGIES) technology: Technology;
  @ApiProperty({ example: -110, description: 'dBm from which a cell is covered' })
  @IsNumber()
  @Min(-150)
  @Max(0)
  sufficientDbm: number;
  @ApiProperty({ example: -105 }) @IsNumber() @Min(-150) @Max(0) goodDbm: number;
  @ApiProperty({ example: -95 }) @IsNumber() @Min(-150) @Max(0) veryGoodDbm: number;
  @ApiProperty({ example: 'Sở TT&TT, 2025', description: 'Who says so' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  source: string;
}

export class NewRunDto implements RunRequest {
  @ApiPropertyOptional({ maxLength: 200, example: 'Vùng phủ quý 2/2025' })
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
  @Matches(DAY)
  boundaryDate?: string;

  @ApiPropertyOptional({
    format: 'date',
    example: '2025-06-30',
    description:
      'Day whose network is used: cells on air then, of sites that were active then; default: today in Vietnam',
  })
  @IsOptional()
  @Matches(DAY)
  networkDate?: string;

  @ApiPropertyOptional({
    minimum: ASKED_RESOLUTIONS[0],
    maximum: ASKED_RESOLUTIONS[1],
    default: DEFAULT_RESOLUTION,
    description:
      'H3 resolution: 9 for a look, 10 for results, 11 where it matters: some ten times the time and room',
  })
  @IsOptional()
  @IsInt()
  @Min(ASKED_RESOLUTIONS[0])
  @Max(ASKED_RESOLUTIONS[1])
  resolution?: number;

  @ApiPropertyOptional({
    enum: PLACES,
    isArray: true,
    default: ['outdoor', 'indoor'],
    description: 'Where the mobile is',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(PLACES, { each: true })
  environments?: Place[];

  @ApiPropertyOptional({
    type: [Number],
    default: [0.5, 0.9],
    description: 'With which a level is met at the cell edge',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(4)
  @ArrayUnique()
  @IsNumber({}, { each: true })
  @Min(0.01, { each: true })
  @Max(0.99, { each: true })
  probabilities?: number[];

  @ApiPropertyOptional({ enum: TECHNOLOGIES, isArray: true, description: 'Default: all that occur' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(TECHNOLOGIES, { each: true })
  technologies?: Technology[];

  @ApiPropertyOptional({
    type: [String],
    example: ['viettel'],
    description: 'Codes; default: all that occur',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  operators?: string[];

  @ApiPropertyOptional({ minimum: 0, maximum: 20, default: 8, description: 'σ of shadowing, dB' })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(20)
  shadowSigmaDb?: number;

  @ApiPropertyOptional({ minimum: 1, maximum: 10, default: 1.5 })
  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(10)
  mobileHeightM?: number;

  @ApiPropertyOptional({
    type: [ModelChoiceDto],
    description: 'Default: Extended Hata for 2G–4G, 3GPP TR 38.901 RMa for 5G',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(TECHNOLOGIES.length)
  @ArrayUnique(({ technology }: ModelChoiceDto) => technology)
  @ValidateNested({ each: true })
  @Type(() => ModelChoiceDto)
  models?: ModelChoiceDto[];

  @ApiPropertyOptional({ type: [ThresholdDto], description: 'Default: TRAI, 2024' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(TECHNOLOGIES.length)
  @ArrayUnique(({ technology }: ThresholdDto) => technology)
  @ValidateNested({ each: true })
  @Type(() => ThresholdDto)
  thresholds?: ThresholdDto[];

  @ApiPropertyOptional({
    maxLength: 40,
    example: 'none',
    description: 'Id of a population source, or `none`; default: the newest that is active',
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  populationSource?: string;

  @ApiPropertyOptional({
    example: 'none',
    description:
      'Id of a land-cover source, or none: classes by the density of people; default: the newest active one',
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  landCoverSource?: string;

  @ApiPropertyOptional({
    example: 'none',
    description: 'Id of a source of water, or none; default: the newest active one',
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  waterSource?: string;
}

export class RunsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: RUN_STATES }) @IsOptional() @IsIn(RUN_STATES) state?: RunState;
}

class ProbabilityQuery {
  @ApiPropertyOptional({ minimum: 0, maximum: 1, example: 0.9, description: 'At the cell edge' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  probability?: number;
}

export class FiguresQuery extends PageQuery {
  @ApiPropertyOptional({ enum: UNIT_KINDS, description: 'Units of which level; default: all' })
  @IsOptional()
  @IsIn(UNIT_KINDS)
  by?: AreaKind;

  @ApiPropertyOptional({ description: 'Code of one unit', maxLength: 40 })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  area?: string;

  @ApiPropertyOptional({
    enum: [...TECHNOLOGIES, 'any'],
    description: '`any`: by whichever technology; default: each, and any',
  })
  @IsOptional()
  @IsIn([...TECHNOLOGIES, 'any'])
  technology?: Technology | 'any';

  @ApiPropertyOptional({
    description: 'Code of an operator, or `any`: by whichever; default: each, and any',
    maxLength: 64,
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  operator?: string;

  @ApiPropertyOptional({ enum: PLACES }) @IsOptional() @IsIn(PLACES) environment?: Place;

  @ApiPropertyOptional({ minimum: 0, maximum: 1, example: 0.9, description: 'At the cell edge' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  probability?: number;
}

/** One view of a run. */
export class ViewQuery extends ProbabilityQuery {
  @ApiPropertyOptional({ enum: TECHNOLOGIES, description: 'Default: 4G, where the run has it' })
  @IsOptional()
  @IsIn(TECHNOLOGIES)
  technology?: Technology;

  @ApiPropertyOptional({ description: 'Code; default: the best of all', maxLength: 64 })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  operator?: string;

  @ApiPropertyOptional({ enum: PLACES, description: 'Default: the run’s first' })
  @IsOptional()
  @IsIn(PLACES)
  environment?: Place;
}

export class CellsQuery extends ViewQuery {
  @ApiProperty({ example: '105.45,9.77,105.49,9.80', description: 'west,south,east,north in degrees' })
  @IsString()
  @MaxLength(200)
  bbox: string;

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

export class PlaceViewQuery extends ViewQuery {
  @ApiProperty({ example: 105.4658 }) @Type(() => Number) @IsLongitude() lon: number;
  @ApiProperty({ example: 9.7795 }) @Type(() => Number) @IsLatitude() lat: number;
}
