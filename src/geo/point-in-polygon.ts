import { bboxOf, type Bbox } from './bbox.js';
import { polygonsOf, type AreaGeometry } from './geojson.js';

/** An area laid out for many questions: every edge of every ring in flat arrays, lower end first. */
export interface PreparedArea {
  readonly bbox: Bbox;
  /** Lower and upper latitude of each edge, and the lower end's longitude with the change of longitude per degree of latitude. */
  readonly lowLat: Float64Array;
  readonly highLat: Float64Array;
  readonly lowLon: Float64Array;
  readonly slope: Float64Array;
}

/** Lays out an area for `areaContains`. Level edges are left out: a level ray never crosses them. */
export function prepareArea(geometry: AreaGeometry): PreparedArea {
  const edges: number[] = [];
  for (const rings of polygonsOf(geometry)) {
    for (const ring of rings) {
      for (let i = 0; i + 1 < ring.length; i++) {
        const a = ring[i];
        const b = ring[i + 1];
        if (!a || !b || a[1] === b[1]) continue;
        const [low, high] = a[1] < b[1] ? [a, b] : [b, a];
        edges.push(low[1], high[1], low[0], (high[0] - low[0]) / (high[1] - low[1]));
      }
    }
  }
  const count = edges.length / 4;
  const column = (k: number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => edges[4 * i + k] as number);
  return {
    bbox: bboxOf(geometry),
    lowLat: column(0),
    highLat: column(1),
    lowLon: column(2),
    slope: column(3),
  };
}

/**
 * Ray casting, even-odd rule: holes and parts of a multipolygon come out right without looking at ring order. An edge belongs to the
 * area north or east of it, so of several areas that share an edge exactly one contains a point on it (given equal vertices).
 */
export function areaContains(area: PreparedArea, lon: number, lat: number): boolean {
  const { bbox, lowLat, highLat, lowLon, slope } = area;
  if (lon < bbox.west || lon > bbox.east || lat < bbox.south || lat > bbox.north) return false;
  let inside = false;
  for (let i = 0; i < lowLat.length; i++) {
    const low = lowLat[i] as number;
    if (lat < low || lat >= (highLat[i] as number)) continue;
    if ((lowLon[i] as number) + (lat - low) * (slope[i] as number) > lon) inside = !inside;
  }
  return inside;
}
