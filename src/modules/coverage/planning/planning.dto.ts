import { ApiProperty } from '@nestjs/swagger';
import { PLACES, TECHNOLOGIES, type Place, type Technology } from '../domain/index.js';
import { WEIGHTS } from '../domain/planning/index.js';

class EngineDto {
  @ApiProperty({ example: 'wasm-simd' }) id: string;
  @ApiProperty({ example: '1' }) version: string;
}
class PlanningRunDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ example: 'Vùng phủ sóng 2025-06-30 (H3 10)' }) title: string;
  @ApiProperty({ format: 'date', example: '2025-06-30' }) boundaryDate: string;
  @ApiProperty({ format: 'date', example: '2025-06-30' }) networkDate: string;
  @ApiProperty({ example: '9b1f0c3d5a7e4f60' }) dataVersion: string;
  @ApiProperty({ example: 10 }) resolution: number;
  @ApiProperty({ example: true, description: 'Some of it is made up' }) synthetic: boolean;
  @ApiProperty({ type: EngineDto, description: 'What reckoned the run' }) engine: EngineDto;
}
class PlanningViewAnswerDto {
  @ApiProperty({ enum: PLACES }) environment: Place;
  @ApiProperty({ example: 0.9 }) probability: number;
  @ApiProperty({ enum: TECHNOLOGIES, nullable: true, description: 'Null: any' })
  technology: Technology | null;
  @ApiProperty({ type: String, nullable: true, description: 'Null: any' }) operator: string | null;
}
class PlanningWarningDto {
  @ApiProperty({ example: 'cell.bandwidth' }) code: string;
  @ApiProperty({ type: String, nullable: true, example: 'bandwidthMhz' }) field: string | null;
  @ApiProperty() messageEn: string;
  @ApiProperty() messageVi: string;
  @ApiProperty({ example: 1 }) count: number;
  @ApiProperty({ type: [String], example: ['NEW-1/L18-1'] }) subjects: string[];
}
class CountingDto {
  @ApiProperty({ example: 'WHOLE_CELLS' }) code: string;
  @ApiProperty() messageEn: string;
  @ApiProperty() messageVi: string;
}
class ProvenanceDto {
  @ApiProperty({ type: PlanningRunDto }) run: PlanningRunDto;
  @ApiProperty({ type: PlanningViewAnswerDto }) view: PlanningViewAnswerDto;
  @ApiProperty({ type: EngineDto, description: 'What answered' }) engine: EngineDto;
  @ApiProperty({ type: [PlanningWarningDto], description: 'Of the run, then of the question' })
  warnings: PlanningWarningDto[];
  @ApiProperty({ example: 21.4 }) tookMs: number;
  @ApiProperty({ type: CountingDto, description: 'How cells of the grid are counted' }) counting: CountingDto;
}

class BeforeDto {
  @ApiProperty({ example: 1621.8 }) total: number;
  @ApiProperty({ example: 1540.2 }) before: number;
  @ApiProperty({ example: 1551.6 }) after: number;
  @ApiProperty({ example: 11.4 }) difference: number;
  @ApiProperty({ type: Number, nullable: true, example: 94.97 }) percentBefore: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 95.67 }) percentAfter: number | null;
}
class AmountsChangeDto {
  @ApiProperty({ type: BeforeDto }) areaKm2: BeforeDto;
  @ApiProperty({ type: BeforeDto, nullable: true, description: 'Null: unknown' })
  population: BeforeDto | null;
  @ApiProperty({ type: BeforeDto, nullable: true, description: 'Null: unknown' })
  households: BeforeDto | null;
}
class UnitChangeDto extends AmountsChangeDto {
  @ApiProperty({ example: '31318' }) areaCode: string;
  @ApiProperty({ enum: ['province', 'district', 'commune'] }) areaKind: string;
  @ApiProperty({ example: 'Phường I' }) areaName: string;
}
class ChangedCellsDto {
  @ApiProperty({ example: 771 }) count: number;
  @ApiProperty({ example: 11.4 }) areaKm2: number;
  @ApiProperty({ example: 5127.3 }) population: number;
  @ApiProperty({ example: 1320.5 }) households: number;
  @ApiProperty({ type: [String], example: ['8a65b4c1a6a7fff'], description: 'H3 indexes: the first ones' })
  ids: string[];
  @ApiProperty({ example: true }) truncated: boolean;
}
export class ChangeDto extends ProvenanceDto {
  @ApiProperty({ type: AmountsChangeDto, description: 'All communes of the run' }) total: AmountsChangeDto;
  @ApiProperty({ type: [UnitChangeDto], description: 'In which anything changes; the most changed first' })
  units: UnitChangeDto[];
  @ApiProperty({ type: ChangedCellsDto, description: 'Served now and not before' }) gained: ChangedCellsDto;
  @ApiProperty({ type: ChangedCellsDto, description: 'Served no more' }) lost: ChangedCellsDto;
  @ApiProperty({ type: Object, nullable: true, description: 'FeatureCollection of hexagons, when asked for' })
  geojson: object | null;
}
export class OutageChangeDto extends ChangeDto {
  @ApiProperty({ type: [String], example: ['HGI-VTL-0001'] }) sites: string[];
  @ApiProperty({ type: String, nullable: true, example: null }) operatorDown: string | null;
  @ApiProperty({
    type: Object,
    description: 'What else falls silent: `loudspeakerClusters` as POST /dependence/outage answers',
  })
  consequences: object;
}

class CriticalSiteDto {
  @ApiProperty({ example: 1 }) rank: number;
  @ApiProperty({ example: 'HGI-VTL-0001' }) siteCode: string;
  @ApiProperty({ example: 105.4701 }) lon: number;
  @ApiProperty({ example: 9.7845 }) lat: number;
  @ApiProperty({ example: 3.2, description: 'Served by this site alone' }) areaKm2: number;
  @ApiProperty({ example: 2140.5 }) population: number;
  @ApiProperty({ example: 560.1 }) households: number;
  @ApiProperty({ example: 216, description: 'Cells of the grid' }) cells: number;
}
export class CriticalityDto extends ProvenanceDto {
  @ApiProperty({ enum: WEIGHTS }) by: string;
  @ApiProperty({ type: [CriticalSiteDto], description: 'The gravest first; equal ones by code' })
  sites: CriticalSiteDto[];
  @ApiProperty({ example: 412, description: 'Sites whose outage alone costs anything' }) critical: number;
  @ApiProperty({ example: 1070, description: 'Sites of the run' }) all: number;
}

class SitingPickDto {
  @ApiProperty({ example: 1 }) order: number;
  @ApiProperty({ example: 4711, description: 'Place in the list of candidates, from 0' }) candidate: number;
  @ApiProperty({ example: 105.6123 }) lon: number;
  @ApiProperty({ example: 9.7311 }) lat: number;
  @ApiProperty({ example: 5127.3, description: 'What it adds to those before it' }) gain: number;
}
export class SitingResultDto extends ChangeDto {
  @ApiProperty({ enum: WEIGHTS }) by: string;
  @ApiProperty({ example: 'people', description: 'Of gains and bounds' }) unit: string;
  @ApiProperty({ example: 13695 }) candidates: number;
  @ApiProperty({ type: [SitingPickDto] }) picks: SitingPickDto[];
  @ApiProperty({ example: 38120.4 }) gain: number;
  @ApiProperty({ example: 38204.1, description: 'No choice of as many candidates brings more' })
  upperBound: number;
  @ApiProperty({ type: Number, nullable: true, example: 0.22, description: 'The bound above the gain' })
  gapPercent: number | null;
  @ApiProperty({ example: false, description: 'Proven: nothing better exists' }) optimal: boolean;
  @ApiProperty({ example: 92311.8, description: 'Not covered so far' }) uncovered: number;
  @ApiProperty({ example: 91022.7, description: 'What all candidates together would bring' })
  coverable: number;
}

class DeskNetworkDto {
  @ApiProperty({ example: '9a3f0c52-1c7e-4b52-8f0a-6f1f3f1f2d21|indoor|0.9' }) key: string;
  @ApiProperty({ example: 94268 }) cells: number;
  @ApiProperty({ example: 16 }) layers: number;
  @ApiProperty({ example: 44283384 }) bytes: number;
}
export class DeskStateDto {
  @ApiProperty({ description: 'Whether the thread runs; it starts with the first question' })
  running: boolean;
  @ApiProperty({ example: 0, description: 'Questions in hand and waiting' }) waiting: number;
  @ApiProperty({ type: [DeskNetworkDto], description: 'Open networks, the last used last' })
  networks: DeskNetworkDto[];
}
