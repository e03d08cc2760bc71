import { Injectable } from '@nestjs/common';
import type { Actor } from '../identity/index.js';
import { CollectionAccess } from './collection-access.js';
import { GEOMETRY } from './cql2-sql.js';
import { type Collection, schemaOf } from './domain/collection.js';
import { type Feature, FeaturesReader } from './features.reader.js';
import { CRS84, readItemsQuery } from './items-query.js';
import { ogcApiDocument } from './ogc-api-document.js';
import { collectionLinks, featureLinks, itemsLinks, landingLinks, type Link } from './ogc-links.js';

const CONFORMANCE = [
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter',
  'http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter',
  'http://www.opengis.net/spec/cql2/1.0/conf/cql2-text',
  'http://www.opengis.net/spec/cql2/1.0/conf/cql2-json',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2',
  'http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators',
  'http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison',
  'http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions',
  'http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus',
];

export type RawQuery = Readonly<Record<string, unknown>>;

/** OGC API – Features, parts 1 and 3: what its routes answer. */
@Injectable()
export class OgcService {
  constructor(
    private readonly access: CollectionAccess,
    private readonly reader: FeaturesReader,
  ) {}

  landing(root: string): object {
    return {
      title: 'Phủ Sóng',
      description:
        'Telecom infrastructure of the province: communes, mobile sites and cells, loudspeaker clusters, fibre. ' +
        'Hạ tầng viễn thông của tỉnh: đơn vị hành chính, trạm và cell di động, cụm loa truyền thanh, cáp quang.',
      links: landingLinks(root),
    };
  }

  /** OpenAPI of the collections that the actor may read. */
  async api(root: string, actor: Actor | undefined): Promise<object> {
    return ogcApiDocument(root, await this.access.readable(actor));
  }

  conformance(): object {
    return { conformsTo: CONFORMANCE };
  }

  /** Those that the actor may read. */
  async collections(root: string, actor: Actor | undefined): Promise<object> {
    const collections: object[] = [];
    for (const collection of await this.access.readable(actor))
      collections.push(await this.describe(root, collection));
    const self = { href: `${root}/ogc/collections`, rel: 'self', type: 'application/json' };
    return { links: [self], collections };
  }

  async collection(root: string, id: string, actor: Actor | undefined): Promise<object> {
    return this.describe(root, await this.access.read(id, actor));
  }

  /** Every property can be filtered by: `schema` and `queryables` say the same of them. */
  async schema(
    root: string,
    id: string,
    actor: Actor | undefined,
    document: 'schema' | 'queryables',
  ): Promise<object> {
    const collection = await this.access.read(id, actor);
    const properties = Object.entries(collection.properties).map(([name, property]) => [
      name,
      schemaOf(property),
    ]);
    const geometry = {
      format: `geometry-${collection.geometry === 'point' ? 'point' : 'polygon-any'}`,
      ...(document === 'schema' ? { 'x-ogc-role': 'primary-geometry' } : {}),
    };
    return {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `${root}/ogc/collections/${id}/${document}`,
      title: collection.en,
      description: collection.vi,
      type: 'object',
      properties: { [GEOMETRY]: geometry, ...(Object.fromEntries(properties) as object) },
      additionalProperties: false,
    };
  }

  async items(root: string, id: string, raw: RawQuery, actor: Actor | undefined): Promise<object> {
    const collection = await this.access.read(id, actor);
    const page = await this.reader.page(collection, readItemsQuery(raw, collection));
    return {
      type: 'FeatureCollection',
      timeStamp: new Date().toISOString(),
      numberMatched: page.numberMatched,
      numberReturned: page.features.length,
      features: page.features,
      links: itemsLinks(root, id, raw, page.nextCursor),
    };
  }

  async item(
    root: string,
    id: string,
    featureId: string,
    actor: Actor | undefined,
  ): Promise<Feature & { links: Link[] }> {
    const feature = await this.reader.one(await this.access.read(id, actor), featureId);
    return { ...feature, links: featureLinks(root, id, feature.id) };
  }

  private async describe(root: string, collection: Collection): Promise<object> {
    const bbox = await this.reader.extent(collection);
    return {
      id: collection.id,
      title: collection.en,
      description: collection.vi,
      itemType: 'feature',
      crs: [CRS84],
      storageCrs: CRS84,
      ...(bbox ? { extent: { spatial: { bbox: [bbox], crs: CRS84 } } } : {}),
      links: collectionLinks(root, collection.id),
    };
  }
}
