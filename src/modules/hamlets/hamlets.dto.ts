import { ApiProperty, ApiPropertyOptional, IntersectionType, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { AttributesField, AttributesFilterField } from '../attributes/index.js';
import { HAMLET_KINDS, HAMLET_SIGNALS, type HamletKind, type HamletSignal } from './domain/hamlet-rules.js';
import { HAMLET_DIMENSIONS, HAMLET_SORTS, type HamletDimension, type HamletSort } from './hamlet-query.js';

const DATE_PATTERN = /^\d{4}-\d\d-\d\d$/;
const SIGNAL_WORDS = 'served; weak (lõm sóng); none (trắng sóng); null: nobody reported it';

export class NewHamletDto {
  @ApiProperty({ example: 'hgi-31318-kv1', maxLength: 64, description: 'Natural key' })
  @IsString()
  @MaxLength(64)
  code: string;
  @ApiProperty({ example: 'Khu vực 1', maxLength: 200 })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name: string;
  @ApiProperty({ enum: HAMLET_KINDS, example: 'khu_vuc', description: 'ap: ấp; khu_vuc: khu vực' })
  @IsIn(HAMLET_KINDS)
  kind: HamletKind;
  @ApiProperty({ example: 105.4701, description: 'Of the community house, WGS84 degrees' })
  @IsNumber()
  lon: number;
  @ApiProperty({ example: 9.7845, description: 'Of the community house, WGS84 degrees' })
  @IsNumber()
  lat: number;
  @ApiPropertyOptional({ type: 'integer', nullable: true, example: 312, description: 'Null: unknown' })
  @IsOptional()
  @IsInt()
  households?: number | null;
  @ApiPropertyOptional({ type: 'integer', nullable: true, example: 1120, description: 'Null: unknown' })
  @IsOptional()
  @IsInt()
  population?: number | null;
  @ApiPropertyOptional({
    enum: HAMLET_SIGNALS,
    nullable: true,
    example: 'weak',
    description: `Mobile signal as reported: ${SIGNAL_WORDS}`,
  })
  @IsOptional()
  @IsIn(HAMLET_SIGNALS)
  signal?: HamletSignal | null;
  @ApiPropertyOptional({
    type: String,
    format: 'date',
    nullable: true,
    example: '2025-03-14',
    description: 'Day of the report on the signal',
  })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  signalReportedOn?: string | null;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 500,
    example: 'Báo cáo của UBND phường I',
    description: 'Who reported on the signal',
  })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  signalSource?: string | null;
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 500, example: 'synthetic demo' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  source?: string | null;
  @AttributesField() attributes?: Record<string, unknown>;
}

const Version = () =>
  ApiPropertyOptional({
    type: 'integer',
    example: 1,
    description: 'The version that the change is based on; 409 if there is a newer one',
  });

/** Fields that are left out stay as they are. */
export class ChangeHamletDto extends PartialType(OmitType(NewHamletDto, ['code'] as const), {
  skipNullProperties: false,
}) {
  @Version()
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;
}

export class RemoveHamletQuery {
  @Version()
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  version?: number;
}

export class HamletCommuneDto {
  @ApiProperty({ format: 'uuid', example: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11' }) id: string;
  @ApiProperty({ example: '31318' }) code: string;
  @ApiProperty({ example: 'Phường I' }) name: string;
}

export class HamletDto extends NewHamletDto {
  @ApiProperty({ format: 'uuid', example: '7a0d7c52-90e5-4a52-8f0a-1f1f3f1f2d14' }) id: string;
  @ApiProperty({ example: 1, description: 'Grows with each change' }) version: number;
  @ApiProperty({
    type: HamletCommuneDto,
    nullable: true,
    description: 'That holds the community house on the day asked for',
  })
  commune: HamletCommuneDto | null;
  @ApiProperty({ format: 'date-time', example: '2026-03-02T01:12:00.000Z' }) createdAt: Date;
  @ApiProperty({ format: 'date-time', example: '2026-03-02T01:12:00.000Z' }) updatedAt: Date;
}

export const HAMLET_EXAMPLE = {
  id: '7a0d7c52-90e5-4a52-8f0a-1f1f3f1f2d14',
  code: 'hgi-31318-kv1',
  name: 'Khu vực 1',
  kind: 'khu_vuc',
  lon: 105.4701,
  lat: 9.7845,
  households: 312,
  population: 1120,
  signal: 'weak',
  signalReportedOn: '2025-03-14',
  signalSource: 'Báo cáo của UBND phường I',
  source: 'synthetic demo',
  attributes: {},
  version: 1,
  commune: { id: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11', code: '31318', name: 'Phường I' },
  createdAt: '2026-03-02T01:12:00.000Z',
  updatedAt: '2026-03-02T01:12:00.000Z',
};

export class HamletQuery {
  @ApiPropertyOptional({
    format: 'date',
    description: 'Day for communes and unit codes; default: today in Vietnam',
  })
  @IsOptional()
  @Matches(DATE_PATTERN)
  date?: string;
}

export class HamletFilterQuery extends HamletQuery {
  @ApiPropertyOptional({ example: '105.3,9.6,105.9,10.1', description: 'west,south,east,north in degrees' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  bbox?: string;
  @ApiPropertyOptional({
    example: '930',
    description: 'Id or code of an administrative unit: hamlets on its ground',
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;
  @ApiPropertyOptional({
    example: 'none,weak',
    description: `One or more of ${HAMLET_SIGNALS.join(', ')}, unknown`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  signal?: string;
  @ApiPropertyOptional({ enum: HAMLET_KINDS }) @IsOptional() @IsIn(HAMLET_KINDS) kind?: HamletKind;
  @AttributesFilterField() attr?: Record<string, unknown>;
  @ApiPropertyOptional({ description: 'Part of code or name; marks and case do not matter' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;
}

export class HamletsQuery extends IntersectionType(HamletFilterQuery, PageQuery) {
  @ApiPropertyOptional({
    enum: HAMLET_SORTS,
    default: 'code',
    description: 'With - before it: the other way round; unknown households come before 0',
  })
  @IsOptional()
  @IsIn(HAMLET_SORTS)
  sort?: HamletSort;
}

export class HamletCountsQuery extends HamletFilterQuery {
  @ApiProperty({
    example: 'commune,signal',
    description: `One to three of ${HAMLET_DIMENSIONS.join(', ')}; units as they are on date`,
  })
  @IsString()
  @MaxLength(100)
  by: string;
}

class HamletCountDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    example: { commune: '31318', signal: 'weak' },
    description: 'A value of each dimension; null: not known. Units by their codes.',
  })
  values: Record<string, string | null>;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    example: { commune: 'Phường I' },
    description: 'Names of the units',
  })
  names: Record<string, string | null>;
  @ApiProperty({ type: 'integer', example: 4 }) hamlets: number;
  @ApiProperty({ type: 'integer', example: 1248, description: 'Of the hamlets whose households are known' })
  households: number;
  @ApiProperty({ type: 'integer', example: 0, description: 'Hamlets whose households are not known' })
  withoutHouseholds: number;
}

export class HamletCountsDto {
  @ApiProperty({ type: [String], example: ['commune', 'signal'] }) by: readonly HamletDimension[];
  @ApiProperty({ format: 'date', example: '2026-03-01' }) date: string;
  @ApiProperty({ type: [HamletCountDto] }) items: HamletCountDto[];
}
