import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { AttributesField } from '../attributes/index.js';
import {
  BACKHAULS,
  BLOCK_REASONS,
  CONFIDENCES,
  LIFECYCLES,
  MAST_CLASSES,
  POWER_SUPPLIES,
  STRUCTURES,
  TECHNOLOGIES,
  type Backhaul,
  type BlockReason,
  type Confidence,
  type Lifecycle,
  type MastClass,
  type PowerSupply,
  type Structure,
  type Technology,
} from './domain/site-model.js';
import {
  BooleanField,
  ChoiceField,
  DateField,
  NumberField,
  Omittable,
  TextField,
  TextsField,
} from './field.decorators.js';

export class CellInputDto {
  @ApiProperty({ example: 'HGI-VTL-0001-VTL-L18-1', description: 'Unique on its site' })
  @IsString()
  @MaxLength(64)
  code: string;
  @ApiProperty({ example: 'viettel' }) @IsString() @MaxLength(40) operatorCode: string;
  @ApiProperty({ enum: TECHNOLOGIES, example: '4G' }) @IsIn(TECHNOLOGIES) technology: Technology;
  @TextField(8, 'B3', '3GPP band') band?: string | null;
  @NumberField(1815, 'Centre of the downlink') frequencyMhz?: number | null;
  @NumberField(20) bandwidthMhz?: number | null;
  @NumberField(120, 'From north, clockwise; null = omnidirectional') azimuthDeg?: number | null;
  @NumberField(65) horizontalBeamwidthDeg?: number | null;
  @NumberField(7) verticalBeamwidthDeg?: number | null;
  @NumberField(0, 'Below the horizon') mechanicalTiltDeg?: number | null;
  @NumberField(4, 'Below the horizon') electricalTiltDeg?: number | null;
  @NumberField(40, 'Above ground, a roof included') antennaHeightM?: number | null;
  @NumberField(46, 'At the antenna port, whole carrier; or else referenceEirpDbm') txPowerDbm?: number | null;
  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    example: null,
    description: 'EIRP of one resource element (4G, 5G), the common pilot (3G) or the carrier (2G)',
  })
  @IsOptional()
  @IsNumber()
  referenceEirpDbm?: number | null;
  @NumberField(17.5) gainDbi?: number | null;
  @NumberField(0.5) feederLossDb?: number | null;
  @NumberField(211, 'PCI, primary scrambling code or BSIC') physicalCellId?: number | null;
  @DateField('2017-05-01', 'First day on air') onAirSince?: string | null;
  @DateField('2030-01-01', 'First day no longer on air') onAirUntil?: string | null;
  @TextsField(['gainDbi'], 'Fields whose value is assumed') assumedFields?: string[];
  @TextField(500, 'synthetic demo') source?: string | null;
  @AttributesField({}) attributes?: Record<string, unknown>;
}

export class NewSiteDto {
  @ApiProperty({ example: 'HGI-VTL-0001', description: 'Natural key' })
  @IsString()
  @MaxLength(64)
  code: string;
  @ApiProperty({ example: 'Trạm Viettel phường I 1' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  name: string;
  @ApiProperty({ example: 105.4701, description: 'WGS84 degrees' }) @IsNumber() lon: number;
  @ApiProperty({ example: 9.7845, description: 'WGS84 degrees' }) @IsNumber() lat: number;
  @TextField(500, 'Phường I, Thành phố Vị Thanh, Hậu Giang') address?: string | null;
  @ChoiceField(STRUCTURES, 'ground_tower') structure?: Structure | null;
  @ChoiceField(MAST_CLASSES, 'A2b', 'A1 not bulky; bulky: A2a on a building, A2b on the ground, A2c other')
  mastClass?: MastClass | null;
  @NumberField(42, 'Without the building below') structureHeightM?: number | null;
  @TextField(40, 'viettel', 'Physical infrastructure provider') ownerCode?: string | null;
  @TextsField(['viettel'], 'Networks on the mast; default: those of the cells') tenantCodes?: string[];
  @ChoiceField(POWER_SUPPLIES, 'grid_three_phase') power?: PowerSupply | null;
  @BooleanField(true) hasGenerator?: boolean | null;
  @NumberField(4) backupHours?: number | null;
  @ChoiceField(BACKHAULS, 'fibre') backhaul?: Backhaul | null;
  @NumberField(1000) backhaulCapacityMbps?: number | null;
  @TextField(100, 'VTL-RING-01', 'Sites that lose their backhaul together') backhaulGroup?: string | null;
  @TextField(100, 'PWR-31321', 'Sites that lose their power together') powerGroup?: string | null;
  @ApiPropertyOptional({
    enum: LIFECYCLES,
    default: 'active',
    description: 'Of a new site; then it moves by POST /sites/{site}/transitions',
  })
  @Omittable()
  @IsIn(LIFECYCLES)
  lifecycle?: Lifecycle;
  @ApiPropertyOptional({
    enum: BLOCK_REASONS,
    nullable: true,
    example: null,
    description: 'Of a blocked site',
  })
  @IsOptional()
  @IsIn(BLOCK_REASONS)
  lifecycleReason?: BlockReason | null;
  @TextField(500, 'Người dân lo ngại bức xạ', 'Needed when blocked for another reason') lifecycleNote?:
    string | null;
  @TextField(100, 'DEMO-KD-00001', 'Inspection certificate') certificateNumber?: string | null;
  @DateField('2027-03-14') certificateExpiresOn?: string | null;
  @ApiPropertyOptional({ enum: CONFIDENCES, default: 'estimated' })
  @Omittable()
  @IsIn(CONFIDENCES)
  confidence?: Confidence;
  @DateField('2024-08-20') lastVerifiedOn?: string | null;
  @TextsField(['backupHours'], 'Fields whose value is assumed') assumedFields?: string[];
  @TextField(500, 'synthetic demo') source?: string | null;
  @AttributesField({ roofType: 'tile' }) attributes?: Record<string, unknown>;
  @ApiPropertyOptional({ type: [CellInputDto] })
  @Omittable()
  @IsArray()
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => CellInputDto)
  cells?: CellInputDto[];
}

/** Fields that are left out stay as they are; cells, when given, replace all that were there. */
export class ChangeSiteDto extends PartialType(OmitType(NewSiteDto, ['code'] as const), {
  skipNullProperties: false,
}) {
  @ApiPropertyOptional({
    example: 1,
    description: 'The version that the change is based on; 409 if there is a newer one',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;
}
