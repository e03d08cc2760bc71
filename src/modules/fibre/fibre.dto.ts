import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, IsString, MaxLength, Min } from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import type { AreaRef } from '../areas/index.js';
import { TOTALS_RULE } from './domain/totals.js';
import { TOTALS_BY, type TotalsBy, type UnitTotals } from './fibre.types.js';

export const FIBRE_EXAMPLE = {
  id: '9c0d7c52-90e5-4a52-8f0a-1f1f3f1f2d14',
  areaId: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11',
  communeCode: '31318',
  communeName: 'Phường I',
  operatorCode: 'vnpt',
  quarter: '2025Q2',
  households: 1563,
  passed: 1490,
  connected: 640,
  source: 'synthetic demo',
  version: 1,
};

export class FibreDto {
  @ApiProperty({ format: 'uuid', example: FIBRE_EXAMPLE.id }) id: string;
  @ApiProperty({ format: 'uuid', example: FIBRE_EXAMPLE.areaId }) areaId: string;
  @ApiProperty({ example: '31318' }) communeCode: string;
  @ApiProperty({ example: 'Phường I' }) communeName: string;
  @ApiProperty({ example: 'vnpt' }) operatorCode: string;
  @ApiProperty({ example: '2025Q2' }) quarter: string;
  @ApiProperty({ example: 1563 }) households: number;
  @ApiProperty({ example: 1490, description: 'Could be connected' }) passed: number;
  @ApiProperty({ example: 640 }) connected: number;
  @ApiProperty({ type: String, nullable: true, example: 'synthetic demo' }) source: string | null;
  @ApiProperty({ example: 1 }) version: number;
}

export class FibreFiguresDto {
  @ApiProperty({ example: 1563 }) @IsInt() @Min(0) households: number;
  @ApiProperty({ example: 1490, description: 'At most households' }) @IsInt() @Min(0) passed: number;
  @ApiProperty({ example: 640, description: 'At most passed' }) @IsInt() @Min(0) connected: number;
  @ApiPropertyOptional({ type: String, nullable: true, example: 'Báo cáo quý II/2025' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  source?: string | null;
}

export class FibreQuery extends PageQuery {
  @ApiPropertyOptional({ example: '31318', description: 'Code of a commune' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  commune?: string;
  @ApiPropertyOptional({ example: 'vnpt' }) @IsOptional() @IsString() @MaxLength(40) operator?: string;
  @ApiPropertyOptional({ example: '2025Q2' }) @IsOptional() @IsString() @MaxLength(10) quarter?: string;
  @ApiPropertyOptional({ example: '930', description: 'Id or code of a unit: its communes' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;
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
}

export class FibreUnitDto {
  @ApiProperty({ format: 'uuid', example: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11' }) id: string;
  @ApiProperty({ example: '930' }) code: string;
  @ApiProperty({ enum: TOTALS_BY, example: 'district' }) kind: TotalsBy;
  @ApiProperty({ example: 'Thành phố Vị Thanh' }) name: string;
}

class FibreUnitTotalsDto {
  @ApiProperty({ type: FibreUnitDto }) unit: AreaRef;
  @ApiProperty({ example: 20_150 }) households: number;
  @ApiProperty({ example: 18_500 }) passedAtLeast: number;
  @ApiProperty({ example: 19_700 }) passedAtMost: number;
  @ApiProperty({ example: 15_100 }) connected: number;
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
  @ApiProperty({ type: RuleDto, description: 'How the totals come about' }) rule: { en: string; vi: string };
  @ApiProperty({ type: [FibreUnitTotalsDto] }) items: UnitTotals[];
}
export const FIBRE_TOTALS_EXAMPLE: FibreTotalsDto = {
  quarter: '2025Q2',
  by: 'district',
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
      passedAtLeastPct: 91.8,
      passedAtMostPct: 97.7,
      connectedPct: 74.9,
      communes: 9,
      communesWithData: 9,
      communesReached: 9,
    },
  ],
};
