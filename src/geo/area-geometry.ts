import { isLonLat, type AreaGeometry } from './geojson.js';

/** What a value that should be a boundary turned out to be. `path` points into the value, as in `coordinates[0][3]`. */
export type AreaGeometryResult =
  { ok: true; geometry: AreaGeometry } | { ok: false; path: string; messageEn: string; messageVi: string };

class Refusal extends Error {
  constructor(
    readonly path: string,
    readonly messageEn: string,
    readonly messageVi: string,
  ) {
    super(messageEn);
  }
}

/**
 * Checks that a value from outside is a Polygon or MultiPolygon: closed rings of at least four positions within
 * WGS84 range. It does not check for self-intersection. Never throws.
 */
export function parseAreaGeometry(value: unknown): AreaGeometryResult {
  try {
    if (typeof value !== 'object' || value === null || !('type' in value) || !('coordinates' in value)) {
      throw new Refusal('', 'A GeoJSON geometry is required.', 'Cần một hình học GeoJSON.');
    }
    const { type, coordinates } = value;
    if (type === 'Polygon') {
      checkPolygon(coordinates, 'coordinates');
    } else if (type === 'MultiPolygon') {
      list(coordinates, 'coordinates').forEach((polygon, i) => checkPolygon(polygon, `coordinates[${i}]`));
    } else {
      throw new Refusal(
        'type',
        'The geometry must be a Polygon or a MultiPolygon.',
        'Hình học phải là Polygon hoặc MultiPolygon.',
      );
    }
    return { ok: true, geometry: value as AreaGeometry };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, path: error.path, messageEn: error.messageEn, messageVi: error.messageVi };
  }
}

function list(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new Refusal(path, 'A list that is not empty is required.', 'Cần một danh sách không rỗng.');
  }
  return value;
}

function checkPolygon(value: unknown, path: string): void {
  list(value, path).forEach((ring, i) => checkRing(ring, `${path}[${i}]`));
}

function checkRing(value: unknown, path: string): void {
  const ring = list(value, path).map((position, i) => checkPosition(position, `${path}[${i}]`));
  if (ring.length < 4) {
    throw new Refusal(
      path,
      'A ring needs at least four positions.',
      'Một đường bao cần ít nhất bốn điểm tọa độ.',
    );
  }
  const first = ring[0];
  const last = ring[ring.length - 1];
  if (!first || !last || first[0] !== last[0] || first[1] !== last[1]) {
    throw new Refusal(
      path,
      'A ring must end where it begins.',
      'Đường bao phải khép kín: điểm cuối trùng điểm đầu.',
    );
  }
}

function checkPosition(value: unknown, path: string): [number, number] {
  if (Array.isArray(value)) {
    const [lon, lat] = value as unknown[];
    if (typeof lon === 'number' && typeof lat === 'number' && isLonLat(lon, lat)) return [lon, lat];
  }
  throw new Refusal(
    path,
    'A position is [longitude, latitude] in degrees, within ±180 and ±90.',
    'Một điểm là [kinh độ, vĩ độ] tính bằng độ, trong khoảng ±180 và ±90.',
  );
}
