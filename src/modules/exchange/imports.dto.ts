import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { PageQuery } from '../../common/http/page.js';
import { GROUPS, type Group, SEVERITIES, type Severity } from './domain/findings.js';
import {
  IMPORT_MODES,
  IMPORT_STATES,
  type ImportMode,
  type ImportRun,
  type ImportState,
  ON_ERRORS,
  type OnErrors,
  type Resource,
  RESOURCES,
} from './import.types.js';

class CodeCountDto {
  @ApiProperty({ enum: GROUPS, example: 'quality' }) group: Group;
  @ApiProperty({ enum: SEVERITIES, example: 'error' }) severity: Severity;
  @ApiProperty({ example: 'SWAPPED' }) code: string;
  @ApiProperty({ type: 'integer', example: 2 }) count: number;
}

class ImportCountsDto {
  @ApiProperty({ type: 'integer', example: 1070 }) rows: number;
  @ApiProperty({ type: 'integer', example: 40, description: 'Rows that cannot be stored' }) badRows: number;
  @ApiProperty({ type: 'integer', example: 1000 }) created: number;
  @ApiProperty({ type: 'integer', example: 20 }) updated: number;
  @ApiProperty({ type: 'integer', example: 10 }) unchanged: number;
  @ApiProperty({ type: [CodeCountDto] }) findings: CodeCountDto[];
}

class ImportErrorDto {
  @ApiProperty({ example: 'HUGE_CELL' }) code: string;
  @ApiProperty({ example: 'Row 7 has a cell of more than 1000000 characters.' }) message: string;
  @ApiProperty({ example: 'Dòng 7 có ô dài hơn 1000000 ký tự.' }) messageVi: string;
}

export class ImportDto {
  @ApiProperty({ format: 'uuid', example: '5f0c3c4e-8f0e-4a8f-9a51-0d7b0c5e8f11' }) id: string;
  @ApiProperty({ enum: RESOURCES, example: 'sites' }) resource: Resource;
  @ApiProperty({ example: 'Viettel quý 2' }) sourceName: string;
  @ApiProperty({ example: 'tram-bts.xlsx' }) fileName: string;
  @ApiProperty({ type: 'integer', example: 183_000 }) fileBytes: number;
  @ApiProperty({ enum: IMPORT_MODES, example: 'dry-run' }) mode: ImportMode;
  @ApiProperty({ enum: ON_ERRORS, example: 'refuse' }) onErrors: OnErrors;
  @ApiProperty({
    enum: IMPORT_STATES,
    example: 'checked',
    description:
      'checked: a dry run has ended; refused: it has errors and nothing was written; failed: `error` says why',
  })
  state: ImportState;
  @ApiProperty({ example: 1, description: '0–1' }) progress: number;
  @ApiProperty({ type: String, nullable: true, example: '1000 rows checked' }) progressNote: string | null;
  @ApiProperty({ type: ImportCountsDto, nullable: true, description: 'Null until the file is checked' })
  counts: ImportCountsDto | null;
  @ApiProperty({ type: ImportErrorDto, nullable: true }) error: ImportErrorDto | null;
  @ApiProperty({ example: 'nguyen.van.a' }) createdBy: string;
  @ApiProperty({ format: 'date-time', example: '2026-03-02T08:15:30.120Z' }) createdAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-03-02T08:15:31.700Z' })
  finishedAt: string | null;
}

export const IMPORT_EXAMPLE: ImportDto = {
  id: '5f0c3c4e-8f0e-4a8f-9a51-0d7b0c5e8f11',
  resource: 'sites',
  sourceName: 'Viettel quý 2',
  fileName: 'tram-bts.xlsx',
  fileBytes: 183_000,
  mode: 'dry-run',
  onErrors: 'refuse',
  state: 'checked',
  progress: 1,
  progressNote: '1070 rows checked',
  counts: {
    rows: 1070,
    badRows: 2,
    created: 1000,
    updated: 20,
    unchanged: 48,
    findings: [{ group: 'quality', severity: 'error', code: 'SWAPPED', count: 2 }],
  },
  error: null,
  createdBy: 'nguyen.van.a',
  createdAt: '2026-03-02T08:15:30.120Z',
  finishedAt: '2026-03-02T08:15:31.700Z',
};

export function importDto(run: ImportRun): ImportDto {
  const { id, resource, sourceName, fileName, fileBytes, mode, onErrors, state, progress, progressNote } =
    run;
  return {
    id,
    resource,
    sourceName,
    fileName,
    fileBytes,
    mode,
    onErrors,
    state,
    progress,
    progressNote,
    counts: run.counts.rows === undefined ? null : (run.counts as ImportCountsDto),
    error: run.error,
    createdBy: run.actor.name,
    createdAt: run.createdAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}

export class FindingDto {
  @ApiProperty({ enum: SEVERITIES }) severity: Severity;
  @ApiProperty({ enum: GROUPS }) group: Group;
  @ApiProperty() code: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null: the file as a whole' }) row:
    number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Heading in the file' }) column: string | null;
  @ApiProperty({ type: String, nullable: true }) value: string | null;
  @ApiProperty() message: string;
  @ApiProperty() messageVi: string;
}

export const FINDING_EXAMPLE: FindingDto = {
  severity: 'error',
  group: 'quality',
  code: 'SWAPPED',
  row: 17,
  column: 'Vĩ độ',
  value: '105.47, 9.78',
  message: 'lat and lon look exchanged: exchanged, the site lies in Xã Vị Tân',
  messageVi: 'vĩ độ và kinh độ có vẻ bị đổi chỗ: nếu đổi lại, trạm nằm ở Xã Vị Tân',
};

export class ReportQuery extends PageQuery {
  @ApiPropertyOptional({ enum: SEVERITIES })
  @IsOptional()
  @IsIn(SEVERITIES)
  severity?: Severity;

  @ApiPropertyOptional({ enum: GROUPS })
  @IsOptional()
  @IsIn(GROUPS)
  group?: Group;

  @ApiPropertyOptional({ example: 'SWAPPED', maxLength: 50 })
  @IsOptional()
  @IsString()
  @MaxLength(50)
  code?: string;
}

class FieldChangeDto {
  @ApiProperty() field: string;
  @ApiProperty({ nullable: true, type: Object }) before: unknown;
  @ApiProperty({ nullable: true, type: Object }) after: unknown;
}

export class ImportChangeDto {
  @ApiProperty({ type: 'integer' }) row: number;
  @ApiProperty() key: string;
  @ApiProperty({ enum: ['create', 'update'] }) action: 'create' | 'update';
  @ApiProperty({ type: [FieldChangeDto], description: 'Of an update: what differs' })
  fields: FieldChangeDto[];
}

export const CHANGE_EXAMPLE: ImportChangeDto = {
  row: 12,
  key: 'HGI-VTL-0011',
  action: 'update',
  fields: [{ field: 'structureHeightM', before: 42, after: 45 }],
};

export class ApplyImportDto {
  @ApiPropertyOptional({
    enum: ON_ERRORS,
    example: 'valid-rows',
    description: 'Default: as asked when the file was sent',
  })
  @IsOptional()
  @IsIn(ON_ERRORS)
  onErrors?: OnErrors;
}
