import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { decodeCursor, type Page } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import type { CoverageRun, StoredManifest } from '../coverage.types.js';
import { TECHNOLOGIES, type Technology, type Threshold } from '../domain/index.js';

export type DoneRun = CoverageRun & { manifest: StoredManifest };

/** Where an answer comes from. Everything else about the run says the run itself. */
export class ProvenanceDto {
  @ApiProperty({ format: 'uuid' }) runId: string;
  @ApiProperty({ format: 'date', description: 'Day of the units' }) boundaryDate: string;
  @ApiProperty({ format: 'date', description: 'Day of the network' }) networkDate: string;
  @ApiProperty({ description: 'State of the register that it was reckoned from' }) dataVersion: string;
  @ApiProperty({ description: 'H3 resolution' }) resolution: number;
  @ApiProperty({ type: [String], description: 'Propagation models, each with its version' }) models: string[];
  @ApiProperty({
    type: Object,
    description: 'Levels by technology from which a cell is covered, dBm, each with its source',
  })
  thresholds: Partial<Record<Technology, Threshold>>;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'By which the people of communes are spread, its title; null: about the hamlets',
  })
  populationSource: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Which says the land cover of cells, its title; null: by the density of people',
  })
  landCoverSource: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'By which water is left out of areas, its title; null: no more than the land cover says',
  })
  waterSource: string | null;
  @ApiProperty({ description: 'Some of the data is made up; say so where it is shown' }) synthetic: boolean;
}

export const PROVENANCE_EXAMPLE: ProvenanceDto = {
  runId: '9a3f0c52-1c7e-4b52-8f0a-6f1f3f1f2d21',
  boundaryDate: '2025-06-30',
  networkDate: '2025-06-30',
  dataVersion: '4be1c0f6a1d1a9d3e2f4657a0b1c2d3e',
  resolution: 10,
  models: ['extended-hata 1'],
  thresholds: {
    '4G': {
      metric: 'RSRP',
      sufficientDbm: -110,
      goodDbm: -105,
      veryGoodDbm: -95,
      source: 'TRAI, 2024',
      assumed: false,
    },
  },
  populationSource: null,
  landCoverSource: 'ESA WorldCover 2021',
  waterSource: null,
  synthetic: true,
};

/** Of one technology, or of all that the run has figures of. */
export function provenanceOf(run: DoneRun, technology?: Technology | null): ProvenanceDto {
  const { manifest } = run;
  const models = manifest.models.filter(
    ({ usedFor }) => !technology || usedFor.some((use) => use.technology === technology),
  );
  const used = TECHNOLOGIES.filter((one) =>
    models.some(({ usedFor }) => usedFor.some((use) => use.technology === one)),
  ).filter((one) => !technology || one === technology);
  return {
    runId: run.id,
    boundaryDate: run.boundaryDate,
    networkDate: manifest.networkDate,
    dataVersion: manifest.dataVersion,
    resolution: run.resolution,
    models: models.map(({ id, version }) => `${id} ${version}`),
    thresholds: Object.fromEntries(used.map((one) => [one, manifest.parameters.thresholds[one]])),
    populationSource: manifest.populationSource?.title ?? null,
    // Runs of before there were such sources say nothing of them.
    landCoverSource:
      (manifest.landCoverSource as StoredManifest['landCoverSource'] | undefined)?.title ?? null,
    waterSource: (manifest.waterSource as StoredManifest['waterSource'] | undefined)?.title ?? null,
    synthetic: manifest.synthetic,
  };
}

/** A page of a list that says where it comes from. */
export type Answer<T> = Page<T> & { provenance: ProvenanceDto };

/** A page of `item` with its provenance; `more` are further members of the answer. */
export function ApiAnswer(item: Type, example: unknown, more: Record<string, unknown> = {}) {
  return applyDecorators(
    ApiExtraModels(item, ProvenanceDto),
    ApiOkResponse({
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['provenance', 'items', 'nextCursor'],
            properties: {
              provenance: { $ref: getSchemaPath(ProvenanceDto) },
              items: { type: 'array', items: { $ref: getSchemaPath(item) } },
              nextCursor: { type: 'string', nullable: true },
            },
            additionalProperties: Object.keys(more).length > 0,
          },
          example: { provenance: PROVENANCE_EXAMPLE, ...more, items: [example], nextCursor: null },
        },
      },
    }),
  );
}

/** The number behind a cursor of lists that are ordered by one; undefined without a cursor. */
export function numberCursor(cursor: string | undefined): string | undefined {
  const key = decodeCursor(cursor);
  if (key === undefined || /^\d{1,15}$/.test(key)) return key;
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}

/** Rounding of sums must not show as 100.0000001 %. */
export function percent(part: number | null, whole: number | null): number | null {
  return part !== null && whole !== null && whole > 0 ? Math.min(100, (100 * part) / whole) : null;
}
