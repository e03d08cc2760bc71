import { isLonLat, polygonsOf, type AreaGeometry } from './geojson.js';

/** A box in WGS84 degrees. It never crosses the antimeridian: west ≤ east. */
export interface Bbox {
  west: number;
  south: number;
  east: number;
  north: number;
}

export type BboxErrorCode = 'bbox.format' | 'bbox.range' | 'bbox.order';

export type BboxResult =
  { ok: true; bbox: Bbox } | { ok: false; code: BboxErrorCode; messageEn: string; messageVi: string };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** Reads `west,south,east,north` (as OGC API Features orders them) into a value or an error; never throws. */
export function parseBbox(text: string): BboxResult {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length !== 4 || !parts.every((part) => NUMBER.test(part))) {
    return {
      ok: false,
      code: 'bbox.format',
      messageEn: 'bbox must be four decimal numbers: west,south,east,north.',
      messageVi: 'bbox phải gồm bốn số thập phân: tây,nam,đông,bắc.',
    };
  }
  const [west, south, east, north] = parts.map(Number) as [number, number, number, number];
  if (!isLonLat(west, south) || !isLonLat(east, north)) {
    return {
      ok: false,
      code: 'bbox.range',
      messageEn: 'bbox must be in degrees: longitude within ±180, latitude within ±90.',
      messageVi: 'bbox phải tính bằng độ: kinh độ trong khoảng ±180, vĩ độ trong khoảng ±90.',
    };
  }
  if (west > east || south > north) {
    return {
      ok: false,
      code: 'bbox.order',
      messageEn: 'bbox must be west,south,east,north with west ≤ east and south ≤ north.',
      messageVi: 'bbox phải theo thứ tự tây,nam,đông,bắc với tây ≤ đông và nam ≤ bắc.',
    };
  }
  return { ok: true, bbox: { west, south, east, north } };
}

/** The four numbers in the order that GeoJSON's `bbox` member has. */
export function bboxToArray(bbox: Bbox): [number, number, number, number] {
  return [bbox.west, bbox.south, bbox.east, bbox.north];
}

/** The smallest box round an area; edges included. */
export function bboxOf(geometry: AreaGeometry): Bbox {
  const box: Bbox = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const rings of polygonsOf(geometry)) {
    for (const [lon, lat] of rings[0] ?? []) {
      if (lon < box.west) box.west = lon;
      if (lon > box.east) box.east = lon;
      if (lat < box.south) box.south = lat;
      if (lat > box.north) box.north = lat;
    }
  }
  return box;
}

/** The smallest box round several boxes; undefined when there is none. */
export function unionBbox(boxes: Iterable<Bbox>): Bbox | undefined {
  let union: Bbox | undefined;
  for (const box of boxes) {
    union = union
      ? {
          west: Math.min(union.west, box.west),
          south: Math.min(union.south, box.south),
          east: Math.max(union.east, box.east),
          north: Math.max(union.north, box.north),
        }
      : { ...box };
  }
  return union;
}

/** Says whether a place lies in the box; the edges count as inside. */
export function bboxContains(bbox: Bbox, lon: number, lat: number): boolean {
  return lon >= bbox.west && lon <= bbox.east && lat >= bbox.south && lat <= bbox.north;
}
