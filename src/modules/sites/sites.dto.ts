import { ApiProperty, ApiPropertyOptional, IntersectionType, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsLatitude,
  IsLongitude,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { AttributesFilterField } from '../attributes/index.js';
import { BAND_PATTERN } from './domain/bands.js';
import {
  BACKHAULS,
  CONFIDENCES,
  LIFECYCLES,
  TECHNOLOGIES,
  type Confidence,
  type Technology,
} from './domain/site-model.js';
import { SITE_SORTS, type SiteSort } from './site-order.js';
import { CellInputDto, NewSiteDto } from './site-input.dto.js';

const DATE_PATTERN = /^\d{4}-\d\d-\d\d$/;

export const OPERATOR_EXAMPLE = { code: 'vnpt', name: 'VNPT', brand: 'VinaPhone', source: 'synthetic demo' };

export class OperatorDto {
  @ApiProperty({ example: 'vnpt' }) code: string;
  @ApiProperty({ example: 'VNPT' }) name: string;
  @ApiProperty({ type: String, nullable: true, example: 'VinaPhone' }) brand: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'synthetic demo' }) source: string | null;
}

export class SiteCommuneDto {
  @ApiProperty({ format: 'uuid', example: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11' }) id: string;
  @ApiProperty({ example: '31318' }) code: string;
  @ApiProperty({ example: 'Phường I' }) name: string;
}

export class SiteDto extends NewSiteDto {
  @ApiProperty({ format: 'uuid', example: '7a0d7c52-90e5-4a52-8f0a-1f1f3f1f2d13' }) id: string;
  @ApiProperty({ example: 1, description: 'Grows with each change' }) version: number;
  @ApiProperty({
    type: SiteCommuneDto,
    nullable: true,
    description: 'That holds the site on the day asked for',
  })
  commune: SiteCommuneDto | null;
}

export class SiteSummaryDto extends OmitType(SiteDto, ['cells'] as const) {
  @ApiProperty({ example: 6 }) cellCount: number;
  @ApiProperty({ enum: TECHNOLOGIES, isArray: true, example: ['2G', '4G'] }) technologies: Technology[];
  @ApiProperty({ format: 'date-time', example: '2026-03-02T01:12:00.000Z' }) updatedAt: Date;
  @ApiPropertyOptional({ example: 412.6, description: 'Metres from the place asked for' }) distanceM?: number;
}

const CELL_EXAMPLE: Required<CellInputDto> = {
  code: 'HGI-VTL-0001-VTL-L18-1',
  operatorCode: 'viettel',
  technology: '4G',
  band: 'B3',
  frequencyMhz: 1815,
  bandwidthMhz: 20,
  azimuthDeg: 120,
  horizontalBeamwidthDeg: 65,
  verticalBeamwidthDeg: 7,
  mechanicalTiltDeg: 0,
  electricalTiltDeg: 4,
  antennaHeightM: 40,
  txPowerDbm: 46,
  referenceEirpDbm: null,
  gainDbi: 17.5,
  feederLossDb: 0.5,
  physicalCellId: 211,
  onAirSince: '2017-05-01',
  onAirUntil: null,
  assumedFields: ['horizontalBeamwidthDeg'],
  source: 'synthetic demo',
  attributes: {},
};
const SITE_FIELDS_EXAMPLE = {
  id: '7a0d7c52-90e5-4a52-8f0a-1f1f3f1f2d13',
  code: 'HGI-VTL-0001',
  name: 'Trạm Viettel phường I 1',
  lon: 105.4701,
  lat: 9.7845,
  address: 'Phường I, Thành phố Vị Thanh, Hậu Giang',
  structure: 'ground_tower',
  mastClass: 'A2b',
  structureHeightM: 42,
  ownerCode: 'viettel',
  tenantCodes: ['viettel'],
  power: 'grid_three_phase',
  hasGenerator: true,
  backupHours: 4,
  backhaul: 'fibre',
  backhaulCapacityMbps: 1000,
  backhaulGroup: 'VTL-RING-01',
  powerGroup: 'PWR-31321',
  lifecycle: 'active',
  lifecycleReason: null,
  lifecycleNote: null,
  certificateNumber: 'DEMO-KD-00001',
  certificateExpiresOn: '2027-03-14',
  confidence: 'confirmed',
  lastVerifiedOn: '2024-08-20',
  assumedFields: [],
  source: 'synthetic demo',
  attributes: { roofType: 'tile' },
  version: 1,
  commune: { id: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11', code: '31318', name: 'Phường I' },
};
export const SITE_EXAMPLE = { ...SITE_FIELDS_EXAMPLE, cells: [CELL_EXAMPLE] };
export const SITE_SUMMARY_EXAMPLE = {
  ...SITE_FIELDS_EXAMPLE,
  cellCount: 1,
  technologies: ['4G'],
  updatedAt: '2026-03-02T01:12:00.000Z',
};

export class SiteQuery {
  @ApiPropertyOptional({ format: 'date', description: 'Day for the commune; default: today in Vietnam' })
  @IsOptional()
  @Matches(DATE_PATTERN)
  date?: string;
}

export class SiteFilterQuery {
  @ApiPropertyOptional({ example: '105.3,9.6,105.9,10.1', description: 'west,south,east,north in degrees' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  bbox?: string;
  @ApiPropertyOptional({ example: '105.47,9.78', description: 'A place: lon,lat in degrees' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  near?: string;
  @ApiPropertyOptional({ type: Number, example: 2000, description: 'At most so many metres from near' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1_000_000)
  withinM?: number;
  @ApiPropertyOptional({
    example: '930',
    description: 'Id or code of an administrative unit: sites on its ground',
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;
  @ApiPropertyOptional({ example: 'viettel', description: 'A network on the mast' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  operator?: string;
  @ApiPropertyOptional({
    enum: TECHNOLOGIES,
    description: 'With cells of it (of the operator, if one is named)',
  })
  @IsOptional()
  @IsIn(TECHNOLOGIES)
  technology?: Technology;
  @ApiPropertyOptional({ example: 'B3', description: 'With cells in it' })
  @IsOptional()
  @Matches(BAND_PATTERN)
  band?: string;
  @ApiPropertyOptional({ example: 'active,inactive', description: `One or more of ${LIFECYCLES.join(', ')}` })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  status?: string;
  @ApiPropertyOptional({ enum: CONFIDENCES }) @IsOptional() @IsIn(CONFIDENCES) confidence?: Confidence;
  @ApiPropertyOptional({ example: 'viettel', description: 'Whose mast it is' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  owner?: string;
  @ApiPropertyOptional({
    example: 'microwave,satellite,unknown',
    description: `One or more of ${BACKHAULS.join(', ')}, unknown`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  backhaul?: string;
  @AttributesFilterField()
  attr?: Record<string, unknown>;
  @ApiPropertyOptional({ description: 'Part of code, name or address; marks and case do not matter' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;
  @ApiPropertyOptional({
    format: 'date',
    description: 'Day for communes and unit codes; default: today in Vietnam',
  })
  @IsOptional()
  @Matches(DATE_PATTERN)
  date?: string;
}

const FIELDS_EXAMPLE = 'code,name,lon,lat';

export class SitesQuery extends IntersectionType(SiteFilterQuery, PageQuery) {
  @ApiPropertyOptional({
    enum: SITE_SORTS,
    default: 'code',
    description: 'With - before it: the other way round',
  })
  @IsOptional()
  @IsIn(SITE_SORTS)
  sort?: SiteSort;
  @ApiPropertyOptional({ example: FIELDS_EXAMPLE, description: 'Only these fields; default: all' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  fields?: string;
}

/** The same as the query of the list, with a polygon. */
export class SiteSearchDto extends SitesQuery {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'GeoJSON Polygon or MultiPolygon, WGS84: sites within it',
    example: {
      type: 'Polygon',
      coordinates: [
        [
          [105.4, 9.7],
          [105.6, 9.7],
          [105.6, 9.9],
          [105.4, 9.7],
        ],
      ],
    },
  })
  @IsOptional()
  @IsObject()
  polygon?: object;
}

export class NearestQuery extends OmitType(SiteFilterQuery, ['near'] as const) {
  @ApiProperty({ type: Number, example: 105.47 }) @Type(() => Number) @IsLongitude() lon: number;
  @ApiProperty({ type: Number, example: 9.78 }) @Type(() => Number) @IsLatitude() lat: number;
  @ApiPropertyOptional({ type: Number, minimum: 1, maximum: 100, default: 10, description: 'How many' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  k: number = 10;
  @ApiPropertyOptional({ example: FIELDS_EXAMPLE, description: 'Only these fields; default: all' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  fields?: string;
}

export class NearestSitesDto {
  @ApiProperty({ type: [SiteSummaryDto] }) items: Partial<SiteSummaryDto>[];
}
