import { createHash } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus, RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { AreasService } from '../areas/index.js';
import { COLLECTIONS, schemaOf, type Collection } from './domain/collection.js';
import { FeaturesReader } from './features.reader.js';
import { CLUSTERED_UNTIL_ZOOM, indexTiles, POLYGON_MAX_ZOOM, type TileIndex } from './tile-index.js';

/** A change made by another process is seen after this time at the latest; one of our own at once. */
const BELIEVED_MS = 30_000;

interface Held {
  /** Units of this day are drawn. */
  day: string;
  stamp: Promise<string>;
  checkedAtMs: number;
  index: Promise<TileIndex>;
}

export interface Tile {
  bytes: Uint8Array;
  etag: string;
}

/** Vector tiles of the collections, from an index in memory that is made when first asked for. */
@Injectable()
export class TilesService implements OnModuleInit {
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly reader: FeaturesReader,
    private readonly areas: AreasService,
    private readonly events: EventBus,
  ) {}

  onModuleInit(): void {
    this.events.afterCommitOf(
      RESOURCE_CHANGED,
      ({ resource }) => resource,
      (resources) => {
        const changed = new Set(resources);
        for (const collection of COLLECTIONS)
          if (collection.resources.some((resource) => changed.has(resource))) this.held.delete(collection.id);
      },
    );
  }

  async tile(collection: Collection, z: number, x: number, y: number): Promise<Tile> {
    const index = await this.indexOf(collection);
    const bytes = index(z, x, y);
    return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"` };
  }

  async tileJson(root: string, collection: Collection): Promise<object> {
    const bounds = await this.reader.extent(collection);
    const { id, properties, tileProperties, geometry } = collection;
    const fields = tileProperties.flatMap((name): [string, string][] => {
      const property = properties[name];
      return property ? [[name, schemaOf(property).title ?? name]] : [];
    });
    const ofClusters: [string, string][] =
      geometry === 'point' ? [['point_count', 'Number of points, where they are one cluster']] : [];
    return {
      tilejson: '3.0.0',
      name: collection.en,
      description: collection.vi,
      version: '1.0.0',
      scheme: 'xyz',
      tiles: [`${root}/tiles/${id}/{z}/{x}/{y}.mvt`],
      minzoom: 0,
      maxzoom: geometry === 'point' ? CLUSTERED_UNTIL_ZOOM + 2 : POLYGON_MAX_ZOOM,
      ...(bounds ? { bounds } : {}),
      vector_layers: [
        {
          id,
          description: collection.en,
          fields: Object.fromEntries<string>([['id', 'Id of the feature'], ...fields, ...ofClusters]),
        },
      ],
    };
  }

  private async indexOf(collection: Collection): Promise<TileIndex> {
    const day = this.areas.today();
    let held = this.held.get(collection.id);
    if (held && held.day !== day) held = undefined;
    if (held && Date.now() - held.checkedAtMs > BELIEVED_MS) {
      held.checkedAtMs = Date.now();
      const [was, is] = await Promise.all([held.stamp, this.reader.stamp(collection)]);
      if (was !== is) held = undefined;
    }
    return (held ?? this.hold(collection, day)).index;
  }

  private hold(collection: Collection, day: string): Held {
    const stamp = this.reader.stamp(collection);
    const index = stamp
      .then(() => this.reader.tileFeatures(collection))
      .then((features) => indexTiles(collection.id, collection.geometry, features));
    const held: Held = { day, stamp, checkedAtMs: Date.now(), index };
    this.held.set(collection.id, held);
    index.catch(() => {
      if (this.held.get(collection.id) === held) this.held.delete(collection.id);
    });
    return held;
  }
}
