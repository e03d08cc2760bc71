import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import type { AreaRef } from '../areas/index.js';
import { AttributesField, AttributesFilterField } from '../attributes/index.js';
import { TOTALS_RULE } from './domain/totals.js';
import {
  TOTALS_BY,
  type FibreBasis,
  type FibreUnitRef,
  type Straddling,
  type TotalsBy,
  type UnitTotals,
} from './fibre.types.js';

export const FIBRE_EXAMPLE = {
  id: '9c0d7c52-90e5-4a52-8f0a-1f1f3f1f2d14',
  areaId: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11',
  communeCode: '31318',
  communeName: 'Phường I',
  hamletId: null,
  hamletCode: null,
  hamletName: null,
  operatorCode: 'vnpt',
  quarter: '2025Q2',
  households: 1563,
  passed: 1490,
  connected: 640,
  passed25Mbps: 1490,
  passed100Mbps: null,
  source: 'synthetic demo',
  attributes: {},
  version: 1,
};
const UNIT_EXAMPLE: AreaRef = {
  id: FIBRE_EXAMPLE.areaId,
  code: '31318',
  kind: 'commune',
  name: 'Phường I',
};
export const LISTED_FIBRE_EXAMPLE = { ...FIBRE_EXAMPLE, unit: UNIT_EXAMPLE };
export const STORED_FIBRE_EXAMPLE = { ...FIBRE_EXAMPLE, warnings: [] };
const TIER_25 = 'Of those passed, with at least 25/3 Mbit/s (less is unserved); null: unknown';
const TIER_100 = 'Of those passed, with at least 100/20 Mbit/s (less is underserved); null: unknown';

export class FibreDto {
  @ApiProperty({ format: 'uuid', example: FIBRE_EXAMPLE.id }) id: string;
  @ApiProperty({ format: 'uuid', example: FIBRE_EXAMPLE.areaId }) areaId: string;
  @ApiProperty({ example: '31318' }) communeCode: string;
  @ApiProperty({ example: 'Phường I' }) communeName: string;
  @ApiProperty({
    type: String,
    nullable: true,
    format: 'uuid',
    example: null,
    description: 'Null: the commune as a whole',
  })
  hamletId: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) hamletCode: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) hamletName: string | null;
  @ApiProperty({ example: 'vnpt' }) operatorCode: string;
  @ApiProperty({ example: '2025Q2' }) quarter: string;
  @ApiProperty({ example: 1563 }) households: number;
  @ApiProperty({ example: 1490, description: 'Could be connected' }) passed: number;
  @ApiProperty({ example: 640 }) connected: number;
  @ApiProperty({ type: Number, nullable: true, example: 1490, description: TIER_25 }) passed25Mbps:
    number | null;
  @ApiProperty({ type: Number, nullable: true, example: null, description: TIER_100 }) passed100Mbps:
    number | null;
  @ApiProperty({ type: String, nullable: true, example: 'synthetic demo' }) source: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true, example: {}, description: 'Custom attributes' })
  attributes: Record<string, unknown>;
  @ApiProperty({ example: 1 }) version: number;
}

class FibreWarningDto {
  @ApiProperty({ example: 'passed' }) field: string;
  @ApiProperty({ example: 'HAMLETS_EXCEED' }) code: string;
  @ApiProperty({ example: 'the hamlets of the commune add up to 1500 passed, the commune itself has 1490' })
  en: string;
  @ApiProperty({ example: 'tổng passed của các ấp, khu vực là 1500, trong khi cả xã chỉ có 1490' })
  vi: string;
}

export class StoredFibreDto extends FibreDto {
  @ApiProperty({ type: [FibreWarningDto], description: 'What should be looked at' })
  warnings: FibreWarningDto[];
}

export class FibreFiguresDto {
  @ApiProperty({ example: 1563 }) @IsInt() @Min(0) households: number;
  @ApiProperty({ example: 1490, description: 'At most households' }) @IsInt() @Min(0) passed: number;
  @ApiProperty({ example: 640, description: 'At most passed' }) @IsInt() @Min(0) connected: number;
  @ApiPropertyOptional({ type: Number, nullable: true, example: 1490, description: TIER_25 })
  @IsOptional()
  @IsInt()
  @Min(0)
  passed25Mbps?: number | null;
  @ApiPropertyOptional({ type: Number, nullable: true, example: 1200, description: TIER_100 })
  @IsOptional()
  @IsInt()
  @Min(0)
  passed100Mbps?: number | null;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'Báo cáo quý II/2025' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  source?: string | null;
  @AttributesField() attributes?: Record<string, unknown>;
}

export const UNITS_OF =
  'The day whose units the figures are given under; default: the last day of the quarter';
const LEVELS = ['commune', 'hamlet'] as const;

export class FibreUnitDto {
  @ApiProperty({ format: 'uuid', example: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11' }) id: string;
  @ApiProperty({ example: '930' }) code: string;
  @ApiProperty({ enum: TOTALS_BY, example: 'district' }) kind: FibreUnitRef['kind'];
  @ApiProperty({ example: 'Thành phố Vị Thanh' }) name: string;
}

export class ListedFibreDto extends FibreDto {
  @ApiProperty({ type: FibreUnitDto, nullable: true, description: 'Commune of the asked date; null: none' })
  unit: AreaRef | null;
}

export class FibreQuery extends PageQuery {
  @ApiPropertyOptional({ example: '31318', description: 'Code of the commune that reported' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  commune?: string;
  @ApiPropertyOptional({ example: '31318-01', description: 'Code of a hamlet' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  hamlet?: string;
  @ApiPropertyOptional({ enum: LEVELS, description: 'Only communes as a whole, or only hamlets' })
  @IsOptional()
  @IsIn(LEVELS)
  level?: 'commune' | 'hamlet';
  @ApiPropertyOptional({ example: 'vnpt' }) @IsOptional() @IsString() @MaxLength(40) operator?: string;
  @AttributesFilterField() attr?: Record<string, unknown>;
  @ApiPropertyOptional({ example: '2025Q2' }) @IsOptional() @IsString() @MaxLength(10) quarter?: string;
  @ApiPropertyOptional({ example: '930', description: 'Id or code of a unit: its communes' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;
  @ApiPropertyOptional({
    format: 'date',
    example: '2025-07-01',
    description: 'The day whose units are meant; default: the communes that reported',
  })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  date?: string;
}

export class FibreTotalsQuery {
  @ApiPropertyOptional({ example: '2025Q2', description: 'Default: the last quarter with figures' })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  quarter?: string;
  @ApiPropertyOptional({ enum: TOTALS_BY, default: 'district' })
  @IsOptional()
  @IsIn(TOTALS_BY)
  by: TotalsBy = 'district';
  @ApiPropertyOptional({ example: '93', description: 'Id or code of a unit: its communes only' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;
  @ApiPropertyOptional({ format: 'date', example: '2025-07-01', description: UNITS_OF })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  date?: string;
  @AttributesFilterField() attr?: Record<string, unknown>;
}

class SharedUnitDto extends FibreUnitDto {
  @ApiProperty({ example: 61.2, description: "Part of the commune's area" }) sharePct: number;
}
class StraddlingDto {
  @ApiProperty({ type: FibreUnitDto }) commune: AreaRef;
  @ApiProperty({ type: [SharedUnitDto] }) units: (AreaRef & { sharePct: number })[];
}
class SnapshotRefDto {
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ example: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c' })
  sha256: string;
}
const ALLOTMENTS = ['as reported', 'interior point'] as const;

/** What the figures of an answer are made of. */
export class FibreBasisDto {
  @ApiProperty({ format: 'date', example: '2025-06-30', description: 'The figures stand under its units' })
  date: string;
  @ApiProperty({
    type: SnapshotRefDto,
    nullable: true,
    description: 'Of a closed quarter: where they come from',
  })
  snapshot: { version: number; sha256: string } | null;
  @ApiProperty({
    enum: ALLOTMENTS,
    example: 'as reported',
    description:
      'interior point: each commune that reported counts under the unit that holds its interior point',
  })
  allotment: FibreBasis['allotment'];
  @ApiProperty({
    type: [StraddlingDto],
    description: 'Communes with more than 1 % of their area in each of several units',
  })
  straddling: Straddling[];
  @ApiProperty({ type: [FibreUnitDto], description: 'Communes that no unit holds: they are in no figure' })
  withoutUnit: AreaRef[];
  @ApiProperty({ example: 9 }) communes: number;
  @ApiProperty({ example: 0 }) communesWithoutData: number;
  @ApiProperty({ example: 18, description: 'Rows summed: communes as a whole' }) communeRows: number;
  @ApiProperty({ example: 0, description: 'Rows summed: hamlets in place of their commune' })
  hamletRows: number;
  @ApiProperty({ example: 0, description: 'Not summed: the commune has a row itself, or lacks a hamlet' })
  hamletRowsLeftOut: number;
}
export const BASIS_EXAMPLE: FibreBasis = {
  date: '2025-06-30',
  snapshot: null,
  allotment: 'as reported',
  straddling: [],
  withoutUnit: [],
  communes: 9,
  communesWithoutData: 0,
  communeRows: 18,
  hamletRows: 0,
  hamletRowsLeftOut: 0,
};

class FibreUnitTotalsDto {
  @ApiProperty({ type: FibreUnitDto }) unit: FibreUnitRef;
  @ApiProperty({ example: 20_150 }) households: number;
  @ApiProperty({ example: 18_500 }) passedAtLeast: number;
  @ApiProperty({ example: 19_700 }) passedAtMost: number;
  @ApiProperty({ example: 15_100 }) connected: number;
  @ApiProperty({ type: Number, nullable: true, example: 17_900, description: TIER_25 })
  passed25MbpsAtLeast: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 18_100 }) passed25MbpsAtMost: number | null;
  @ApiProperty({ type: Number, nullable: true, example: null, description: TIER_100 })
  passed100MbpsAtLeast: number | null;
  @ApiProperty({ type: Number, nullable: true, example: null }) passed100MbpsAtMost: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 91.8 }) passedAtLeastPct: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 97.7 }) passedAtMostPct: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 74.9 }) connectedPct: number | null;
  @ApiProperty({ example: 9 }) communes: number;
  @ApiProperty({ example: 9 }) communesWithData: number;
  @ApiProperty({ example: 9, description: 'Where somebody passes a household' }) communesReached: number;
}

class RuleDto {
  @ApiProperty({ example: TOTALS_RULE.en }) en: string;
  @ApiProperty({ example: TOTALS_RULE.vi }) vi: string;
}

export class FibreTotalsDto {
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2025Q2',
    description: 'Null: there are no figures at all',
  })
  quarter: string | null;
  @ApiProperty({ enum: TOTALS_BY, example: 'district' }) by: TotalsBy;
  @ApiProperty({ type: FibreBasisDto, nullable: true, description: 'Null without figures' })
  basis: FibreBasis | null;
  @ApiProperty({ type: RuleDto, description: 'How the totals come about' }) rule: { en: string; vi: string };
  @ApiProperty({ type: [FibreUnitTotalsDto] }) items: UnitTotals[];
}
export const FIBRE_TOTALS_EXAMPLE: FibreTotalsDto = {
  quarter: '2025Q2',
  by: 'district',
  basis: BASIS_EXAMPLE,
  rule: TOTALS_RULE,
  items: [
    {
      unit: {
        id: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11',
        code: '930',
        kind: 'district',
        name: 'Thành phố Vị Thanh',
      },
      households: 20_150,
      passedAtLeast: 18_500,
      passedAtMost: 19_700,
      connected: 15_100,
      passed25MbpsAtLeast: 17_900,
      passed25MbpsAtMost: 18_100,
      passed100MbpsAtLeast: null,
      passed100MbpsAtMost: null,
      passedAtLeastPct: 91.8,
      passedAtMostPct: 97.7,
      connectedPct: 74.9,
      communes: 9,
      communesWithData: 9,
      communesReached: 9,
    },
  ],
};
