import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
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
