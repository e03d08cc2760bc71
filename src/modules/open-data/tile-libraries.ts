import { GeoJSONVT as LoadedIndex } from '@maplibre/geojson-vt';
import { fromGeojsonVt as loadedEncoder } from '@maplibre/vt-pbf';

/*
 * The libraries' own declarations leave the endings of their imports out, which our module resolution does not follow:
 * what is used of them is declared here.
 */

export interface DrawnFeature {
  /** 1 point, 2 line, 3 polygon. */
  type: 1 | 2 | 3;
  /** Places of points, or lines of places, in units of the tile. */
  geometry: [number, number][] | [number, number][][];
  tags: Record<string, unknown> | null;
}

interface PolygonIndex {
  getTile(z: number, x: number, y: number): { features: DrawnFeature[] } | null;
}

export const PolygonIndex = LoadedIndex as unknown as new (
  data: { type: 'FeatureCollection'; features: readonly object[] },
  options: { maxZoom: number; extent: number },
) => PolygonIndex;

export const encodeTile = loadedEncoder as unknown as (
  layers: Record<string, { features: DrawnFeature[] }>,
  options: { version: number; extent: number },
) => Uint8Array;
