import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { POPULATION_FORMATS, type PopulationFormat } from './receive-points.js';

export const POPULATION_SOURCE_EXAMPLE = {
  id: '5b0f8a52-2c8e-4a52-9f0a-6f1f3f1f2d61',
  version: 1,
  format: 'csv',
  title: 'Dân số theo ô 100 m, 2024',
  source: 'WorldPop 2024, CC BY 4.0',
  active: true,
  points: 161_204,
  people: 729_888.2,
  households: null,
  createdBy: 'admin',
  createdAt: '2025-06-30T08:00:00.000Z',
};

export class PopulationSourceDto {
  @ApiProperty({ format: 'uuid', example: POPULATION_SOURCE_EXAMPLE.id }) id: string;
  @ApiProperty({ example: 1, description: 'The newest active one is taken by default' }) version: number;
  @ApiProperty({ enum: POPULATION_FORMATS, example: 'csv' }) format: PopulationFormat;
  @ApiProperty({ example: POPULATION_SOURCE_EXAMPLE.title }) title: string;
  @ApiProperty({ example: POPULATION_SOURCE_EXAMPLE.source }) source: string;
  @ApiProperty({ example: true }) active: boolean;
  @ApiProperty({ example: POPULATION_SOURCE_EXAMPLE.points, description: 'Points, or pixels with people' })
  points: number;
  @ApiProperty({ example: POPULATION_SOURCE_EXAMPLE.people, description: 'All points together' })
  people: number;
  @ApiProperty({ type: Number, nullable: true, example: null, description: 'Null: not counted' })
  households: number | null;
  @ApiProperty({ example: 'admin' }) createdBy: string;
  @ApiProperty({ type: String, format: 'date-time', example: POPULATION_SOURCE_EXAMPLE.createdAt })
  createdAt: Date;
}

export class ChangePopulationSourceDto {
  @ApiProperty({ example: false, description: 'Whether runs take it by default' })
  @IsBoolean()
  active: boolean;
}
