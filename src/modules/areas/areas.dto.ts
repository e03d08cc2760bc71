import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsLatitude,
  IsLongitude,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { AttributesField, AttributesFilterField } from '../attributes/index.js';
import { AREA_KINDS, type AreaKind } from './domain/area-rules.js';

export const DATE_PATTERN = /^(19|2\d)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const present = (_: unknown, value: unknown) => value !== null;

export const AREA_EXAMPLE = {
  id: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11',
  code: '31318',
  kind: 'commune',
  type: 'Phường',
  name: 'I',
  fullName: 'Phường I',
  parentId: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11',
  parentCode: '930',
  validFrom: '2020-01-01',
  validTo: '2025-07-01',
  areaKm2: 0.89,
  population: 5628,
  populationBasis: 'census-2019',
  households: 1563,
  householdsBasis: 'estimated',
  source: 'synthetic demo',
  attributes: {},
  version: 1,
};
const BOUNDARY_EXAMPLE = {
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [105.46, 9.77],
        [105.47, 9.77],
        [105.47, 9.78],
        [105.46, 9.77],
      ],
    ],
  ],
};
export const AREA_BOUNDARY_EXAMPLE = { ...AREA_EXAMPLE, boundary: BOUNDARY_EXAMPLE };

export class AreaDto {
  @ApiProperty({ format: 'uuid', example: AREA_EXAMPLE.id }) id: string;
  @ApiProperty({ example: '31318', description: 'Unique on any day' }) code: string;
  @ApiProperty({ enum: AREA_KINDS, example: 'commune' }) kind: AreaKind;
  @ApiProperty({ example: 'Phường' }) type: string;
  @ApiProperty({ example: 'I' }) name: string;
  @ApiProperty({ example: 'Phường I' }) fullName: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: AREA_EXAMPLE.parentId })
  parentId: string | null;
  @ApiProperty({ type: String, nullable: true, example: '930' }) parentCode: string | null;
  @ApiProperty({ format: 'date', example: '2020-01-01', description: 'First day in force' })
  validFrom: string;
  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    example: '2025-07-01',
    description: 'First day no longer in force',
  })
  validTo: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 0.89, description: 'Computed from the boundary' })
  areaKm2: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 5628, description: 'Null: unknown' })
  population: number | null;
  @ApiProperty({ example: 'census-2019' }) populationBasis: string;
  @ApiProperty({ type: Number, nullable: true, example: 1563, description: 'Null: unknown' })
  households: number | null;
  @ApiProperty({ example: 'estimated' }) householdsBasis: string;
  @ApiProperty({ type: String, nullable: true, example: 'synthetic demo' }) source: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true, example: {}, description: 'Custom attributes' })
  attributes: Record<string, unknown>;
  @ApiProperty({ example: 1, description: 'Grows with each change' }) version: number;
  @ApiPropertyOptional({
    type: Object,
    nullable: true,
    example: BOUNDARY_EXAMPLE,
    description: 'GeoJSON MultiPolygon, only where asked for',
  })
  boundary?: object | null;
}

export class AreaRefDto {
  @ApiProperty({ format: 'uuid', example: AREA_EXAMPLE.id }) id: string;
  @ApiProperty({ example: '31318' }) code: string;
  @ApiProperty({ enum: AREA_KINDS, example: 'commune' }) kind: AreaKind;
  @ApiProperty({ example: 'Phường I' }) name: string;
}

export class AreaAtDto {
  @ApiProperty({ format: 'date', example: '2025-06-30' }) date: string;
  @ApiProperty({ type: [AreaRefDto], description: 'The commune, then what it lies in' }) chain: AreaRefDto[];
}
export const AREA_AT_EXAMPLE: AreaAtDto = {
  date: '2025-06-30',
  chain: [
    { id: AREA_EXAMPLE.id, code: '31318', kind: 'commune', name: 'Phường I' },
    { id: AREA_EXAMPLE.parentId, code: '930', kind: 'district', name: 'Thành phố Vị Thanh' },
    { id: '6a0d7c52-90e5-4a52-8f0a-1f1f3f1f2d12', code: '93', kind: 'province', name: 'Tỉnh Hậu Giang' },
  ],
};

export class AreasQuery extends PageQuery {
  @ApiPropertyOptional({ enum: AREA_KINDS }) @IsOptional() @IsIn(AREA_KINDS) kind?: AreaKind;
  @ApiPropertyOptional({ description: 'Id or code of the unit that it lies in directly' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  parent?: string;
  @ApiPropertyOptional({ format: 'date', description: 'In force on this day; default: today in Vietnam' })
  @IsOptional()
  @Matches(DATE_PATTERN)
  date?: string;
  @ApiPropertyOptional({ description: 'Part of the name or code; marks and case do not matter' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;
  @AttributesFilterField() attr?: Record<string, unknown>;
}

export class AreaQuery {
  @ApiPropertyOptional({ default: false, description: 'With the boundary as GeoJSON' })
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsIn([true, false])
  boundary?: boolean;
}

export class PlaceQuery {
  @ApiProperty({ example: 105.4676 }) @Type(() => Number) @IsLongitude() lon: number;
  @ApiProperty({ example: 9.7796 }) @Type(() => Number) @IsLatitude() lat: number;
  @ApiPropertyOptional({ format: 'date', description: 'Default: today in Vietnam' })
  @IsOptional()
  @Matches(DATE_PATTERN)
  date?: string;
}

export class NewAreaDto {
  @ApiProperty({ example: '31318' }) @IsString() @MaxLength(40) code: string;
  @ApiProperty({ enum: AREA_KINDS }) @IsIn(AREA_KINDS) kind: AreaKind;
  @ApiProperty({ example: 'Phường' }) @IsString() @MaxLength(40) type: string;
  @ApiProperty({ example: 'I' }) @IsString() @IsNotEmpty() @MaxLength(200) name: string;
  @ApiPropertyOptional({ example: 'Phường I', description: 'Default: type and name' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  fullName?: string;
  @ApiProperty({ type: String, nullable: true, example: '930', description: 'Null for a province' })
  @ValidateIf(present)
  @IsString()
  @MaxLength(40)
  parentCode: string | null;
  @ApiProperty({ format: 'date', example: '2020-01-01' }) @IsString() @MaxLength(10) validFrom: string;
  @ApiPropertyOptional({ type: String, format: 'date', nullable: true, example: '2025-07-01' })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  validTo?: string | null;
  @ApiPropertyOptional({ type: Number, nullable: true, example: 5628 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(200_000_000)
  population?: number | null;
  @ApiPropertyOptional({ example: 'census-2019' })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @MaxLength(200)
  populationBasis?: string;
  @ApiPropertyOptional({ type: Number, nullable: true, example: 1563 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(200_000_000)
  households?: number | null;
  @ApiPropertyOptional({ example: 'estimated' })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @MaxLength(200)
  householdsBasis?: string;
  @ApiPropertyOptional({
    type: Object,
    nullable: true,
    example: BOUNDARY_EXAMPLE,
    description: 'GeoJSON Polygon or MultiPolygon, WGS84 longitude, latitude',
  })
  @IsOptional()
  @IsObject()
  boundary?: object | null;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'Nghị quyết 1668/NQ-UBTVQH15' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  source?: string | null;
  @AttributesField() attributes?: Record<string, unknown>;
}

/** Fields that are left out stay as they are. */
export class ChangeAreaDto extends PartialType(
  OmitType(NewAreaDto, ['code', 'kind', 'parentCode', 'validFrom'] as const),
  { skipNullProperties: false },
) {
  @ApiPropertyOptional({
    example: 1,
    description: 'The version that the change is based on; 409 if there is a newer one',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;
}
