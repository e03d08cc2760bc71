import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import type { Outage } from './dependence.types.js';
import { FATES, REASONS, type Fate, type Reason } from './domain/dependence.js';

export class OutageDto implements Outage {
  @ApiPropertyOptional({
    type: [String],
    example: ['HGI-VTL-0001'],
    description: 'Codes of sites: masts with all that hangs on them',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10_000)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  sites?: string[];

  @ApiPropertyOptional({ description: 'Code of an operator whose whole network is down', maxLength: 64 })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  operator?: string;

  @ApiPropertyOptional({ example: 'VTL-RING-01', description: 'Sites that lose their backhaul together' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  backhaulGroup?: string;

  @ApiPropertyOptional({ example: 'PWR-31321', description: 'Sites that lose their power together' })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(100)
  powerGroup?: string;
}

class ServersRunDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ example: 'Vùng phủ sóng 2025-06-30 (H3 9)' }) title: string;
  @ApiProperty({ format: 'date', example: '2025-06-30' }) boundaryDate: string;
  @ApiProperty({ format: 'date', example: '2025-06-30' }) networkDate: string;
  @ApiProperty({ example: 0.9, description: 'Of its most careful view outdoors' }) probability: number;
  @ApiProperty({ format: 'date-time' }) finishedAt: Date;
}

class CountsDto {
  @ApiProperty({ example: 120, description: 'In service' }) clusters: number;
  @ApiProperty({ example: 2 }) silent: number;
  @ApiProperty({ example: 5, description: 'Taken over by another site' }) moves: number;
  @ApiProperty({ example: 3 }) unknown: number;
  @ApiProperty({ example: 110 }) unaffected: number;
}

class ClusterFateDto {
  @ApiProperty({ example: 'hgi-31318-01' }) clusterId: string;
  @ApiProperty({ example: 'Cụm loa 1 phường I' }) name: string;
  @ApiProperty({ example: '31318' }) areaCode: string;
  @ApiProperty({ example: 'Phường I' }) areaName: string;
  @ApiProperty({ enum: FATES }) fate: Fate;
  @ApiProperty({ enum: Object.keys(REASONS) }) reason: Reason;
  @ApiProperty({ example: REASONS.ALL_SERVING_SITES.en }) messageEn: string;
  @ApiProperty({ example: REASONS.ALL_SERVING_SITES.vi }) messageVi: string;
  @ApiProperty({
    type: [String],
    example: ['HGI-VTL-0001'],
    description: 'That it hangs on and that are down',
  })
  failedSites: string[];
  @ApiProperty({ type: String, nullable: true, example: null, description: 'That takes it over' }) nextSite:
    string | null;
}

export class OutageAnswerDto {
  @ApiProperty({ type: [String], description: 'Down, by code; those of a whole network are not listed' })
  sites: string[];
  @ApiProperty({ type: String, nullable: true, example: null }) operator: string | null;
  @ApiProperty({
    type: ServersRunDto,
    nullable: true,
    description: 'Says which sites serve a cluster; null: there is none',
  })
  run: ServersRunDto | null;
  @ApiProperty({ type: CountsDto }) counts: CountsDto;
  @ApiProperty({
    type: [ClusterFateDto],
    description: 'Silent, then those that move, then unknown; unaffected ones are only counted',
  })
  clusters: ClusterFateDto[];
}

const AREA = { areaCode: '31318', areaName: 'Phường I' };
export const OUTAGE_EXAMPLE = {
  sites: ['HGI-VTL-0001'],
  operator: null,
  run: {
    id: '9a3f0c52-1c7e-4b52-8f0a-6f1f3f1f2d21',
    title: 'Vùng phủ sóng 2025-06-30 (H3 9)',
    boundaryDate: '2025-06-30',
    networkDate: '2025-06-30',
    probability: 0.9,
    finishedAt: '2025-06-30T08:00:06.000Z',
  },
  counts: { clusters: 120, silent: 1, moves: 0, unknown: 0, unaffected: 119 },
  clusters: [
    {
      clusterId: 'hgi-31318-01',
      name: 'Cụm loa 1 phường I',
      ...AREA,
      fate: 'silent',
      reason: 'ALL_SERVING_SITES',
      messageEn: REASONS.ALL_SERVING_SITES.en,
      messageVi: REASONS.ALL_SERVING_SITES.vi,
      failedSites: ['HGI-VTL-0001'],
      nextSite: null,
    },
  ],
};

class ServerDto {
  @ApiProperty({ example: 'HGI-VTL-0001' }) siteCode: string;
  @ApiProperty({ example: -84.2, description: 'RSRP at the cluster’s cell of the grid' }) levelDbm: number;
  @ApiProperty({ example: 412 }) distanceM: number;
}

export class UplinkDto {
  @ApiProperty({ example: 'hgi-31318-01' }) clusterId: string;
  @ApiProperty({ example: 'Cụm loa 1 phường I' }) name: string;
  @ApiProperty({ example: '31318' }) areaCode: string;
  @ApiProperty({ example: 'Phường I' }) areaName: string;
  @ApiProperty({ example: 105.4676 }) lon: number;
  @ApiProperty({ example: 9.7796 }) lat: number;
  @ApiProperty({ type: String, nullable: true, example: '4G', description: 'Null: unknown' }) kind:
    string | null;
  @ApiProperty({ type: String, nullable: true, example: 'viettel' }) operator: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'The site that the register names',
  })
  siteCode: string | null;
  @ApiProperty({
    type: [ServerDto],
    nullable: true,
    description: 'Predicted, the best first; null: no prediction',
  })
  servers: ServerDto[] | null;
  @ApiProperty({
    type: Boolean,
    nullable: true,
    example: true,
    description: 'It hangs on one site alone; null: unknown',
  })
  singleSite: boolean | null;
}
export const UPLINK_EXAMPLE = {
  clusterId: 'hgi-31318-01',
  name: 'Cụm loa 1 phường I',
  ...AREA,
  lon: 105.4676,
  lat: 9.7796,
  kind: '4G',
  operator: 'viettel',
  siteCode: null,
  servers: [{ siteCode: 'HGI-VTL-0001', levelDbm: -84.2, distanceM: 412 }],
  singleSite: true,
};
