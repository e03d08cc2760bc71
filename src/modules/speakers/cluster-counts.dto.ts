import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ClusterFilterQuery } from './clusters.dto.js';
import { CLUSTER_DIMENSIONS } from './domain/cluster-counting.js';

export class ClusterCountsQuery extends ClusterFilterQuery {
  @ApiPropertyOptional({
    example: 'commune,connection',
    description: `Up to three of ${CLUSTER_DIMENSIONS.join(', ')}; without them only the totals are told`,
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  by?: string;
}

class ClusterCountDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    example: { commune: '31318', connection: 'online' },
    description: 'A value of each dimension; null: not known. Units by their codes.',
  })
  values: Record<string, string | null>;
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    example: { commune: 'Phường I' },
    description: 'Names of the units',
  })
  names: Record<string, string | null>;
  @ApiProperty({ example: 3 }) clusters: number;
  @ApiProperty({ example: 8 }) horns: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: null,
    description:
      'FM and wired, where everything asked for is a unit. Those of a former unit count where its middle lies',
  })
  plainLoudspeakers: number | null;
}

export class CountsDto {
  @ApiProperty({ example: 120 }) clusters: number;
  @ApiProperty({ example: 117, description: 'In service and connected' }) online: number;
  @ApiProperty({ example: 2 }) offline: number;
  @ApiProperty({ example: 1 }) neverHeard: number;
  @ApiProperty({ example: 0 }) outOfService: number;
  @ApiProperty({ example: 312 }) horns: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 3288,
    description: 'FM and wired; null where the filter asks for what only clusters have',
  })
  plainLoudspeakers: number | null;
  @ApiProperty({ example: 4 }) openAlarms: number;
  @ApiProperty({ format: 'date', example: '2026-03-01', description: 'Day whose units are meant' })
  date: string;
  @ApiProperty({ type: [String], example: ['commune', 'connection'] }) by: readonly string[];
  @ApiProperty({ type: [ClusterCountDto] }) items: ClusterCountDto[];
}
export const COUNTS_EXAMPLE: CountsDto = {
  clusters: 120,
  online: 117,
  offline: 2,
  neverHeard: 1,
  outOfService: 0,
  horns: 312,
  plainLoudspeakers: 3288,
  openAlarms: 4,
  date: '2026-03-01',
  by: ['commune', 'connection'],
  items: [
    {
      values: { commune: '31318', connection: 'online' },
      names: { commune: 'Phường I' },
      clusters: 3,
      horns: 8,
      plainLoudspeakers: null,
    },
  ],
};
