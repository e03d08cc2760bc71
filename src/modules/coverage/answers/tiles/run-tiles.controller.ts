import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems } from '../../../../common/http/api-docs.js';
import { Problem } from '../../../../common/http/problem.js';
import { RequirePermission } from '../../../identity/index.js';
import { ViewQuery } from '../../coverage-request.dto.js';
import { PROVENANCE_EXAMPLE } from '../provenance.js';
import { CellTilesReader, DEEPEST_ZOOM } from './cell-tiles.reader.js';

const MVT = 'application/vnd.mapbox-vector-tile';
const HOST = /^[\w.:[\]-]+$/;
/** Not for everybody, and never another. */
const FOR_EVER = 'private, max-age=31536000, immutable';

/** The cells of a run's view as vector tiles. */
@ApiTags('coverage')
@Controller('coverage/runs')
export class RunTilesController {
  constructor(private readonly tiles: CellTilesReader) {}

  @Get(':id/tiles/tilejson.json')
  @RequirePermission('coverage:read')
  @ApiOperation({ summary: 'TileJSON 3.0 of one view: where its tiles are and what they hold' })
  @ApiOkResponse({
    content: {
      'application/json': {
        schema: { type: 'object' },
        example: {
          tilejson: '3.0.0',
          tiles: [
            'https://example.vn/api/v1/coverage/runs/9a3f0c52-1c7e-4b52-8f0a-6f1f3f1f2d21/tiles/{z}/{x}/{y}.mvt?technology=4G&environment=indoor&probability=0.9',
          ],
          minzoom: 0,
          maxzoom: DEEPEST_ZOOM,
          bounds: [105.32, 9.58, 105.91, 9.99],
          vector_layers: [{ id: 'cells', fields: { level: 'Level of the best server, dBm' } }],
          provenance: PROVENANCE_EXAMPLE,
        },
      },
    },
  })
  @ApiProblems(400, 404, 409)
  async tileJson(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Query() view: ViewQuery,
  ): Promise<object> {
    const host = HOST.test(request.host) ? request.host : 'localhost';
    return this.tiles.tileJson(id, view, `${request.protocol}://${host}/api/v1`);
  }

  @Get(':id/tiles/:z/:x/:y.mvt')
  @RequirePermission('coverage:read')
  @ApiOperation({
    summary: 'A vector tile of the cells of one view: level, class, server, operators',
    description:
      'At most 500 kB: coarser cells at small scales. Never changes; 304 with If-None-Match, 204 where nothing is.',
  })
  @ApiOkResponse({
    content: { [MVT]: { schema: { type: 'string', format: 'binary' }, example: '(Mapbox Vector Tile 2.1)' } },
  })
  @ApiNoContentResponse({ description: 'Nothing is there' })
  @ApiResponse({ status: 304, description: 'As it was' })
  @ApiProblems(400, 404, 409)
  async tile(
    @Param() { id = '', z = '', x = '', y = '' }: Record<string, string>,
    @Query() view: ViewQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const place = placeOf(z, x, y);
    const { found, etag } = await this.tiles.find(id, view, place);
    void reply.header('etag', etag).header('cache-control', FOR_EVER);
    if ((known ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag))
      return void reply.status(304).send();
    const bytes = await this.tiles.tile(found, ...place);
    if (bytes.length === 0) return void reply.status(204).send();
    void reply.header('content-type', MVT).send(Buffer.from(bytes));
  }
}

/** Throws 404 for a place that is on no map. */
function placeOf(z: string, x: string, y: string): [z: number, x: number, y: number] {
  const [zoom = Infinity, column = Infinity, row = Infinity] = [z, x, y].map((part) =>
    /^\d{1,7}$/.test(part) ? Number(part) : Infinity,
  );
  if (zoom <= DEEPEST_ZOOM && column < 2 ** zoom && row < 2 ** zoom) return [zoom, column, row];
  throw Problem.notFound({ en: 'tile', vi: 'mảnh bản đồ' }, `${z}/${x}/${y}`);
}
