import { cellToBoundary } from 'h3-js';
import type { Polygon } from '../../../geo/index.js';

/** The outline of a cell; GeoJSON's outer rings run anticlockwise, as H3's boundaries do. 6 decimals are a tenth of a metre. */
export function hexagon(id: string): Polygon {
  const ring = cellToBoundary(id, true).map(([lon = 0, lat = 0]): [number, number] => [
    Math.round(lon * 1e6) / 1e6,
    Math.round(lat * 1e6) / 1e6,
  ]);
  return { type: 'Polygon', coordinates: [ring] };
}

/** Levels to a tenth of a decibel; null where nothing is received. */
export function levelOrNull(levelDbm: number): number | null {
  return Number.isFinite(levelDbm) ? Math.round(levelDbm * 10) / 10 : null;
}
