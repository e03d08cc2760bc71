import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import type { AreaKind } from '../../areas/index.js';
import { UNIT_KINDS, ViewQuery } from '../coverage-request.dto.js';
import { PLACES, TECHNOLOGIES, type Place, type Technology } from '../domain/index.js';
import { PROVENANCE_EXAMPLE, ProvenanceDto } from './provenance.js';

class SinceQuery extends ViewQuery {
  @ApiProperty({ format: 'uuid', description: 'Id of the earlier run' })
  @IsUUID()
  since: string;
}

export class DifferencesQuery extends SinceQuery {
  @ApiPropertyOptional({ enum: UNIT_KINDS, description: 'Units of which level; default: all' })
  @IsOptional()
  @IsIn(UNIT_KINDS)
  by?: AreaKind;
}

export class ChangedCellsQuery extends SinceQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: 5000, default: 1000, description: 'How many at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(5000)
  limit: number = 1000;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before', maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
}

class ComparedDto {
  @ApiProperty({ enum: TECHNOLOGIES }) technology: Technology;
  @ApiProperty({ type: String, nullable: true, description: 'Null: all operators' }) operator: string | null;
  @ApiProperty({ enum: PLACES }) environment: Place;
  @ApiProperty() probability: number;
  @ApiProperty({ type: ProvenanceDto }) before: ProvenanceDto;
  @ApiProperty({ type: ProvenanceDto }) after: ProvenanceDto;
}

export class DifferencesDto extends ComparedDto {
  @ApiProperty({ description: 'The same cells: what changed is known cell by cell' }) sameGrid: boolean;
  @ApiProperty({ type: Object, nullable: true, description: 'Why there are no cells to compare, en and vi' })
  note: object | null;
  @ApiProperty({
    type: [Object],
    description: 'Where the manifests differ: path, before, after (200 at most)',
  })
  manifest: object[];
  @ApiProperty({
    type: [Object],
    nullable: true,
    description:
      'Cells, km² and people by change of the best level, from `fromDb` and below `belowDb` (dB; null: without end), and those that receive something in one run only',
  })
  levels: object[] | null;
  @ApiProperty({
    type: [Object],
    description:
      'By unit: percentages of both runs, and what was gained and lost: cells, km², people, households (null when the grids differ). Like the percentages, km², people and households cut cells at the edge of coverage; cells are counted at their centres',
  })
  units: object[];
}

export class ChangedCellsDto extends ComparedDto {
  @ApiProperty({ enum: ['FeatureCollection'] }) type: string;
  @ApiProperty() numberMatched: number;
  @ApiProperty() numberReturned: number;
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' }) nextCursor:
    string | null;
  @ApiProperty({ type: [Object], description: 'GeoJSON: hexagons by H3 index, levels in dBm' })
  features: object[];
}

const COMPARED = {
  technology: '4G',
  operator: null,
  environment: 'indoor',
  probability: 0.9,
  before: { ...PROVENANCE_EXAMPLE, runId: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11', networkDate: '2025-03-31' },
  after: PROVENANCE_EXAMPLE,
};

export const DIFFERENCES_EXAMPLE = {
  ...COMPARED,
  sameGrid: true,
  note: null,
  manifest: [{ path: 'networkDate', before: '2025-03-31', after: '2025-06-30' }],
  levels: [
    { fromDb: -1, belowDb: 1, received: 'both', cells: 90_412, areaKm2: 1571.2, population: 709_112.4 },
    { fromDb: 10, belowDb: 20, received: 'both', cells: 2931, areaKm2: 50.6, population: 23_904.6 },
  ],
  units: [
    {
      areaCode: '930',
      areaKind: 'district',
      areaName: 'Thành phố Vị Thanh',
      before: { areaPercent: 84.1, populationPercent: 88.2 },
      after: { areaPercent: 87.8, populationPercent: 90.3 },
      gained: { cells: 251, areaKm2: 4.4, population: 1540.2, households: 427.8 },
      lost: { cells: 0, areaKm2: 0, population: 0, households: 0 },
    },
  ],
};

export const CHANGED_CELLS_EXAMPLE = {
  type: 'FeatureCollection',
  ...COMPARED,
  numberMatched: 1,
  numberReturned: 1,
  nextCursor: null,
  features: [
    {
      type: 'Feature',
      id: '8a694869c437fff',
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [105.4656, 9.7812],
            [105.465, 9.7809],
            [105.4651, 9.7803],
            [105.4657, 9.78],
            [105.4662, 9.7803],
            [105.4662, 9.7809],
            [105.4656, 9.7812],
          ],
        ],
      },
      properties: {
        change: 'gained',
        beforeDbm: -112.9,
        afterDbm: -101.3,
        beforeClass: 'none',
        afterClass: 'good',
        population: 8.8,
      },
    },
  ],
};
