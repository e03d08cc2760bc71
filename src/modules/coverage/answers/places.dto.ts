import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ViewQuery } from '../coverage-request.dto.js';
import { AGREEMENTS, SIGNALS, type Agreement, type Signal } from '../domain/hamlet-status.js';
import { LEVEL_CLASSES, PLACES, TECHNOLOGIES, type Place, type Technology } from '../domain/index.js';
import { PROVENANCE_EXAMPLE, ProvenanceDto } from './provenance.js';
import { REGION_KINDS, type RegionKind } from './regions.reader.js';

/** A view, page by page. */
class ViewPageQuery extends ViewQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50, description: 'How many at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before', maxLength: 500 })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

export class RegionsQuery extends ViewPageQuery {
  @ApiPropertyOptional({
    enum: REGION_KINDS,
    default: 'white',
    description: 'white: nobody serves it; grey: some operators do, but few',
  })
  @IsOptional()
  @IsIn(REGION_KINDS)
  kind: RegionKind = 'white';

  @ApiPropertyOptional({ minimum: 1, maximum: 20, default: 1, description: 'Of grey regions' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(20)
  operatorsAtMost: number = 1;

  @ApiPropertyOptional({
    description: 'Code of a unit: regions that lie in it, if only in part',
    maxLength: 40,
  })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  area?: string;

  @ApiPropertyOptional({ minimum: 0, default: 0, description: 'Regions with fewer people are left out' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  minPopulation: number = 0;
}

class HamletFilterQuery extends ViewQuery {
  @ApiPropertyOptional({ description: 'Code of a commune of the run’s day', maxLength: 40 })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  commune?: string;

  @ApiPropertyOptional({ enum: SIGNALS, description: 'As the run has it' })
  @IsOptional()
  @IsIn(SIGNALS)
  signal?: Signal;

  @ApiPropertyOptional({
    enum: AGREEMENTS,
    description: 'How the run compares with what was reported: better or worse than that',
  })
  @IsOptional()
  @IsIn(AGREEMENTS)
  agreement?: Agreement;
}
export class HamletTableQuery extends HamletFilterQuery {}

export class HamletsQuery extends HamletFilterQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: 1000, default: 100, description: 'How many at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 100;

  @ApiPropertyOptional({ description: '`nextCursor` of the page before', maxLength: 500 })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;
}

class ViewDto {
  @ApiProperty({ type: ProvenanceDto }) provenance: ProvenanceDto;
  @ApiProperty({ enum: TECHNOLOGIES }) technology: Technology;
  @ApiProperty({ type: String, nullable: true, description: 'Null: all operators' }) operator: string | null;
  @ApiProperty({ enum: PLACES }) environment: Place;
  @ApiProperty() probability: number;
}

export class RegionsDto extends ViewDto {
  @ApiProperty({ enum: ['FeatureCollection'] }) type: string;
  @ApiProperty({ enum: REGION_KINDS }) kind: RegionKind;
  @ApiProperty({ type: Number, nullable: true, description: 'Null for white regions' }) operatorsAtMost:
    number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Quarter of the fibre figures; null: none' })
  fibreQuarter: string | null;
  @ApiProperty() numberMatched: number;
  @ApiProperty() numberReturned: number;
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' }) nextCursor:
    string | null;
  @ApiProperty({
    type: [Object],
    description:
      'GeoJSON: outlines of the regions; areas in km², distances in metres in a straight line from the cell with most people. Cells count as a whole, as their centres are served. People of communes whose number is unknown count as none',
  })
  features: object[];
}

class HamletNetworkDto {
  @ApiProperty({ enum: TECHNOLOGIES }) technology: Technology;
  @ApiProperty({ example: 'viettel' }) operator: string;
  @ApiProperty({ type: Number, nullable: true, description: 'dBm; null: nothing is received' })
  levelDbm: number | null;
  @ApiProperty({ enum: LEVEL_CLASSES }) levelClass: string;
}

export class HamletStatusDto {
  @ApiProperty({ example: '31339-A1' }) code: string;
  @ApiProperty({ example: 'Ấp 1' }) name: string;
  @ApiProperty({ enum: ['ap', 'khu_vuc'] }) kind: string;
  @ApiProperty() lon: number;
  @ApiProperty() lat: number;
  @ApiProperty({ type: Number, nullable: true }) households: number | null;
  @ApiProperty({ type: Number, nullable: true }) population: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Commune on the run’s day' })
  communeCode: string | null;
  @ApiProperty({ type: String, nullable: true }) communeName: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'dBm; null: nothing is received' })
  levelDbm: number | null;
  @ApiProperty({ enum: LEVEL_CLASSES, nullable: true, description: 'Null: outside of the run’s grid' })
  levelClass: string | null;
  @ApiProperty({
    enum: SIGNALS,
    nullable: true,
    description: 'none: below the threshold (trắng sóng); weak: below a good level (lõm sóng)',
  })
  signal: Signal | null;
  @ApiProperty({ type: String, nullable: true, description: 'The best server' }) site: string | null;
  @ApiProperty({ type: String, nullable: true }) operator: string | null;
  @ApiProperty({ type: [HamletNetworkDto] }) networks: HamletNetworkDto[];
  @ApiProperty({ enum: SIGNALS, nullable: true, description: 'In the register' })
  reportedSignal: Signal | null;
  @ApiProperty({ type: String, format: 'date', nullable: true }) reportedOn: string | null;
  @ApiProperty({ type: String, nullable: true }) reportedBy: string | null;
  @ApiProperty({ enum: AGREEMENTS, nullable: true, description: 'The run beside the report' })
  agreement: Agreement | null;
}

export class HamletCountDto {
  @ApiProperty({ type: String, nullable: true, example: '31339' }) communeCode: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'Xã Vị Tân' }) communeName: string | null;
  @ApiProperty({ example: 9 }) hamlets: number;
  @ApiProperty({ example: 1, description: 'Without signal (trắng sóng)' }) none: number;
  @ApiProperty({ example: 2, description: 'With a weak one (lõm sóng)' }) weak: number;
  @ApiProperty({ example: 6 }) served: number;
  @ApiProperty({ example: 0, description: 'Outside of the run’s grid' }) unknown: number;
  @ApiProperty({ example: 5, description: 'As reported' }) same: number;
  @ApiProperty({ example: 1, description: 'Better than reported' }) better: number;
  @ApiProperty({ example: 1, description: 'Worse than reported' }) worse: number;
  @ApiProperty({ example: 2 }) unreported: number;
  @ApiProperty({ example: 240, description: 'Of hamlets without signal, as far as known' })
  householdsWithoutSignal: number;
}

export class HamletCountsDto extends ViewDto {
  @ApiProperty({ type: [HamletCountDto] }) items: HamletCountDto[];
}

const VIEW = {
  provenance: PROVENANCE_EXAMPLE,
  technology: '4G',
  operator: null,
  environment: 'indoor',
  probability: 0.9,
} as const;
const near = (code: string, name: string | null, distanceM: number) => ({ code, name, distanceM });

export const REGIONS_EXAMPLE = {
  type: 'FeatureCollection',
  ...VIEW,
  kind: 'white',
  operatorsAtMost: null,
  fibreQuarter: '2025Q2',
  numberMatched: 1,
  numberReturned: 1,
  nextCursor: null,
  features: [
    {
      type: 'Feature',
      geometry: {
        type: 'MultiPolygon',
        coordinates: [
          [
            [
              [105.4656, 9.7812],
              [105.4641, 9.7803],
              [105.4643, 9.7786],
              [105.4656, 9.7812],
            ],
          ],
        ],
      },
      properties: {
        rank: 1,
        cells: 41,
        areaKm2: 0.62,
        population: 318.2,
        households: 88.4,
        lon: 105.4651,
        lat: 9.7795,
        communes: [{ code: '31339', areaKm2: 0.62, population: 318.2 }],
        hamlets: [{ code: '31339-A1', name: 'Ấp 1', households: 120, signal: 'none' }],
        nearestSite: near('HGI-VTL-0001', null, 2140),
        nearestSiteOfOperator: null,
        nearestFibreSite: near('HGI-VTL-0001', 'Trạm Vị Tân', 2140),
        nearestFibreCommune: near('31339', 'Xã Vị Tân', 0),
      },
    },
  ],
};

export const HAMLET_STATUS_EXAMPLE = {
  code: '31339-A1',
  name: 'Ấp 1',
  kind: 'ap',
  lon: 105.4651,
  lat: 9.7795,
  households: 120,
  population: null,
  communeCode: '31339',
  communeName: 'Xã Vị Tân',
  levelDbm: -112.4,
  levelClass: 'none',
  signal: 'none',
  site: 'HGI-VTL-0001',
  operator: 'viettel',
  networks: [{ technology: '4G', operator: 'viettel', levelDbm: -112.4, levelClass: 'none' }],
  reportedSignal: 'weak',
  reportedOn: '2025-05-12',
  reportedBy: 'UBND xã',
  agreement: 'worse',
};

export const HAMLET_COUNTS_EXAMPLE = {
  ...VIEW,
  items: [
    {
      communeCode: '31339',
      communeName: 'Xã Vị Tân',
      hamlets: 9,
      none: 1,
      weak: 2,
      served: 6,
      unknown: 0,
      same: 5,
      better: 1,
      worse: 1,
      unreported: 2,
      householdsWithoutSignal: 120,
    },
  ],
};
export const VIEW_EXAMPLE = VIEW;
