import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches, IsString, MaxLength } from 'class-validator';
import type { AreaKind } from '../../areas/index.js';
import { FiguresQuery, UNIT_KINDS } from '../coverage-request.dto.js';
import { PLACES, TECHNOLOGIES, type Place, type Technology } from '../domain/index.js';
import { COUNTED, type Counted } from '../reckon-histograms.js';

export class HistogramsQuery extends FiguresQuery {
  @ApiPropertyOptional({ enum: COUNTED, description: 'What is counted; default: both' })
  @IsOptional()
  @IsIn(COUNTED)
  counted?: Counted;
}

export class MaximumOperatorQuery extends OmitType(FiguresQuery, ['operator'] as const) {}

export class AgainDto {
  @ApiProperty({
    format: 'date',
    example: '2025-07-01',
    description: 'Day whose administrative units the figures shall be under',
  })
  @Matches(/^\d{4}-\d\d-\d\d$/)
  boundaryDate: string;

  @ApiPropertyOptional({ maxLength: 200, example: 'Vùng phủ quý 2/2025 theo đơn vị mới' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  title?: string;
}

class BucketDto {
  @ApiProperty({ example: 2, description: 'Exactly so many' }) count: number;
  @ApiProperty({ example: false, description: 'So many and more' }) orMore: boolean;
  @ApiProperty({ example: 31.4 }) areaKm2: number;
  @ApiProperty({ type: Number, nullable: true, example: 26.5 }) areaPercent: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 20_417.2 }) population: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 27.8 }) populationPercent: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 5671.4 }) households: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 27.8 }) householdsPercent: number | null;
}

class UnitViewDto {
  @ApiProperty({ format: 'uuid' }) areaId: string;
  @ApiProperty({ example: '930' }) areaCode: string;
  @ApiProperty({ enum: UNIT_KINDS }) areaKind: AreaKind;
  @ApiProperty({ example: 'Thành phố Vị Thanh' }) areaName: string;
  @ApiProperty({ enum: TECHNOLOGIES, nullable: true, description: 'Null: by any technology' })
  technology: Technology | null;
  @ApiProperty({ enum: PLACES }) environment: Place;
  @ApiProperty({ example: 0.9 }) probability: number;
}

export class HistogramDto extends UnitViewDto {
  @ApiProperty({
    enum: COUNTED,
    description:
      'Operators whose network reaches the threshold, or sites that do; a mast that several operators share counts once for each',
  })
  counted: Counted;
  @ApiProperty({ type: String, nullable: true, description: 'Null: all operators together' })
  operator: string | null;
  @ApiProperty({ type: [BucketDto], description: 'By number, from none; the last of sites may be “or more”' })
  buckets: BucketDto[];
}

export class MaximumOperatorDto extends UnitViewDto {
  @ApiProperty({ type: String, nullable: true, example: 'viettel', description: 'Null: nobody covers it' })
  operator: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 73_322 }) population: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 61_018.5 }) populationCovered: number | null;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 83.2,
    description: 'Indicator SDG 9.c.1: the largest single operator’s share of the people',
  })
  populationPercent: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 79.9, description: 'Of the same operator' })
  areaPercent: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 90.3, description: 'Of all operators together' })
  anyOperatorPopulationPercent: number | null;
  @ApiProperty({ example: 3, description: 'Operators that have figures' }) operators: number;
}

const UNIT_VIEW = {
  areaId: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11',
  areaCode: '930',
  areaKind: 'district',
  areaName: 'Thành phố Vị Thanh',
  technology: '4G',
  environment: 'indoor',
  probability: 0.9,
};
export const HISTOGRAM_EXAMPLE = {
  ...UNIT_VIEW,
  counted: 'operators',
  operator: null,
  buckets: [
    {
      count: 0,
      orMore: false,
      areaKm2: 14.5,
      areaPercent: 12.2,
      population: 7112,
      populationPercent: 9.7,
      households: 1976,
      householdsPercent: 9.7,
    },
  ],
};
export const MAXIMUM_OPERATOR_EXAMPLE = {
  ...UNIT_VIEW,
  operator: 'viettel',
  population: 73_322,
  populationCovered: 61_018.5,
  populationPercent: 83.2,
  areaPercent: 79.9,
  anyOperatorPopulationPercent: 90.3,
  operators: 3,
};
