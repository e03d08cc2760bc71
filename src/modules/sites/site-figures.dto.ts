import { ApiProperty, ApiPropertyOptional, IntersectionType, OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsNumber, IsOptional, IsString, MaxLength, Max, Min } from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { CERTIFICATE_STATES, COUNT_DIMENSIONS, type CertificateState } from './domain/counting.js';
import { CONFIDENCES, type Confidence } from './domain/site-model.js';
import type { SitePair } from './site-counts.reader.js';
import type { WeakField } from './site-upkeep.reader.js';
import { SiteCommuneDto, SiteFilterQuery } from './sites.dto.js';

class WithinQuery {
  @ApiPropertyOptional({ example: '90d', default: '90d', description: 'Days ahead for certificates' })
  @IsOptional()
  @IsString()
  @MaxLength(6)
  within: string = '90d';
}

export class CountsQuery extends IntersectionType(SiteFilterQuery, WithinQuery) {
  @ApiProperty({
    example: 'operator,technology',
    description: `One to three of ${COUNT_DIMENSIONS.join(', ')}, or attr.<name> of a choice or boolean attribute`,
  })
  @IsString()
  @MaxLength(200)
  by: string;
}

class SiteCountDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    example: { operator: 'vnpt', technology: '4G' },
    description: 'A value of each dimension; null: not known. Units by their codes.',
  })
  values: Record<string, string | null>;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    example: {},
    description: 'Names of the units',
  })
  names: Record<string, string | null>;
  @ApiProperty({ example: 310, description: 'A site with several values counts under each' }) sites: number;
  @ApiProperty({ example: 1860 }) cells: number;
}
export class SiteCountsDto {
  @ApiProperty({ type: [String], example: ['operator', 'technology'] }) by: readonly string[];
  @ApiProperty({ format: 'date', example: '2026-03-01' }) date: string;
  @ApiProperty({ type: [SiteCountDto] }) items: SiteCountDto[];
}

export class SummaryQuery extends SiteFilterQuery {
  @ApiPropertyOptional({
    type: Number,
    default: 50,
    description: 'Sites so near to each other are co-located',
  })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1000)
  coLocatedWithinM: number = 50;
}

export class SitesSummaryDto {
  @ApiProperty({ example: 1070 }) sites: number;
  @ApiProperty({ example: 7512 }) cells: number;
  @ApiProperty({ example: 1070 }) sitesWith4g: number;
  @ApiProperty({ example: 3 }) sitesWith5g: number;
  @ApiProperty({ example: 4200 }) cells4g: number;
  @ApiProperty({ example: 9 }) cells5g: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.0028,
    description: 'Sites with 5G to sites with 4G',
  })
  ratio5gTo4g: number | null;
  @ApiProperty({ example: 960 }) fibreBackhaul: number;
  @ApiProperty({ example: 110, description: 'Known to be another kind' }) otherBackhaul: number;
  @ApiProperty({ example: 0 }) unknownBackhaul: number;
  @ApiProperty({ example: 1305, description: 'Networks on masts, added up' }) tenants: number;
  @ApiProperty({ type: Number, nullable: true, example: 1.22 }) tenantsPerMast: number | null;
  @ApiProperty({ example: 190, description: 'Masts with more than one network' }) shared: number;
  @ApiProperty({ example: 12, description: 'Masts with another one beside them' }) coLocated: number;
}
export const SUMMARY_EXAMPLE: SitesSummaryDto = {
  sites: 1070,
  cells: 7512,
  sitesWith4g: 1070,
  sitesWith5g: 3,
  cells4g: 4200,
  cells5g: 9,
  ratio5gTo4g: 0.0028,
  fibreBackhaul: 960,
  otherBackhaul: 110,
  unknownBackhaul: 0,
  tenants: 1305,
  tenantsPerMast: 1.22,
  shared: 190,
  coLocated: 12,
};

export const PAIR_KINDS = ['duplicate', 'co-located', 'any'] as const;
export class PairsQuery extends IntersectionType(
  OmitType(SiteFilterQuery, ['near', 'withinM'] as const),
  PageQuery,
) {
  @ApiPropertyOptional({ type: Number, default: 30, maximum: 1000, description: 'At most so far apart' })
  @IsOptional()
  @Type(() => Number)
  @IsNumber()
  @Min(0)
  @Max(1000)
  withinM: number = 30;
  @ApiPropertyOptional({
    enum: PAIR_KINDS,
    default: 'duplicate',
    description: 'duplicate: of the same owner or with a network on both; co-located: neither',
  })
  @IsOptional()
  @IsIn(PAIR_KINDS)
  kind: (typeof PAIR_KINDS)[number] = 'duplicate';
}

export class SitePairDto {
  @ApiProperty({ type: [String], example: ['HGI-VTL-0001', 'HGI-VTL-0412'] }) codes: [string, string];
  @ApiProperty({ type: [String], example: ['Trạm Viettel phường I 1', 'Vị Thanh 1'] }) names: [
    string,
    string,
  ];
  @ApiProperty({ type: [String], example: ['viettel', null] }) owners: [string | null, string | null];
  @ApiProperty({ example: 11.4 }) distanceM: number;
  @ApiProperty({ type: [String], example: ['viettel'] }) sharedNetworks: string[];
  @ApiProperty({ example: false }) sameOwner: boolean;
}
export const PAIR_EXAMPLE: SitePair = {
  codes: ['HGI-VTL-0001', 'HGI-VTL-0412'],
  names: ['Trạm Viettel phường I 1', 'Vị Thanh 1'],
  owners: ['viettel', null],
  distanceM: 11.4,
  sharedNetworks: ['viettel'],
  sameOwner: false,
};

export class CertificatesQuery extends IntersectionType(SiteFilterQuery, PageQuery, WithinQuery) {}

export class DueCertificateDto {
  @ApiProperty({ example: 'HGI-VTL-0001' }) code: string;
  @ApiProperty({ example: 'Trạm Viettel phường I 1' }) name: string;
  @ApiProperty({ type: String, nullable: true, example: 'viettel' }) ownerCode: string | null;
  @ApiProperty({ type: SiteCommuneDto, nullable: true }) commune: SiteCommuneDto | null;
  @ApiProperty({ enum: CERTIFICATE_STATES, example: 'due' }) state: CertificateState;
  @ApiProperty({ type: String, nullable: true, example: 'DEMO-KD-00001' }) certificateNumber: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true, example: '2026-05-14' })
  certificateExpiresOn: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 74, description: 'Below 0: expired' })
  daysLeft: number | null;
}
export const DUE_EXAMPLE: DueCertificateDto = {
  code: 'HGI-VTL-0001',
  name: 'Trạm Viettel phường I 1',
  ownerCode: 'viettel',
  commune: { id: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11', code: '31318', name: 'Phường I' },
  state: 'due',
  certificateNumber: 'DEMO-KD-00001',
  certificateExpiresOn: '2026-05-14',
  daysLeft: 74,
};

export class ToImproveQuery extends IntersectionType(SiteFilterQuery, PageQuery) {}

class WeakFieldDto {
  @ApiProperty({ example: 'electricalTiltDeg' }) field: string;
  @ApiProperty({ example: 6, description: 'Of so many cells' }) count: number;
}
export class SiteToImproveDto {
  @ApiProperty({ example: 'HGI-VTL-0001' }) code: string;
  @ApiProperty({ example: 'Trạm Viettel phường I 1' }) name: string;
  @ApiProperty({ type: String, nullable: true, example: 'viettel' }) ownerCode: string | null;
  @ApiProperty({ enum: CONFIDENCES, example: 'estimated' }) confidence: Confidence;
  @ApiProperty({ example: 6 }) cells: number;
  @ApiProperty({ example: 12, description: 'Weak values over all cells that coverage is computed from' })
  score: number;
  @ApiProperty({ type: [WeakFieldDto] }) assumed: WeakField[];
  @ApiProperty({ type: [WeakFieldDto] }) missing: WeakField[];
}
export const TO_IMPROVE_EXAMPLE: SiteToImproveDto = {
  code: 'HGI-VTL-0001',
  name: 'Trạm Viettel phường I 1',
  ownerCode: 'viettel',
  confidence: 'estimated',
  cells: 6,
  score: 12,
  assumed: [{ field: 'electricalTiltDeg', count: 6 }],
  missing: [{ field: 'gainDbi', count: 6 }],
};
