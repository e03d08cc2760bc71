/**
 * The part of GeoJSON (RFC 7946) that the project uses. Coordinates are WGS84 longitude, latitude in degrees, in this order;
 * a third number (height) may follow and is ignored.
 */
export type Position = [lon: number, lat: number, ...rest: number[]];

/** A closed line: the last position repeats the first; at least four positions. */
export type Ring = Position[];

export interface Point {
  type: 'Point';
  coordinates: Position;
}

export interface LineString {
  type: 'LineString';
  coordinates: Position[];
}

export interface Polygon {
  type: 'Polygon';
  /** The outer ring, then the holes. */
  coordinates: Ring[];
}

export interface MultiPolygon {
  type: 'MultiPolygon';
  coordinates: Ring[][];
}

/** What an administrative unit's boundary may be. */
export type AreaGeometry = Polygon | MultiPolygon;

export type Geometry = Point | LineString | Polygon | MultiPolygon;

export interface Feature<G extends Geometry | null = Geometry | null, P = Record<string, unknown>> {
  type: 'Feature';
  id?: string | number;
  geometry: G;
  properties: P;
}

export interface FeatureCollection<G extends Geometry | null = Geometry | null, P = Record<string, unknown>> {
  type: 'FeatureCollection';
  features: Feature<G, P>[];
}

/** The polygons of an area as lists of rings, whichever of the two kinds it is. */
export function polygonsOf(geometry: AreaGeometry): Ring[][] {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

/** Says whether both numbers are a place on earth in WGS84 degrees. */
export function isLonLat(lon: number, lat: number): boolean {
  return lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90;
}
