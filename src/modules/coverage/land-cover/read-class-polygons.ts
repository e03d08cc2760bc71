import { readFile } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { isLonLat, type Bbox } from '../../../geo/index.js';
import type { ClassRaster } from '../domain/index.js';
import { refusedFile } from '../geotiff/refused.js';
import { fillRings, type PixelRing } from './fill-rings.js';
import { MOST_CLASSES } from './read-class-raster.js';

export const MOST_GEOJSON_BYTES = 30_000_000;
/** Eleven metres. */
const PIXEL_DEG = 1e-4;
const MOST_PIXELS = 40_000_000;
/** Pixels filled and edges crossed, all polygons together. */
const MOST_WORK = 600_000_000;

interface ClassPolygon {
  code: string;
  rings: unknown[];
}

/**
 * Reads polygons of GeoJSON (WGS84) with their class as pixels of eleven metres within a box; a later polygon lies upon an earlier one.
 * `classOf` tells the class from a feature's properties. Throws 400 for what is no such thing, for what would take too long, and when
 * nothing lies in the box.
 */
export async function readClassPolygons(
  path: string,
  box: Bbox,
  classOf: (properties: Record<string, unknown>, at: number) => string,
): Promise<ClassRaster> {
  const polygons = polygonsOf(parsed(await readFile(path, 'utf8')), classOf);
  const [wide, high] = [box.east - box.west, box.north - box.south];
  const pixel = Math.max(PIXEL_DEG, Math.sqrt((wide * high) / MOST_PIXELS) * 1.001);
  const raster: ClassRaster = {
    ...{ utmZone: null, west: box.west, north: box.north, dx: pixel, dy: pixel },
    width: Math.max(1, Math.ceil(wide / pixel)),
    height: Math.max(1, Math.ceil(high / pixel)),
    codes: [...new Set(polygons.map(({ code }) => code))],
    data: new Uint8Array(0),
  };
  if (raster.codes.length > MOST_CLASSES)
    throw refusedFile(`the file has more than ${MOST_CLASSES} classes`, `tệp có hơn ${MOST_CLASSES} lớp`);
  raster.data = new Uint8Array(raster.width * raster.height);
  const places = new Map(raster.codes.map((code, k) => [code, k + 1]));
  let left = MOST_WORK;
  for (const [n, { code, rings }] of polygons.entries()) {
    left -= fillRings(
      raster,
      rings.map((ring) => pixelRing(ring, raster)),
      places.get(code) as number,
      left,
    );
    if (left <= 0)
      throw refusedFile(
        'the polygons are too many and too large together: simplify them',
        'các vùng quá nhiều và quá lớn: hãy đơn giản hóa trước',
      );
    if (n % 200 === 199) await breathe();
  }
  if (!raster.data.some((code) => code > 0))
    throw refusedFile(
      'no polygon lies over the administrative units',
      'không vùng nào nằm trên các đơn vị hành chính',
    );
  return raster;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw refusedFile('the file is neither GeoTIFF nor GeoJSON', 'tệp không phải GeoTIFF hay GeoJSON');
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function polygonsOf(
  json: unknown,
  classOf: (properties: Record<string, unknown>, at: number) => string,
): ClassPolygon[] {
  if (!isObject(json) || json.type !== 'FeatureCollection' || !Array.isArray(json.features))
    throw refusedFile('the file is no GeoJSON FeatureCollection', 'tệp không phải FeatureCollection GeoJSON');
  if (json.crs !== undefined && !/CRS84|4326/.test(JSON.stringify(json.crs)))
    throw refusedFile(
      'coordinates must be degrees of WGS84, as GeoJSON has them',
      'tọa độ phải là độ WGS84 theo chuẩn GeoJSON',
    );
  const found = (json.features as unknown[]).flatMap((feature, at): ClassPolygon[] => {
    const geometry = isObject(feature) ? feature.geometry : undefined;
    if (!isObject(feature) || !isObject(geometry) || !Array.isArray(geometry.coordinates))
      throw noPolygon(at);
    const code = classOf(isObject(feature.properties) ? feature.properties : {}, at);
    const coordinates = geometry.coordinates as unknown[];
    if (geometry.type === 'Polygon') return [{ code, rings: coordinates }];
    if (geometry.type !== 'MultiPolygon' || !coordinates.every(Array.isArray)) throw noPolygon(at);
    return (coordinates as unknown[][]).map((rings) => ({ code, rings }));
  });
  if (found.length === 0) throw refusedFile('the file has no polygon', 'tệp không có vùng nào');
  return found;
}

function noPolygon(at: number) {
  return refusedFile(
    `feature ${at + 1} is no Polygon or MultiPolygon`,
    `đối tượng ${at + 1} không phải Polygon hay MultiPolygon`,
  );
}

/** In columns and rows. */
function pixelRing(ring: unknown, { west, north, dx, dy }: ClassRaster): PixelRing {
  if (!Array.isArray(ring) || ring.length < 4)
    throw refusedFile('a ring must have four positions or more', 'mỗi vòng phải có từ bốn điểm trở lên');
  const out = new Float64Array(2 * ring.length);
  (ring as unknown[]).forEach((position, i) => {
    const [lon, lat] = (Array.isArray(position) ? position : []) as unknown[];
    if (typeof lon !== 'number' || typeof lat !== 'number' || !isLonLat(lon, lat))
      throw refusedFile(
        'positions must be lon, lat in degrees',
        'tọa độ phải là kinh độ, vĩ độ tính bằng độ',
      );
    out[2 * i] = (lon - west) / dx;
    out[2 * i + 1] = (north - lat) / dy;
  });
  return out;
}
