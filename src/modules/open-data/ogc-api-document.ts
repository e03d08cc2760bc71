import { type Collection, schemaOf } from './domain/collection.js';
import { MAX_LIMIT } from './items-query.js';

interface Parameter {
  name: string;
  in: 'query' | 'path';
  required?: true;
  description?: string;
  schema: object;
}

const query = (name: string, schema: object, description?: string): Parameter => ({
  name,
  in: 'query',
  schema,
  ...(description === undefined ? {} : { description }),
});

const COMMON: Parameter[] = [
  query('limit', { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: 100 }),
  query('bbox', { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 6 }),
  query('datetime', { type: 'string' }),
  query('filter', { type: 'string' }, 'CQL2'),
  query('filter-lang', { type: 'string', enum: ['cql2-text', 'cql2-json'], default: 'cql2-text' }),
];

/**
 * The OpenAPI document that programs of maps look into: unlike that of the whole API it has a path for each collection,
 * with its properties as parameters (GDAL and QGIS learn from it what the server filters by, and how large a page may be).
 */
export function ogcApiDocument(root: string, collections: readonly Collection[]): object {
  const paths = collections.map(({ id, en, properties }) => [
    `/collections/${id}/items`,
    {
      get: {
        summary: en,
        operationId: `${id}.items`,
        parameters: [
          ...COMMON,
          ...Object.entries(properties).map(([name, property]) => query(name, schemaOf(property))),
        ],
        responses: {
          200: {
            description: 'Features',
            content: { 'application/geo+json': { schema: { type: 'object' } } },
          },
        },
      },
    },
  ]);
  return {
    openapi: '3.0.3',
    info: { title: 'Phủ Sóng: OGC API – Features', version: '1' },
    servers: [{ url: `${root}/ogc` }],
    paths: Object.fromEntries(paths) as object,
  };
}
