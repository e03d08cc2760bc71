import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Problem } from '../../../common/http/problem.js';
import { isIsoDate } from '../../areas/index.js';
import { SiteFilterQuery } from '../../sites/index.js';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  HEADINGS,
  type Headings,
  MEDIA_TYPES,
} from './exports.service.js';

export class ExportQuery {
  @ApiPropertyOptional({ enum: EXPORT_FORMATS, default: 'csv' })
  @IsOptional()
  @IsIn(EXPORT_FORMATS)
  format: ExportFormat = 'csv';

  @ApiPropertyOptional({
    enum: HEADINGS,
    default: 'keys',
    description: 'What columns are called: the names of the API, or Vietnamese ones. Both can be imported.',
  })
  @IsOptional()
  @IsIn(HEADINGS)
  headings: Headings = 'keys';
}

export class SitesExportQuery extends IntersectionType(SiteFilterQuery, ExportQuery) {}

export class UnitExportQuery extends ExportQuery {
  @ApiPropertyOptional({ example: '930', description: 'Id or code of a unit: only what is on its ground' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  unit?: string;

  @ApiPropertyOptional({
    format: 'date',
    description:
      'The day that the code of the unit is meant on; default: today, for a former unit its last day',
  })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  date?: string;
}

export class FibreExportQuery extends UnitExportQuery {
  @ApiPropertyOptional({ example: '2025Q2' })
  @IsOptional()
  @Matches(/^\d{4}-?Q[1-4]$/)
  quarter?: string;
}

const KINDS = ['province', 'district', 'commune'] as const;

export class AreasExportQuery extends ExportQuery {
  @ApiPropertyOptional({ enum: KINDS }) @IsOptional() @IsIn(KINDS) kind?: (typeof KINDS)[number];

  @ApiPropertyOptional({ format: 'date', description: 'Only units in force on this day; default: all' })
  @IsOptional()
  @IsString()
  @MaxLength(10)
  date?: string;
}

export function dayOf(date: string | undefined): string | undefined {
  if (date === undefined || isIsoDate(date)) return date;
  throw Problem.invalidField('date', 'DATE', {
    en: 'date must be a day of the calendar, YYYY-MM-DD',
    vi: 'date phải là một ngày có thật, dạng YYYY-MM-DD',
  });
}

/** What every export says of itself. */
export const HOW =
  'The same columns that an import reads: sent back as it is, nothing changes. Texts that a table program would take for a formula or for nothing stand behind an apostrophe. On PostgreSQL the whole file is of one moment; the embedded database is read batch by batch.';

/** The file, with the example of a CSV and a GeoJSON. */
export function ApiExport(csv: string, feature: object) {
  return applyDecorators(
    ApiOkResponse({
      description: 'The file, sent while it is read',
      content: {
        'text/csv': { schema: { type: 'string' }, example: csv },
        [MEDIA_TYPES.geojson]: {
          schema: { type: 'object' },
          example: { type: 'FeatureCollection', features: [feature] },
        },
        [MEDIA_TYPES.xlsx]: { schema: { type: 'string', format: 'binary' } },
      },
    }),
  );
}
