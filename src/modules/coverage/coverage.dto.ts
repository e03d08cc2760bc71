import { ApiProperty } from '@nestjs/swagger';
import type { AreaKind } from '../areas/index.js';
import { RUN_STATES, UNIT_KINDS } from './coverage-request.dto.js';
import { CELLS_EXAMPLE, FIGURE_EXAMPLE, RUN_EXAMPLE } from './coverage.examples.js';
import type { RunState } from './coverage.types.js';
import {
  LAND_COVERS,
  PLACES,
  TECHNOLOGIES,
  type LandCover,
  type Place,
  type Technology,
} from './domain/index.js';

class RunErrorDto {
  @ApiProperty({ example: 'grid.empty' }) code: string;
  @ApiProperty({ example: 'There is no area with a boundary to make a grid of.' }) messageEn: string;
  @ApiProperty({ example: 'Không có đơn vị hành chính nào có ranh giới để lập lưới.' }) messageVi: string;
}

class RunWarningDto {
  @ApiProperty({ example: 'cell.no-height' }) code: string;
  @ApiProperty({ type: String, nullable: true, example: 'antennaHeightM' }) field: string | null;
  @ApiProperty({ example: 'Neither the cell nor its site has a height.' }) messageEn: string;
  @ApiProperty({ example: 'Cell và trạm đều không có độ cao.' }) messageVi: string;
  @ApiProperty({ example: 1, description: 'How often' }) count: number;
  @ApiProperty({ type: [String], description: 'The first hundred: site, site/cell, area or operator' })
  subjects: string[];
}

export class RunSummaryDto {
  @ApiProperty({ format: 'uuid', example: RUN_EXAMPLE.id }) id: string;
  @ApiProperty({ example: RUN_EXAMPLE.title }) title: string;
  @ApiProperty({ enum: RUN_STATES, example: 'done' }) state: RunState;
  @ApiProperty({ format: 'uuid', example: RUN_EXAMPLE.jobId }) jobId: string;
  @ApiProperty({ example: 1, description: '0–1' }) progress: number;
  @ApiProperty({ type: String, nullable: true, example: 'indoor 90 %: levels' }) progressNote: string | null;
  @ApiProperty({ format: 'date', example: '2025-06-30' }) boundaryDate: string;
  @ApiProperty({ example: 9, description: 'H3 resolution' }) resolution: number;
  @ApiProperty({ enum: PLACES, isArray: true }) environments: Place[];
  @ApiProperty({ type: [Number], example: [0.5, 0.9] }) probabilities: number[];
  @ApiProperty({
    type: String,
    nullable: true,
    example: RUN_EXAMPLE.dataVersion,
    description: 'Which state of the register it was reckoned from; null until it is done',
  })
  dataVersion: string | null;
  @ApiProperty({
    type: Boolean,
    nullable: true,
    description: 'Some of the data is made up; say so where it is shown',
  })
  synthetic: boolean | null;
  @ApiProperty({ type: RunErrorDto, nullable: true, description: 'Why it failed' }) error: RunErrorDto | null;
  @ApiProperty({ example: 'admin' }) createdBy: string;
  @ApiProperty({ type: String, format: 'date-time', example: RUN_EXAMPLE.createdAt }) createdAt: Date;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: RUN_EXAMPLE.finishedAt })
  finishedAt: Date | null;
}

export class RunDto extends RunSummaryDto {
  @ApiProperty({ type: Object, description: 'What was asked for, with the defaults filled in' })
  parameters: object;
  @ApiProperty({
    type: Object,
    nullable: true,
    description:
      'How it came about: engine, models, parameters and thresholds with their sources, grid, what was assumed, shares outside of a model’s range. Null until it is done',
  })
  manifest: object | null;
  @ApiProperty({ type: [RunWarningDto], description: 'What was left out or taken with care' })
  warnings: RunWarningDto[];
}

const percentage = (example: number) => ({
  type: Number,
  nullable: true,
  example,
  description: '0–100; null where there is nothing to be a part of, or it is unknown',
});
const count = (example: number) => ({ type: Number, nullable: true, example, description: 'Null: unknown' });

export class FigureDto {
  @ApiProperty({ format: 'uuid', example: FIGURE_EXAMPLE.areaId }) areaId: string;
  @ApiProperty({ example: '930' }) areaCode: string;
  @ApiProperty({ enum: UNIT_KINDS, example: 'district' }) areaKind: AreaKind;
  @ApiProperty({ example: 'Thành phố Vị Thanh' }) areaName: string;
  @ApiProperty({ enum: TECHNOLOGIES, nullable: true, example: '4G', description: 'Null: by any technology' })
  technology: Technology | null;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Null: by any operator' })
  operator: string | null;
  @ApiProperty({ enum: PLACES, example: 'indoor' }) environment: Place;
  @ApiProperty({ example: 0.9 }) probability: number;
  @ApiProperty({ example: FIGURE_EXAMPLE.areaKm2 }) areaKm2: number;
  @ApiProperty({ example: FIGURE_EXAMPLE.areaCoveredKm2 }) areaCoveredKm2: number;
  @ApiProperty(percentage(FIGURE_EXAMPLE.areaPercent)) areaPercent: number | null;
  @ApiProperty(count(FIGURE_EXAMPLE.population)) population: number | null;
  @ApiProperty(count(FIGURE_EXAMPLE.populationCovered)) populationCovered: number | null;
  @ApiProperty(percentage(FIGURE_EXAMPLE.populationPercent)) populationPercent: number | null;
  @ApiProperty(count(FIGURE_EXAMPLE.households)) households: number | null;
  @ApiProperty(count(FIGURE_EXAMPLE.householdsCovered)) householdsCovered: number | null;
  @ApiProperty(percentage(FIGURE_EXAMPLE.householdsPercent)) householdsPercent: number | null;
  @ApiProperty({ example: 9 }) communes: number;
  @ApiProperty({ example: 0, description: 'Left out of the sums of people' })
  communesWithoutPopulation: number;
  @ApiProperty({ example: 0, description: 'Left out of the sums of households' })
  communesWithoutHouseholds: number;
}

export class CellsDto {
  @ApiProperty({ enum: ['FeatureCollection'] }) type: string;
  @ApiProperty({ enum: TECHNOLOGIES }) technology: Technology;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'Null: the best of all' })
  operator: string | null;
  @ApiProperty({ enum: PLACES }) environment: Place;
  @ApiProperty({ example: 0.9 }) probability: number;
  @ApiProperty({ example: 1, description: 'Cells whose centre lies in the box' }) numberMatched: number;
  @ApiProperty({ example: 1 }) numberReturned: number;
  @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' }) nextCursor:
    string | null;
  @ApiProperty({
    type: [Object],
    description: 'GeoJSON: hexagons by H3 index, levels in dBm (null: nothing is received)',
    example: CELLS_EXAMPLE.features,
  })
  features: object[];
}

class BestServerDto {
  @ApiProperty({ example: 'HGI-VTL-0001' }) siteCode: string;
  @ApiProperty({ example: 'HGI-VTL-0001-VTL-L18-1' }) cellCode: string;
  @ApiProperty({ example: 412, description: 'To the cell’s centre' }) distanceM: number;
  @ApiProperty({ example: 131, description: 'From the site, degrees from north' }) bearingDeg: number;
  @ApiProperty({ example: 1815 }) frequencyMhz: number;
  @ApiProperty({ example: 40 }) antennaHeightM: number;
  @ApiProperty({ example: 32.2, description: 'Of what the mobile measures, in the main beam' })
  eirpDbm: number;
  @ApiProperty({ example: 94.1 }) pathLossDb: number;
  @ApiProperty({ example: 11.6, description: 'Into the vehicle or building' }) entryLossDb: number;
  @ApiProperty({ example: 10.3, description: 'For the probability at the edge' }) shadowMarginDb: number;
  @ApiProperty({ example: 0.4, description: 'By the antenna’s pattern in this direction' })
  antennaLossDb: number;
  @ApiProperty({ example: 'extended-hata' }) model: string;
  @ApiProperty({ type: [String], description: 'What lies outside of the model’s published range' })
  outsideRange: string[];
}

class NetworkLevelDto {
  @ApiProperty({ enum: TECHNOLOGIES }) technology: Technology;
  @ApiProperty({ example: 'viettel' }) operator: string;
  @ApiProperty({ type: Number, nullable: true, example: -84.2 }) levelDbm: number | null;
  @ApiProperty({ enum: ['none', 'sufficient', 'good', 'very-good'] }) levelClass: string;
  @ApiProperty({ enum: ['RSRP', 'RSCP', 'RxLev'] }) metric: string;
  @ApiProperty({ example: -110 }) thresholdDbm: number;
  @ApiProperty({ type: Number, nullable: true, example: 25.8, description: 'Level above the threshold' })
  marginDb: number | null;
  @ApiProperty({ example: 2, description: 'Cells that reach the threshold' }) servingCells: number;
  @ApiProperty({ example: 1 }) servingSites: number;
  @ApiProperty({ type: BestServerDto, nullable: true, description: 'Null: nothing is received' })
  best: BestServerDto | null;
}

export class CellExplanationDto {
  @ApiProperty({ enum: PLACES }) environment: Place;
  @ApiProperty({ example: 0.9 }) probability: number;
  @ApiProperty({ example: '89694869c43ffff', description: 'H3 index' }) cell: string;
  @ApiProperty({ example: 105.4658 }) lon: number;
  @ApiProperty({ example: 9.7795 }) lat: number;
  @ApiProperty({ enum: LAND_COVERS }) landCover: LandCover;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Of the cell, where a source knows; nobody is spread over it, no area counts it',
  })
  waterPercent: number | null;
  @ApiProperty({ example: 61.4, description: 'People in the cell, as spread over their commune' })
  population: number;
  @ApiProperty({ example: 17.1 }) households: number;
  @ApiProperty({ type: [NetworkLevelDto] }) networks: NetworkLevelDto[];
}
