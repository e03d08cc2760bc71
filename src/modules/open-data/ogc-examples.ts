const ROOT = 'https://phusong.example.vn/api/v1/ogc';
const CRS = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

export const LANDING_EXAMPLE = {
  title: 'Phủ Sóng',
  description: 'Telecom infrastructure of the province',
  links: [{ href: `${ROOT}/collections`, rel: 'data', type: 'application/json', title: 'Collections' }],
};

export const API_EXAMPLE = {
  openapi: '3.0.3',
  info: { title: 'Phủ Sóng: OGC API – Features', version: '1' },
  servers: [{ url: ROOT }],
  paths: { '/collections/sites/items': { get: { summary: 'Mobile sites (masts)', parameters: [] } } },
};

export const CONFORMANCE_EXAMPLE = {
  conformsTo: ['http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core'],
};

export const COLLECTION_EXAMPLE = {
  id: 'sites',
  title: 'Mobile sites (masts)',
  description: 'Trạm BTS (cột ăng-ten)',
  itemType: 'feature',
  crs: [CRS],
  storageCrs: CRS,
  extent: { spatial: { bbox: [[105.33, 9.58, 105.91, 9.99]], crs: CRS } },
  links: [{ href: `${ROOT}/collections/sites/items`, rel: 'items', type: 'application/geo+json' }],
};

export const COLLECTIONS_EXAMPLE = {
  links: [{ href: `${ROOT}/collections`, rel: 'self', type: 'application/json' }],
  collections: [COLLECTION_EXAMPLE],
};

export const SCHEMA_EXAMPLE = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `${ROOT}/collections/sites/queryables`,
  title: 'Mobile sites (masts)',
  type: 'object',
  properties: {
    geometry: { format: 'geometry-point' },
    code: { title: 'Code of the site', description: 'Mã trạm', type: 'string' },
  },
  additionalProperties: false,
};

export const FEATURE_EXAMPLE = {
  type: 'Feature',
  id: 'HGI-VTL-0001',
  geometry: { type: 'Point', coordinates: [105.4701, 9.7845] },
  properties: { code: 'HGI-VTL-0001', name: 'Trạm Vị Thanh 1', lifecycle: 'active' },
  links: [
    {
      href: `${ROOT}/collections/sites/items/HGI-VTL-0001`,
      rel: 'self',
      type: 'application/geo+json',
    },
  ],
};

export const ITEMS_EXAMPLE = {
  type: 'FeatureCollection',
  timeStamp: '2025-06-30T08:00:00.000Z',
  numberMatched: 1070,
  numberReturned: 1,
  features: [FEATURE_EXAMPLE],
  links: [
    {
      href: `${ROOT}/collections/sites/items?limit=1&cursor=WyJIR0ktVlRMLTAwMDEiXQ`,
      rel: 'next',
      type: 'application/geo+json',
    },
  ],
};

export const TILEJSON_EXAMPLE = {
  tilejson: '3.0.0',
  name: 'Mobile sites (masts)',
  tiles: ['https://phusong.example.vn/api/v1/tiles/sites/{z}/{x}/{y}.mvt'],
  minzoom: 0,
  maxzoom: 16,
  bounds: [105.33, 9.58, 105.91, 9.99],
  vector_layers: [{ id: 'sites', fields: { code: 'Code of the site' } }],
};
