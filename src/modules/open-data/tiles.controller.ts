import { Controller, Get, Header, Headers, Param, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems } from '../../common/http/api-docs.js';
import { Problem } from '../../common/http/problem.js';
import { OptionalActor, PublicWithActor, type Actor } from '../identity/index.js';
import { CollectionAccess } from './collection-access.js';
import { TILEJSON_EXAMPLE } from './ogc-examples.js';
import { rootOf } from './ogc-links.js';
import { TilesService } from './tiles.service.js';

const MVT = 'application/vnd.mapbox-vector-tile';
const DEEPEST_ZOOM = 22;

/** Vector tiles of the collections of open data, under the same access as their features. */
@ApiTags('open data')
@Controller('tiles')
export class TilesController {
  constructor(
    private readonly access: CollectionAccess,
    private readonly tiles: TilesService,
  ) {}

  @Get(':collection/tilejson.json')
  @PublicWithActor()
  @ApiOperation({ summary: 'TileJSON 3.0 of a collection: where its tiles are and what they hold' })
  @ApiOkResponse({
    content: { 'application/json': { schema: { type: 'object' }, example: TILEJSON_EXAMPLE } },
  })
  @ApiProblems(404)
  async tileJson(
    @Req() request: FastifyRequest,
    @Param('collection') id: string,
    @OptionalActor() actor: Actor | undefined,
  ): Promise<object> {
    return this.tiles.tileJson(rootOf(request), await this.access.read(id, actor));
  }

  @Get(':collection/:z/:x/:y.mvt')
  @PublicWithActor()
  @Header('cache-control', 'no-cache')
  @ApiOperation({
    summary: 'A vector tile; points are clustered up to zoom 14, units are those in force',
    description: 'Has an ETag; 304 with If-None-Match. 204 where nothing is.',
  })
  @ApiOkResponse({
    content: { [MVT]: { schema: { type: 'string', format: 'binary' }, example: '(Mapbox Vector Tile 2.1)' } },
  })
  @ApiNoContentResponse({ description: 'Nothing is there' })
  @ApiResponse({ status: 304, description: 'As it was' })
  @ApiProblems(404)
  async tile(
    @Param() { collection: id = '', z = '', x = '', y = '' }: Record<string, string>,
    @Headers('if-none-match') known: string | undefined,
    @OptionalActor() actor: Actor | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const collection = await this.access.read(id, actor);
    const [zoom, column, row] = placeOf(z, x, y);
    const { bytes, etag } = await this.tiles.tile(collection, zoom, column, row);
    void reply.header('etag', etag);
    if (knows(known, etag)) return void reply.status(304).send();
    if (bytes.length === 0) return void reply.status(204).send();
    void reply.header('content-type', MVT).send(Buffer.from(bytes));
  }
}

/** Throws 404 for a place that is on no map. */
function placeOf(z: string, x: string, y: string): [number, number, number] {
  const place = [z, x, y].map((part) => (/^\d{1,7}$/.test(part) ? Number(part) : Infinity));
  const [zoom = Infinity, column = Infinity, row = Infinity] = place;
  if (zoom <= DEEPEST_ZOOM && column < 2 ** zoom && row < 2 ** zoom) return [zoom, column, row];
  throw Problem.notFound({ en: 'tile', vi: 'mảnh bản đồ' }, `${z}/${x}/${y}`);
}

function knows(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}
