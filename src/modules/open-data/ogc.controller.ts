import { applyDecorators, Controller, Get, Header, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../../common/http/api-docs.js';
import { OptionalActor, Public, PublicWithActor, type Actor } from '../identity/index.js';
import { readPlainQuery } from './items-query.js';
import {
  API_EXAMPLE,
  COLLECTION_EXAMPLE,
  COLLECTIONS_EXAMPLE,
  CONFORMANCE_EXAMPLE,
  FEATURE_EXAMPLE,
  ITEMS_EXAMPLE,
  LANDING_EXAMPLE,
  SCHEMA_EXAMPLE,
} from './ogc-examples.js';
import { GEOJSON, rootOf } from './ogc-links.js';
import { OgcService, type RawQuery } from './ogc.service.js';

const ApiFormat = () =>
  applyDecorators(ApiQuery({ name: 'f', required: false, schema: { enum: ['json'] } }), ApiProblems(400));

const ApiAnswer = (example: object, type = 'application/json') =>
  ApiOkResponse({ content: { [type]: { schema: { type: 'object' }, example } } });

const ApiItemsQuery = () =>
  applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 10000, default: 100 },
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      description: 'From the `next` link of the page before',
      type: String,
    }),
    ApiQuery({
      name: 'bbox',
      required: false,
      description: 'west,south,east,north in degrees',
      type: String,
    }),
    ApiQuery({
      name: 'datetime',
      required: false,
      description: 'A day, an instant, or `from/to` with `..` for open ends',
      type: String,
    }),
    ApiQuery({
      name: 'filter',
      required: false,
      description: 'CQL2; every property is also a parameter of its own',
      type: String,
    }),
    ApiQuery({
      name: 'filter-lang',
      required: false,
      schema: { enum: ['cql2-text', 'cql2-json'], default: 'cql2-text' },
    }),
  );

/** OGC API – Features. Which collections are public the administrator says; `OgcService` asks for each. */
@ApiTags('open data')
@Controller('ogc')
export class OgcController {
  constructor(private readonly ogc: OgcService) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'OGC API – Features: where everything is' })
  @ApiAnswer(LANDING_EXAMPLE)
  @ApiFormat()
  landing(@Req() request: FastifyRequest, @Query() query: RawQuery): object {
    readPlainQuery(query);
    return this.ogc.landing(rootOf(request));
  }

  @Get('api')
  @PublicWithActor()
  @ApiOperation({ summary: 'OpenAPI 3.0 of the collections that the caller may read, for programs of maps' })
  @ApiAnswer(API_EXAMPLE)
  @ApiFormat()
  async api(
    @Req() request: FastifyRequest,
    @Query() query: RawQuery,
    @OptionalActor() actor: Actor | undefined,
  ): Promise<object> {
    readPlainQuery(query);
    return this.ogc.api(rootOf(request), actor);
  }

  @Get('conformance')
  @Public()
  @ApiOperation({ summary: 'The classes of the standards that are kept' })
  @ApiAnswer(CONFORMANCE_EXAMPLE)
  @ApiFormat()
  conformance(@Query() query: RawQuery): object {
    readPlainQuery(query);
    return this.ogc.conformance();
  }

  @Get('collections')
  @PublicWithActor()
  @ApiOperation({ summary: 'The collections that the caller may read' })
  @ApiAnswer(COLLECTIONS_EXAMPLE)
  @ApiFormat()
  async collections(
    @Req() request: FastifyRequest,
    @Query() query: RawQuery,
    @OptionalActor() actor: Actor | undefined,
  ): Promise<object> {
    readPlainQuery(query);
    return this.ogc.collections(rootOf(request), actor);
  }

  @Get('collections/:collection')
  @PublicWithActor()
  @ApiOperation({ summary: 'One collection with its extent' })
  @ApiAnswer(COLLECTION_EXAMPLE)
  @ApiFormat()
  @ApiProblems(404)
  async collection(
    @Req() request: FastifyRequest,
    @Param('collection') id: string,
    @Query() query: RawQuery,
    @OptionalActor() actor: Actor | undefined,
  ): Promise<object> {
    readPlainQuery(query);
    return this.ogc.collection(rootOf(request), id, actor);
  }

  @Get('collections/:collection/schema')
  @PublicWithActor()
  @Header('content-type', 'application/schema+json; charset=utf-8')
  @ApiOperation({ summary: 'The properties of a collection, as JSON Schema' })
  @ApiAnswer(SCHEMA_EXAMPLE, 'application/schema+json')
  @ApiFormat()
  @ApiProblems(404)
  async schema(
    @Req() request: FastifyRequest,
    @Param('collection') id: string,
    @Query() query: RawQuery,
    @OptionalActor() actor: Actor | undefined,
  ): Promise<object> {
    readPlainQuery(query);
    return this.ogc.schema(rootOf(request), id, actor, 'schema');
  }

  @Get('collections/:collection/queryables')
  @PublicWithActor()
  @Header('content-type', 'application/schema+json; charset=utf-8')
  @ApiOperation({ summary: 'What a collection can be filtered by, as JSON Schema' })
  @ApiAnswer(SCHEMA_EXAMPLE, 'application/schema+json')
  @ApiFormat()
  @ApiProblems(404)
  async queryables(
    @Req() request: FastifyRequest,
    @Param('collection') id: string,
    @Query() query: RawQuery,
    @OptionalActor() actor: Actor | undefined,
  ): Promise<object> {
    readPlainQuery(query);
    return this.ogc.schema(rootOf(request), id, actor, 'queryables');
  }

  @Get('collections/:collection/items')
  @PublicWithActor()
  @Header('content-type', `${GEOJSON}; charset=utf-8`)
  @ApiOperation({ summary: 'Features by box, time, properties and CQL2 filter, page by page' })
  @ApiItemsQuery()
  @ApiAnswer(ITEMS_EXAMPLE, GEOJSON)
  @ApiFormat()
  @ApiProblems(404)
  async items(
    @Req() request: FastifyRequest,
    @Param('collection') id: string,
    @Query() query: RawQuery,
    @OptionalActor() actor: Actor | undefined,
  ): Promise<object> {
    return this.ogc.items(rootOf(request), id, query, actor);
  }

  @Get('collections/:collection/items/:feature')
  @PublicWithActor()
  @Header('content-type', `${GEOJSON}; charset=utf-8`)
  @ApiOperation({ summary: 'One feature' })
  @ApiAnswer(FEATURE_EXAMPLE, GEOJSON)
  @ApiFormat()
  @ApiProblems(404)
  async item(
    @Req() request: FastifyRequest,
    @Param('collection') id: string,
    @Param('feature') feature: string,
    @Query() query: RawQuery,
    @OptionalActor() actor: Actor | undefined,
  ): Promise<object> {
    readPlainQuery(query);
    return this.ogc.item(rootOf(request), id, feature, actor);
  }
}
