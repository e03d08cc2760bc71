import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../../../common/http/page.js';
import { GROUND_CLASSES } from '../domain/index.js';
import { LAND_COVER_KINDS, type LandCoverKind } from './land-cover-source.js';

export const LAND_COVER_SOURCE_EXAMPLE = {
  id: '1c2f8a52-2c8e-4a52-9f0a-6f1f3f1f2d77',
  version: 1,
  kind: 'land-cover',
  format: 'geotiff',
  title: 'Lớp phủ đất 10 m, 2021',
  source: 'ESA WorldCover 2021 v200, CC BY 4.0',
  active: true,
  mapping: null,
  classes: [
    { code: '40', pixels: 17_204_133 },
    { code: '80', pixels: 1_010_400 },
  ],
  createdBy: 'admin',
  createdAt: '2025-06-30T08:00:00.000Z',
};

class FoundClassDto {
  @ApiProperty({ example: '40', description: 'As the source has it' }) code: string;
  @ApiProperty({ example: 17_204_133, description: 'In the box about the administrative units' })
  pixels: number;
}

export class LandCoverSourceDto {
  @ApiProperty({ format: 'uuid', example: LAND_COVER_SOURCE_EXAMPLE.id }) id: string;
  @ApiProperty({ example: 1, description: 'The newest active one of its kind is taken by default' })
  version: number;
  @ApiProperty({ enum: LAND_COVER_KINDS, example: 'land-cover' }) kind: LandCoverKind;
  @ApiProperty({ enum: ['geotiff', 'geojson'], example: 'geotiff' }) format: string;
  @ApiProperty({ example: LAND_COVER_SOURCE_EXAMPLE.title }) title: string;
  @ApiProperty({ example: LAND_COVER_SOURCE_EXAMPLE.source }) source: string;
  @ApiProperty({ example: true }) active: boolean;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...GROUND_CLASSES] },
    nullable: true,
    example: null,
    description: 'What its classes stand for; null: as worldCover of the coverage settings has it',
  })
  mapping: object | null;
  @ApiProperty({ type: [FoundClassDto], example: LAND_COVER_SOURCE_EXAMPLE.classes })
  classes: FoundClassDto[];
  @ApiProperty({ example: 'admin' }) createdBy: string;
  @ApiProperty({ type: String, format: 'date-time', example: LAND_COVER_SOURCE_EXAMPLE.createdAt })
  createdAt: Date;
}

export class LandCoverSourcesQuery extends PageQuery {
  @ApiPropertyOptional({ enum: LAND_COVER_KINDS }) @IsOptional() @IsIn(LAND_COVER_KINDS) kind?: LandCoverKind;
}

export class ChangeLandCoverSourceDto {
  @ApiProperty({ example: false, description: 'Whether runs take it by default' })
  @IsBoolean()
  active: boolean;
}
