import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { GAP_TIERS, type GapTier, type TargetState } from './domain/gaps.js';
import { BASIS_EXAMPLE, FibreBasisDto, FibreUnitDto, UNITS_OF } from './fibre.dto.js';
import type { FibreBasis, FibreUnitRef } from './fibre.types.js';

export const SHA256 = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';
const STATES: TargetState[] = ['met', 'missed', 'open', 'unknown'];

export class FibreQuarterDto {
  @ApiProperty({ example: '2025Q2' }) quarter: string;
  @ApiProperty({ example: 150 }) rows: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2025-07-15T02:00:00.000Z' })
  closedAt: Date | null;
  @ApiProperty({ type: String, nullable: true, example: 'admin' }) closedBy: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 1, description: 'Of the latest snapshot' })
  version: number | null;
  @ApiProperty({ type: String, nullable: true, example: SHA256 }) sha256: string | null;
}
export const QUARTER_EXAMPLE = {
  quarter: '2025Q2',
  rows: 150,
  closedAt: '2025-07-15T02:00:00.000Z',
  closedBy: 'admin',
  version: 1,
  sha256: SHA256,
};
export class FibreQuartersDto {
  @ApiProperty({ type: [FibreQuarterDto] }) items: FibreQuarterDto[];
}

export class FibreUnitQuery {
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
}

const GAPS_BY = ['commune', 'hamlet'] as const;

export class FibreGapsQuery extends FibreUnitQuery {
  @ApiPropertyOptional({ example: '2025Q2', description: 'Default: the last quarter with figures' })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  quarter?: string;
  @ApiPropertyOptional({ enum: GAPS_BY, default: 'commune' })
  @IsOptional()
  @IsIn(GAPS_BY)
  by: 'commune' | 'hamlet' = 'commune';
  @ApiPropertyOptional({
    enum: GAP_TIERS,
    default: 'any',
    description:
      'Speed that a household must be able to get, Mbit/s down and up: 25/3 unserved, 100/20 underserved',
  })
  @IsOptional()
  @IsIn(GAP_TIERS)
  tier: GapTier = 'any';
  @ApiPropertyOptional({ minimum: 1, maximum: 1000, default: 100, description: 'How many at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 100;
}

class FibreGapDto {
  @ApiProperty({ type: FibreUnitDto }) unit: FibreUnitRef;
  @ApiProperty({ type: Number, nullable: true, example: 1563, description: 'Null: no figures' })
  households: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 0 }) notPassedAtLeast: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 73 }) notPassedAtMost: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 95.3 }) passedAtLeastPct: number | null;
}
export class FibreGapsDto {
  @ApiProperty({ type: String, nullable: true, example: '2025Q2' }) quarter: string | null;
  @ApiProperty({ enum: GAP_TIERS, example: 'any' }) tier: GapTier;
  @ApiProperty({ type: FibreBasisDto, nullable: true, description: 'Null without figures' })
  basis: FibreBasis | null;
  @ApiProperty({ type: [FibreGapDto] }) items: FibreGapDto[];
}
export const GAPS_EXAMPLE: FibreGapsDto = {
  quarter: '2025Q2',
  tier: 'any',
  basis: BASIS_EXAMPLE,
  items: [
    {
      unit: {
        id: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11',
        code: '31318',
        kind: 'commune',
        name: 'Phường I',
      },
      households: 1563,
      notPassedAtLeast: 0,
      notPassedAtMost: 73,
      passedAtLeastPct: 95.3,
    },
  ],
};

class FibreTargetDto {
  @ApiProperty({ example: 'plan-207' }) code: string;
  @ApiProperty({ example: 80 }) sharePct: number;
  @ApiProperty({ example: '2025Q4' }) byQuarter: string;
  @ApiProperty({ example: 'Fibre for 80 % of households by 2025' }) nameEn: string;
  @ApiProperty({ example: 'Cáp quang đến 80 % hộ gia đình vào năm 2025' }) nameVi: string;
  @ApiProperty({ example: 'Kế hoạch 207 của tỉnh Hậu Giang' }) source: string;
  @ApiProperty({ type: String, nullable: true, example: '2025Q2', description: 'Whose figures these are' })
  quarter: string | null;
  @ApiProperty({ example: 201_300 }) households: number;
  @ApiProperty({ type: Number, nullable: true, example: 90.8 }) passedAtLeastPct: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 97.2 }) passedAtMostPct: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 76.4 }) connectedPct: number | null;
  @ApiProperty({ enum: STATES, example: 'met', description: 'By households that are passed' })
  passed: TargetState;
  @ApiProperty({ enum: STATES, example: 'open', description: 'By households that are connected' })
  connected: TargetState;
  @ApiProperty({ type: FibreBasisDto, nullable: true, description: 'Null without figures' })
  basis: FibreBasis | null;
}
export class FibreTargetsDto {
  @ApiProperty({ type: [FibreTargetDto] }) items: FibreTargetDto[];
}
export const TARGETS_EXAMPLE: FibreTargetsDto = {
  items: [
    {
      code: 'plan-207',
      sharePct: 80,
      byQuarter: '2025Q4',
      nameEn: 'Fibre for 80 % of households by 2025',
      nameVi: 'Cáp quang đến 80 % hộ gia đình vào năm 2025',
      source: 'Kế hoạch 207 của tỉnh Hậu Giang',
      quarter: '2025Q2',
      households: 201_300,
      passedAtLeastPct: 90.8,
      passedAtMostPct: 97.2,
      connectedPct: 76.4,
      passed: 'met',
      connected: 'open',
      basis: BASIS_EXAMPLE,
    },
  ],
};
