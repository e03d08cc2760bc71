import { ApiProperty, ApiPropertyOptional, IntersectionType, OmitType, PartialType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsLatitude,
  IsLongitude,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { AttributesField, AttributesFilterField } from '../attributes/index.js';
import { CLUSTER_ID_PATTERN } from '../../contract/index.js';
import { MAX_HORNS } from './domain/cluster-rules.js';
import { UPLINKS, type Uplink } from './speakers.types.js';

const given = (_: unknown, value: unknown) => value !== undefined;
const LOCAL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export class HornDto {
  @ApiProperty({ example: 30 }) @IsNumber() @Min(0) @Max(1000) powerW: number;
  @ApiProperty({ example: 90 }) @IsNumber() @Min(0) @Max(360) azimuthDeg: number;
  @ApiPropertyOptional({
    example: 108,
    description: 'Level at 1 m on the axis from 1 W, dB; left out: unknown',
  })
  @ValidateIf(given)
  @IsNumber()
  @Min(70)
  @Max(130)
  sensitivityDb?: number;
  @ApiPropertyOptional({
    example: 90,
    description: '6 dB less at half of it from the axis; left out: unknown',
  })
  @ValidateIf(given)
  @IsNumber()
  @Min(10)
  @Max(360)
  dispersionDeg?: number;
}

export class QuietHoursDto {
  @ApiProperty({ example: '21:00' }) @Matches(LOCAL_TIME) from: string;
  @ApiProperty({ example: '05:00', description: 'Earlier than from: over midnight' })
  @Matches(LOCAL_TIME)
  to: string;
}

export class NewClusterDto {
  @ApiProperty({ example: 'hgi-31318-01', description: 'Its name on the broker too; for ever' })
  @Matches(new RegExp(CLUSTER_ID_PATTERN))
  id: string;
  @ApiProperty({ example: 'Cụm loa 1 phường I' }) @IsString() @IsNotEmpty() @MaxLength(200) name: string;
  @ApiProperty({ example: 105.4676 }) @IsNumber() @IsLongitude() lon: number;
  @ApiProperty({ example: 9.7796 }) @IsNumber() @IsLatitude() lat: number;
  @ApiPropertyOptional({
    format: 'uuid',
    example: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11',
    description: 'Default: the commune that holds the place today',
  })
  @ValidateIf(given)
  @IsUUID()
  areaId?: string;
  @ApiProperty({ type: [HornDto] })
  @IsArray()
  @ArrayMaxSize(MAX_HORNS)
  @ValidateNested({ each: true })
  @Type(() => HornDto)
  horns: HornDto[];
  @ApiPropertyOptional({ type: Number, nullable: true, example: 8, description: 'Null: unknown' })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(200)
  hornHeightM?: number | null;
  @ApiPropertyOptional({ enum: UPLINKS, nullable: true, example: '4G', description: 'Null: unknown' })
  @IsOptional()
  @IsIn(UPLINKS)
  uplink?: Uplink | null;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'VNPT' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  uplinkOperator?: string | null;
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    example: 'HGI-VTL-0001',
    description: 'Code of the mobile site that it is known to depend on; null: unknown',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  uplinkSiteCode?: string | null;
  @ApiPropertyOptional({ example: 70, default: 70 })
  @ValidateIf(given)
  @IsInt()
  @Min(0)
  @Max(100)
  volumePercent?: number;
  @ApiPropertyOptional({ example: 90, default: 100, description: 'Nothing but an EMERGENCY may be louder' })
  @ValidateIf(given)
  @IsInt()
  @Min(0)
  @Max(100)
  volumeCapPercent?: number;
  @ApiPropertyOptional({
    type: [QuietHoursDto],
    description: 'When only an EMERGENCY is heard, by the clock of Asia/Ho_Chi_Minh; default 21:00 to 05:00',
  })
  @ValidateIf(given)
  @IsArray()
  @ArrayMaxSize(8)
  @ValidateNested({ each: true })
  @Type(() => QuietHoursDto)
  quietHours?: QuietHoursDto[];
  @ApiPropertyOptional({ example: true, default: true, description: 'False: out of service' })
  @ValidateIf(given)
  @IsBoolean()
  active?: boolean;
  @ApiPropertyOptional({ example: 'Sở TTTT', description: 'Where this is known from' })
  @ValidateIf(given)
  @IsString()
  @MaxLength(500)
  source?: string;
  @AttributesField() attributes?: Record<string, unknown>;
}

/** Fields that are left out stay as they are. */
export class ChangeClusterDto extends PartialType(OmitType(NewClusterDto, ['id'] as const), {
  skipNullProperties: false,
}) {}

/** Which clusters; what is left out does not narrow. */
export class ClusterFilterQuery {
  @ApiPropertyOptional({ description: 'west,south,east,north in degrees', example: '105.3,9.6,105.9,10.0' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  bbox?: string;
  @ApiPropertyOptional({ description: 'Id or code of a unit; those below it are included' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;
  @ApiPropertyOptional({ description: 'Id of a group' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  group?: string;
  @ApiPropertyOptional({ enum: ['true', 'false', 'unknown'], description: 'unknown: never heard' })
  @IsOptional()
  @IsIn(['true', 'false', 'unknown'])
  online?: 'true' | 'false' | 'unknown';
  @ApiPropertyOptional({ description: 'In service' })
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsIn([true, false])
  active?: boolean;
  @AttributesFilterField() attr?: Record<string, unknown>;
  @ApiPropertyOptional({ description: 'Part of the name or code; marks and case do not matter' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;
  @ApiPropertyOptional({
    format: 'date',
    example: '2025-06-30',
    description:
      'Day whose units are meant: a cluster belongs to its own unit, where that is in force, else to the commune that holds its place. Default: today; for a former unit its last day',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  date?: string;
}

export class ClustersQuery extends IntersectionType(ClusterFilterQuery, PageQuery) {}

export const CLUSTER_EXAMPLE = {
  id: 'hgi-31318-01',
  name: 'Cụm loa 1 phường I',
  lon: 105.4676,
  lat: 9.7796,
  areaId: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11',
  horns: [{ powerW: 30, azimuthDeg: 90 }],
  hornHeightM: 8,
  uplink: '4G' as const,
  uplinkOperator: 'VNPT',
  uplinkSiteCode: null,
  volumePercent: 70,
  volumeCapPercent: 90,
  quietHours: [{ from: '21:00', to: '05:00' }],
  active: true,
  source: 'synthetic demo',
  attributes: {},
};

export class ClusterDto {
  @ApiProperty({ example: 'hgi-31318-01' }) id: string;
  @ApiProperty({ example: 'Cụm loa 1 phường I' }) name: string;
  @ApiProperty({ example: 105.4676 }) lon: number;
  @ApiProperty({ example: 9.7796 }) lat: number;
  @ApiProperty({ format: 'uuid', example: CLUSTER_EXAMPLE.areaId }) areaId: string;
  @ApiProperty({ type: [HornDto] }) horns: HornDto[];
  @ApiProperty({ type: Number, nullable: true, example: 8 }) hornHeightM: number | null;
  @ApiProperty({ type: String, enum: UPLINKS, nullable: true, example: '4G' }) uplink: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'VNPT' }) uplinkOperator: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) uplinkSiteCode: string | null;
  @ApiProperty({ example: 70 }) volumePercent: number;
  @ApiProperty({ example: 90 }) volumeCapPercent: number;
  @ApiProperty({ type: [QuietHoursDto] }) quietHours: QuietHoursDto[];
  @ApiProperty({ example: true }) active: boolean;
  @ApiProperty({ example: 'synthetic demo' }) source: string;
  @ApiProperty({ type: 'object', additionalProperties: true, example: {}, description: 'Custom attributes' })
  attributes: Record<string, unknown>;
}

export const CLUSTER_ITEM_EXAMPLE = {
  ...CLUSTER_EXAMPLE,
  areaCode: '31318',
  areaName: 'Phường I',
  online: true,
  lastSeenAt: '2026-03-02T09:58:14.010Z',
  ageS: 42,
  openAlarms: 0,
  desiredVersion: 42,
  reportedVersion: 42,
  updatedAt: '2026-03-01T02:00:00.000Z',
};

export class ClusterItemDto extends ClusterDto {
  @ApiProperty({ example: '31318', description: 'On the day that is asked for' }) areaCode: string;
  @ApiProperty({ example: 'Phường I' }) areaName: string;
  @ApiProperty({ type: Boolean, nullable: true, example: true, description: 'Null: never heard' })
  online: boolean | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-03-02T09:58:14.010Z' })
  lastSeenAt: Date | null;
  @ApiProperty({ type: Number, nullable: true, example: 42, description: 'Seconds since the last word' })
  ageS: number | null;
  @ApiProperty({ example: 0 }) openAlarms: number;
  @ApiProperty({ example: 42 }) desiredVersion: number;
  @ApiProperty({ type: Number, nullable: true, example: 42, description: 'What it says it has applied' })
  reportedVersion: number | null;
  @ApiProperty({ format: 'date-time', example: '2026-03-01T02:00:00.000Z' }) updatedAt: Date;
}
