import { ApiProperty } from '@nestjs/swagger';
import type { AreaKind } from '../areas/index.js';
import { PERIODS, type Period } from './domain/index.js';
import { CELLS_EXAMPLE, FIGURE_EXAMPLE, RUN_EXAMPLE, SILENT_SPOT_EXAMPLE } from './reach.examples.js';
import { RUN_STATES, UNIT_KINDS } from './reach-request.dto.js';
import type { ReachRunState } from './reach.types.js';

class ReachErrorDto {
  @ApiProperty({ example: 'grid.empty' }) code: string;
  @ApiProperty({ example: 'There is no area with a boundary to make a grid of.' }) messageEn: string;
  @ApiProperty({ example: 'Không có đơn vị hành chính nào có ranh giới để lập lưới.' }) messageVi: string;
}

class ReachWarningDto {
  @ApiProperty({ example: 'horn.assumed' }) code: string;
  @ApiProperty({ type: String, nullable: true, example: 'sensitivityDb' }) field: string | null;
  @ApiProperty({ example: RUN_EXAMPLE.warnings[0]?.messageEn }) messageEn: string;
  @ApiProperty({ example: RUN_EXAMPLE.warnings[0]?.messageVi }) messageVi: string;
  @ApiProperty({ example: 120, description: 'How often' }) count: number;
  @ApiProperty({ type: [String], description: 'The first hundred clusters' }) subjects: string[];
}

export class ReachRunSummaryDto {
  @ApiProperty({ format: 'uuid', example: RUN_EXAMPLE.id }) id: string;
  @ApiProperty({ example: RUN_EXAMPLE.title }) title: string;
  @ApiProperty({ enum: RUN_STATES, example: 'done' }) state: ReachRunState;
  @ApiProperty({ format: 'uuid', example: RUN_EXAMPLE.jobId }) jobId: string;
  @ApiProperty({ example: 1, description: '0–1' }) progress: number;
  @ApiProperty({ type: String, nullable: true, example: 'levels' }) progressNote: string | null;
  @ApiProperty({ format: 'date', example: '2025-06-30' }) boundaryDate: string;
  @ApiProperty({ example: 10, description: 'H3 resolution' }) resolution: number;
  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Some of the data is made up; say so where it is shown',
  })
  synthetic: boolean | null;
  @ApiProperty({ type: ReachErrorDto, nullable: true, description: 'Why it failed' })
  error: ReachErrorDto | null;
  @ApiProperty({ example: 'admin' }) createdBy: string;
  @ApiProperty({ type: String, format: 'date-time', example: RUN_EXAMPLE.createdAt }) createdAt: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: RUN_EXAMPLE.finishedAt })
  finishedAt: Date | null;
}

export class ReachRunDto extends ReachRunSummaryDto {
  @ApiProperty({ type: Object, description: 'What was asked for, with the defaults filled in' })
  parameters: object;
  @ApiProperty({
    type: Object,
    nullable: true,
    description:
      'How it came about: engine, parameters with their sources, grid, clusters and what was assumed of them. Null until it is done',
  })
  manifest: object | null;
  @ApiProperty({
    type: [ReachWarningDto],
    description: 'What was left out, assumed, or lies outside of the method',
  })
  warnings: ReachWarningDto[];
}

const number = (example: number | null) => ({
  type: Number,
  nullable: true,
  example,
  description: 'Null: unknown',
});

export class ReachFigureDto {
  @ApiProperty({ format: 'uuid', example: FIGURE_EXAMPLE.areaId }) areaId: string;
  @ApiProperty({ example: '31318' }) areaCode: string;
  @ApiProperty({ enum: UNIT_KINDS, example: 'commune' }) areaKind: AreaKind;
  @ApiProperty({ example: 'Phường I' }) areaName: string;
  @ApiProperty({ enum: PERIODS }) period: Period;
  @ApiProperty({ example: 2.1 }) areaKm2: number;
  @ApiProperty({ example: 0.9 }) areaHeardKm2: number;
  @ApiProperty(number(42.857)) areaPercent: number | null;
  @ApiProperty({ example: 0.2, description: 'Where two clusters or more are heard at once' })
  areaEchoKm2: number;
  @ApiProperty(number(9100)) population: number | null;
  @ApiProperty(number(4200)) populationHeard: number | null;
  @ApiProperty(number(46.154)) populationPercent: number | null;
  @ApiProperty(number(930)) populationEcho: number | null;
  @ApiProperty({ example: 44, description: 'FM and wired, whose places nobody knows' })
  plainLoudspeakers: number;
  @ApiProperty({
    ...number(5900),
    description:
      'Estimate: people who hear a cluster or a plain loudspeaker, those being strewn where people live',
  })
  populationWithPlain: number | null;
  @ApiProperty(number(64.835)) populationPercentWithPlain: number | null;
  @ApiProperty(number(64.84)) householdsPercentWithPlain: number | null;
  @ApiProperty(number(2500)) households: number | null;
  @ApiProperty(number(1154)) householdsHeard: number | null;
  @ApiProperty(number(46.16)) householdsPercent: number | null;
  @ApiProperty({ example: 1 }) communes: number;
  @ApiProperty({ example: 0, description: 'Left out of the sums of people' })
  communesWithoutPopulation: number;
  @ApiProperty({ example: 0, description: 'Left out of the sums of households' })
  communesWithoutHouseholds: number;
}

class NearestClusterDto {
  @ApiProperty({ example: 'hgi-31318-01' }) id: string;
  @ApiProperty({ example: 612, description: 'From the densest cell' }) distanceM: number;
}

export class SilentSpotDto {
  @ApiProperty({ format: 'uuid', example: SILENT_SPOT_EXAMPLE.areaId }) areaId: string;
  @ApiProperty({ example: '31318' }) areaCode: string;
  @ApiProperty({ example: 'Phường I' }) areaName: string;
  @ApiProperty({ enum: PERIODS }) period: Period;
  @ApiProperty({ example: 41 }) cells: number;
  @ApiProperty({ example: 0.58, description: 'Without what is heard at its edge' }) areaKm2: number;
  @ApiProperty({ example: 2310.4, description: 'People who hear nothing' }) population: number;
  @ApiProperty({ example: 640.2 }) households: number;
  @ApiProperty({ example: '8a694869c427fff', description: 'Where most of them live, and its centre' })
  densestCell: string;
  @ApiProperty({ example: 105.4699 }) lon: number;
  @ApiProperty({ example: 9.7831 }) lat: number;
  @ApiProperty({ type: NearestClusterDto, nullable: true, description: 'Null: there is none at all' })
  nearestCluster: NearestClusterDto | null;
}

export class ReachCellsDto {
  @ApiProperty({ enum: ['FeatureCollection'] }) type: string;
  @ApiProperty({ enum: PERIODS }) period: Period;
  @ApiProperty({ example: 1, description: 'Cells whose centre lies in the box' }) numberMatched: number;
  @ApiProperty({ example: 1 }) numberReturned: number;
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' }) nextCursor:
    string | null;
  @ApiProperty({
    type: [Object],
    description:
      'GeoJSON: hexagons by H3 index, levels of speech in dB(A) at the centre (null: far too quiet)',
    example: CELLS_EXAMPLE.features,
  })
  features: object[];
}

class PeriodDto {
  @ApiProperty({ enum: PERIODS }) period: Period;
  @ApiProperty({ example: 52 }) backgroundDba: number;
  @ApiProperty({ example: 62, description: 'Background and the margin that speech needs above it' })
  heardFromDba: number;
  @ApiProperty({ example: true }) heard: boolean;
  @ApiProperty({
    type: Number,
    nullable: true,
    example: 2.2,
    description: 'Of the loudest cluster; null without one',
  })
  marginDb: number | null;
  @ApiProperty({ example: 1 }) clustersHeard: number;
}

class HeardClusterDto {
  @ApiProperty({ example: 'hgi-31318-01' }) clusterId: string;
  @ApiProperty({ example: 287 }) distanceM: number;
  @ApiProperty({ example: 31, description: 'From the cluster, degrees from north' }) bearingDeg: number;
  @ApiProperty({ example: 8 }) hornHeightM: number;
  @ApiProperty({ example: 114.9, description: 'Speech at 1 m in this direction, all horns together' })
  atOneMetreDba: number;
  @ApiProperty({ example: 49.2 }) spreadingDb: number;
  @ApiProperty({ example: 1.4 }) airDb: number;
  @ApiProperty({ example: 0.1, description: 'Negative: the ground adds to the sound' }) groundDb: number;
  @ApiProperty({ example: 64.2 }) levelDba: number;
  @ApiProperty({ type: [String], description: 'What of its horns is assumed' }) assumed: string[];
  @ApiProperty({ type: [String], description: 'What lies outside of what ISO 9613 is stated for' })
  outsideRange: string[];
}

export class ReachPlaceDto {
  @ApiProperty({ example: '8a694869c427fff', description: 'H3 index' }) cell: string;
  @ApiProperty({ example: 105.4699 }) lon: number;
  @ApiProperty({ example: 9.7831 }) lat: number;
  @ApiProperty({ example: 41.2, description: 'People in the cell' }) population: number;
  @ApiProperty({ example: 11.4 }) households: number;
  @ApiProperty({ example: 'suburban' }) landCover: string;
  @ApiProperty({ example: 0.6, description: 'G of ISO 9613-2' }) groundFactor: number;
  @ApiProperty({ type: [PeriodDto] }) periods: PeriodDto[];
  @ApiProperty({ type: [HeardClusterDto], description: 'The ten loudest, the loudest first' })
  clusters: HeardClusterDto[];
}
