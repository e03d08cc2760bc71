import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PLACES, TECHNOLOGIES, type Place, type Technology } from '../domain/index.js';
import { WEIGHTS, type Weight } from '../domain/planning/index.js';
import { MAX_CANDIDATES } from './answering.js';
import type { PlannedCell, PlannedSite } from './planned-sites.js';
import type { OutageRequest, SitingRequest, ViewRequest, WhatIfRequest } from './planning.service.js';
import type { SiteTemplate } from './site-template.js';

/** Sites that one question may put and remove, each. */
const MAX_CHANGED_SITES = 500;
const FORMATS = ['json', 'geojson'] as const;

/** May be left out or null: then it is unknown. Limits are those of the register. */
const Radio = (example: number, description?: string): PropertyDecorator => {
  const decorators = [
    ApiPropertyOptional({ type: Number, nullable: true, example, description }),
    IsOptional(),
    IsNumber(),
  ];
  return (target, key) => decorators.forEach((decorate) => void decorate(target, key));
};

export class PlanningViewDto implements ViewRequest {
  @ApiPropertyOptional({ enum: PLACES, description: 'Default: the run’s first' })
  @IsOptional()
  @IsIn(PLACES)
  environment?: Place;

  @ApiPropertyOptional({ example: 0.9, description: 'At the cell edge; default: the run’s first' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  probability?: number;

  @ApiPropertyOptional({ enum: TECHNOLOGIES, description: 'Default: by any technology' })
  @IsOptional()
  @IsIn(TECHNOLOGIES)
  technology?: Technology;

  @ApiPropertyOptional({ example: 'viettel', description: 'Code; default: by any operator', maxLength: 64 })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  operator?: string;
}

class CellsAskedDto extends PlanningViewDto {
  @ApiPropertyOptional({
    minimum: 0,
    maximum: 20_000,
    default: 2000,
    description: 'How many of the cells gained, and of those lost, are named',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(20_000)
  cellLimit: number = 2000;

  @ApiPropertyOptional({ enum: FORMATS, default: 'json', description: 'geojson: the cells as hexagons, too' })
  @IsOptional()
  @IsIn(FORMATS)
  format: (typeof FORMATS)[number] = 'json';
}

class AntennaDto {
  @Radio(1815, 'Centre of the downlink') frequencyMhz?: number | null;
  @Radio(20) bandwidthMhz?: number | null;
  @Radio(65) horizontalBeamwidthDeg?: number | null;
  @Radio(7) verticalBeamwidthDeg?: number | null;
  @Radio(0, 'Below the horizon') mechanicalTiltDeg?: number | null;
  @Radio(4, 'Below the horizon') electricalTiltDeg?: number | null;
  @Radio(46, 'At the antenna port, whole carrier; or else referenceEirpDbm') txPowerDbm?: number | null;
  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    example: null,
    description: 'EIRP of one resource element (4G, 5G), the common pilot (3G) or the carrier (2G)',
  })
  @IsOptional()
  @IsNumber()
  referenceEirpDbm?: number | null;
  @Radio(17.5) gainDbi?: number | null;
  @Radio(0.5) feederLossDb?: number | null;
}

class PlannedCellDto extends AntennaDto implements PlannedCell {
  @ApiProperty({ example: 'L18-1', description: 'Unique on its site' })
  @IsString()
  @MaxLength(64)
  code: string;
  @ApiProperty({ example: 'viettel' }) @IsString() @IsNotEmpty() @MaxLength(40) operatorCode: string;
  @ApiProperty({ enum: TECHNOLOGIES, example: '4G' }) @IsIn(TECHNOLOGIES) technology: Technology;
  @Radio(120, 'From north, clockwise; null = omnidirectional') azimuthDeg?: number | null;
  @Radio(40, 'Above ground; left out, the site’s structureHeightM') antennaHeightM?: number | null;
}

class PlannedSiteDto implements PlannedSite {
  @ApiProperty({ example: 'NEW-1', description: 'A code of the run: that site is replaced' })
  @IsString()
  @MaxLength(64)
  code: string;
  @ApiProperty({ example: 105.4701, description: 'WGS84 degrees' }) @IsNumber() lon: number;
  @ApiProperty({ example: 9.7845, description: 'WGS84 degrees' }) @IsNumber() lat: number;
  @Radio(42) structureHeightM?: number | null;
  @ApiProperty({ type: [PlannedCellDto] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => PlannedCellDto)
  cells: PlannedCellDto[];
}

export class WhatIfDto extends CellsAskedDto implements WhatIfRequest {
  @ApiPropertyOptional({
    type: [PlannedSiteDto],
    maxItems: MAX_CHANGED_SITES,
    description: 'Sites that are new, or take the place of those with their codes',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CHANGED_SITES)
  @ValidateNested({ each: true })
  @Type(() => PlannedSiteDto)
  put?: PlannedSiteDto[];

  @ApiPropertyOptional({
    type: [String],
    example: ['HGI-VTL-0001'],
    maxItems: MAX_CHANGED_SITES,
    description: 'Codes of sites that go',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_CHANGED_SITES)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  remove?: string[];
}

export class PlanningOutageDto extends CellsAskedDto implements OutageRequest {
  @ApiPropertyOptional({
    type: [String],
    example: ['HGI-VTL-0001'],
    maxItems: MAX_CHANGED_SITES,
    description: 'Codes of sites: masts, with all networks that hang on them',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_CHANGED_SITES)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  sites?: string[];

  @ApiPropertyOptional({
    description: 'Code of an operator whose whole network is down; `operator` is whose service is looked at',
    maxLength: 64,
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  operatorDown?: string;

  @ApiPropertyOptional({ description: 'Sites that lose their backhaul together', maxLength: 100 })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  backhaulGroup?: string;

  @ApiPropertyOptional({ description: 'Sites that lose their power together', maxLength: 100 })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  powerGroup?: string;
}

export class CriticalityQuery extends PlanningViewDto {
  @ApiPropertyOptional({ enum: WEIGHTS, default: 'people', description: 'By what sites are ranked' })
  @IsOptional()
  @IsIn(WEIGHTS)
  by: Weight = 'people';

  @ApiPropertyOptional({ minimum: 1, maximum: 5000, default: 100 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5000)
  limit: number = 100;
}

class SiteTemplateDto extends AntennaDto implements SiteTemplate {
  @ApiProperty({ example: 35, description: 'Above ground' }) @IsNumber() antennaHeightM: number;
  @ApiPropertyOptional({
    type: [Number],
    example: [0, 120, 240],
    description: 'A sector for each direction; none: one omnidirectional antenna',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(12)
  @IsNumber({}, { each: true })
  azimuthsDeg?: number[];
}

export class SitingDto extends CellsAskedDto implements SitingRequest {
  @ApiProperty({ enum: TECHNOLOGIES, example: '5G' }) @IsIn(TECHNOLOGIES) override technology: Technology;

  @ApiProperty({ minimum: 1, maximum: 100, example: 10, description: 'How many sites' })
  @IsInt()
  @Min(1)
  @Max(100)
  k: number;

  @ApiPropertyOptional({ enum: WEIGHTS, default: 'people', description: 'What new coverage is weighed by' })
  @IsOptional()
  @IsIn(WEIGHTS)
  by: Weight = 'people';

  @ApiProperty({ type: SiteTemplateDto, description: 'What is put up at each place' })
  @ValidateNested()
  @Type(() => SiteTemplateDto)
  @IsNotEmpty()
  template: SiteTemplateDto;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
    maxItems: MAX_CANDIDATES,
    example: [[105.4701, 9.7845]],
    description: 'Longitude and latitude of each place; default: all over the units, some 350 m apart',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_CANDIDATES)
  @IsArray({ each: true })
  candidates?: number[][];

  @ApiPropertyOptional({
    minimum: 0,
    maximum: 5,
    default: 0,
    description: 'Seconds in which a better choice and a bound on all choices may be looked for',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(5)
  proveS: number = 0;
}
