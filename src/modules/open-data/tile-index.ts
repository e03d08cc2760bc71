import Supercluster from 'supercluster';
import { type DrawnFeature, encodeTile, PolygonIndex } from './tile-libraries.js';

/** What a tile shows of a feature: values without null. */
export type TileTags = Record<string, string | number | boolean>;
export interface TileFeature {
  type: 'Feature';
  geometry: { type: string; coordinates: unknown };
  properties: TileTags;
}

export const MAX_TILE_BYTES = 500_000;
/** Points nearer than this share of a tile's width are one cluster, up to this zoom. */
const CLUSTER_SHARE = 1 / 12;
export const CLUSTERED_UNTIL_ZOOM = 14;
export const POLYGON_MAX_ZOOM = 14;
const EXTENT = 4096;
/** Crowded tiles beyond the clustered zooms are piled up on a grid of so many squares across. */
const PILES_ACROSS = 48;

/** Draws tiles of one collection, as it was when the index was made. */
export type TileIndex = (z: number, x: number, y: number) => Uint8Array;

export function indexTiles(
  layer: string,
  geometry: 'point' | 'polygon',
  features: readonly TileFeature[],
): TileIndex {
  const tileOf = geometry === 'point' ? pointTiles(features) : polygonTiles(features);
  return (z, x, y) => encodeWithin(layer, tileOf(z, x, y));
}

function pointTiles(features: readonly TileFeature[]) {
  const clusters = new Supercluster({
    radius: EXTENT * CLUSTER_SHARE,
    extent: EXTENT,
    maxZoom: CLUSTERED_UNTIL_ZOOM,
  }).load(features as Parameters<Supercluster['load']>[0]);
  return (z: number, x: number, y: number): DrawnFeature[] =>
    (clusters.getTile(z, x, y)?.features ?? []).map(({ geometry, tags }) => ({
      type: 1,
      geometry,
      tags: tags ?? null,
    }));
}

function polygonTiles(features: readonly TileFeature[]) {
  const index = new PolygonIndex(
    { type: 'FeatureCollection', features },
    { maxZoom: POLYGON_MAX_ZOOM, extent: EXTENT },
  );
  return (z: number, x: number, y: number): DrawnFeature[] => index.getTile(z, x, y)?.features ?? [];
}

/** Too large a tile is drawn again with its points piled up, and then without what tells them apart. */
function encodeWithin(layer: string, features: DrawnFeature[]): Uint8Array {
  if (features.length === 0) return new Uint8Array();
  const whole = encode(layer, features);
  if (whole.length <= MAX_TILE_BYTES) return whole;
  const piles = pileUp(features);
  const piled = encode(layer, piles);
  if (piled.length <= MAX_TILE_BYTES) return piled;
  return encode(
    layer,
    piles.map((feature) => ({ ...feature, tags: feature.tags?.cluster ? feature.tags : {} })),
  );
}

function encode(layer: string, features: DrawnFeature[]): Uint8Array {
  return encodeTile({ [layer]: { features } }, { version: 2, extent: EXTENT });
}

/** Points of one square of the grid become one, at the place of the first, with their number. */
function pileUp(features: readonly DrawnFeature[]): DrawnFeature[] {
  const piles = new Map<string, { feature: DrawnFeature; count: number }>();
  const rest: DrawnFeature[] = [];
  for (const feature of features) {
    const [x = 0, y = 0] = feature.geometry[0] ?? [];
    if (typeof x !== 'number' || typeof y !== 'number') {
      rest.push(feature);
      continue;
    }
    const square = [x, y].map((n) => Math.floor((n * PILES_ACROSS) / EXTENT)).join();
    const pile = piles.get(square);
    if (pile) pile.count += 1;
    else piles.set(square, { feature, count: 1 });
  }
  for (const { feature, count } of piles.values())
    rest.push(count === 1 ? feature : { ...feature, tags: { cluster: true, point_count: count } });
  return rest;
}
