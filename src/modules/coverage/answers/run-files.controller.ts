import { Readable } from 'node:stream';
import { Controller, Get, Header, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags, OmitType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../../../common/http/api-docs.js';
import { RequirePermission } from '../../identity/index.js';
import { FiguresQuery, ViewQuery } from '../coverage-request.dto.js';
import { CELLS_EXAMPLE } from '../coverage.examples.js';
import { worldFile } from '../domain/raster.js';
import { PROVENANCE_EXAMPLE } from './provenance.js';
import { RunFilesReader, type RunFile } from './run-files.reader.js';

const CONTENTS = ['level', 'class'] as const;

class RasterQuery extends ViewQuery {
  @ApiPropertyOptional({
    enum: CONTENTS,
    default: 'level',
    description:
      'level: dBm as 32-bit floats, −9999 where nothing is received; class: 0 none, 1 sufficient, 2 good, 3 very good, 255 outside of the grid',
  })
  @IsOptional()
  @IsIn(CONTENTS)
  content: (typeof CONTENTS)[number] = 'level';
}

class FigureTableQuery extends OmitType(FiguresQuery, ['limit', 'cursor'] as const) {}

const binary = (type: string) =>
  ApiOkResponse({
    content: { [type]: { schema: { type: 'string', format: 'binary' }, example: '(bytes)' } },
  });

/** Finished runs as files for other programs. */
@ApiTags('coverage')
@Controller('coverage/runs')
export class RunFilesController {
  constructor(private readonly files: RunFilesReader) {}

  @Get(':id/figures.csv')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'The figures of a run as a table: km², people, households, percent' })
  @ApiOkResponse({
    content: { 'text/csv': { schema: { type: 'string' }, example: 'areaCode,areaKind,areaName,…\r\n' } },
  })
  @ApiProblems(400, 404, 409)
  async figures(
    @Param('id') id: string,
    @Query() { area, ...filter }: FigureTableQuery,
  ): Promise<StreamableFile> {
    return sent(await this.files.figures(id, { ...filter, areaCode: area }), 'text/csv; charset=utf-8');
  }

  @Get(':id/cells.csv')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'All cells of one view as a table: levels in dBm, best servers, people' })
  @ApiOkResponse({
    content: { 'text/csv': { schema: { type: 'string' }, example: 'h3,lon,lat,levelDbm,levelClass,…\r\n' } },
  })
  @ApiProblems(400, 404, 409)
  async cellTable(@Param('id') id: string, @Query() view: ViewQuery): Promise<StreamableFile> {
    return sent(await this.files.cells(id, view, 'csv'), 'text/csv; charset=utf-8');
  }

  @Get(':id/cells.geojson')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'All cells of one view as GeoJSON, sent while it is written' })
  @ApiOkResponse({
    content: {
      'application/geo+json': {
        schema: { type: 'object' },
        example: {
          type: 'FeatureCollection',
          provenance: PROVENANCE_EXAMPLE,
          features: CELLS_EXAMPLE.features,
        },
      },
    },
  })
  @ApiProblems(400, 404, 409)
  async cellFeatures(@Param('id') id: string, @Query() view: ViewQuery): Promise<StreamableFile> {
    return sent(await this.files.cells(id, view, 'geojson'), 'application/geo+json; charset=utf-8');
  }

  @Get(':id/raster.tif')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'One view as GeoTIFF in WGS84 (EPSG:4326): levels or classes' })
  @binary('image/tiff')
  @ApiProblems(400, 404, 409)
  async raster(@Param('id') id: string, @Query() { content, ...view }: RasterQuery): Promise<StreamableFile> {
    const { name, content: bytes } = await this.files.raster(id, view, `${content}.tif`);
    return sent({ name, content: [Buffer.from(bytes)] }, 'image/tiff', bytes.length);
  }

  @Get(':id/raster.png')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'The classes of one view as a picture in the map’s colours, to be laid over a map',
    description:
      'In degrees of WGS84. The header `x-bounds` has west,south,east,north; raster.pgw is the world file.',
  })
  @binary('image/png')
  @ApiProblems(400, 404, 409)
  async picture(
    @Param('id') id: string,
    @Query() view: ViewQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { name, content, frame } = await this.files.raster(id, view, 'png');
    const { west, north, pixelDeg, width, height } = frame;
    const bounds = [west, north - height * pixelDeg, west + width * pixelDeg, north];
    void reply.header('x-bounds', bounds.map((value) => value.toFixed(7)).join(','));
    return sent({ name, content: [Buffer.from(content)] }, 'image/png', content.length);
  }

  @Get(':id/raster.pgw')
  @RequirePermission('coverage:read')
  @Header('content-type', 'text/plain; charset=utf-8')
  @ApiOperation({
    summary: 'The world file of the run’s pictures: where their pixels lie, in degrees of WGS84',
  })
  @ApiOkResponse({
    content: {
      'text/plain': {
        schema: { type: 'string' },
        example: '0.000550\n0\n0\n-0.000550\n105.320275\n9.989725\n',
      },
    },
  })
  @ApiProblems(404, 409)
  async world(@Param('id') id: string): Promise<string> {
    return worldFile(await this.files.frame(id));
  }
}

function sent(
  { name, content }: RunFile<AsyncIterable<string> | Iterable<Buffer>>,
  type: string,
  length?: number,
): StreamableFile {
  return new StreamableFile(Readable.from(content, { objectMode: false }), {
    type,
    disposition: `attachment; filename="${name}"`,
    length,
  });
}
