/** A point in kilometres on the local plane, or a [longitude, latitude] pair in degrees: the name of the variable says which. */
export type Point = readonly [number, number];
export type Ring = Point[];

// Bound once: looking up the global for every distance is slow where the tests run.
const { sqrt } = Math;

const ORIGIN_LON = 105.62;
const ORIGIN_LAT = 9.8;

// Radii of curvature of the WGS84 ellipsoid at the origin. Over this province (0.4° of latitude) the scale errs by 0.06 % at
// most. A sphere would make every area 0.4 % larger than on the ellipsoid, on which the known areas are.
const A_KM = 6378.137;
const E2 = 0.00669437999014;
const SIN = Math.sin((ORIGIN_LAT * Math.PI) / 180);
const W2 = 1 - E2 * SIN * SIN;
const KM_PER_DEGREE_LAT = ((A_KM * (1 - E2)) / (W2 * Math.sqrt(W2))) * (Math.PI / 180);
const KM_PER_DEGREE_LON = (A_KM / Math.sqrt(W2)) * Math.cos((ORIGIN_LAT * Math.PI) / 180) * (Math.PI / 180);

/** Degrees to the local plane (x east, y north, km). */
export function toPlane(lon: number, lat: number): Point {
  return [(lon - ORIGIN_LON) * KM_PER_DEGREE_LON, (lat - ORIGIN_LAT) * KM_PER_DEGREE_LAT];
}

/** The local plane to [longitude, latitude], rounded to 1e-6 degrees (0.11 m), the resolution of everything in the demo. */
export function toLonLat(point: Point): Point {
  return [
    Math.round((ORIGIN_LON + point[0] / KM_PER_DEGREE_LON) * 1e6) / 1e6,
    Math.round((ORIGIN_LAT + point[1] / KM_PER_DEGREE_LAT) * 1e6) / 1e6,
  ];
}

/** Signed area of a ring (counter-clockwise positive) in the square of its unit; closed or not makes no difference. */
export function signedArea(ring: readonly Point[]): number {
  let twice = 0;
  let previous = ring[ring.length - 1];
  for (const point of ring) {
    if (previous) twice += previous[0] * point[1] - point[0] * previous[1];
    previous = point;
  }
  return twice / 2;
}

/** Centroid of a ring of non-zero area. */
export function centroid(ring: readonly Point[]): Point {
  let twice = 0;
  let x = 0;
  let y = 0;
  let previous = ring[ring.length - 1];
  for (const point of ring) {
    if (previous) {
      const cross = previous[0] * point[1] - point[0] * previous[1];
      twice += cross;
      x += (previous[0] + point[0]) * cross;
      y += (previous[1] + point[1]) * cross;
    }
    previous = point;
  }
  return [x / (3 * twice), y / (3 * twice)];
}

/** Whether a point lies in a ring (even-odd rule). */
export function inRing(point: Point, ring: readonly Point[]): boolean {
  let inside = false;
  let previous = ring[ring.length - 1];
  for (const current of ring) {
    if (
      previous &&
      current[1] > point[1] !== previous[1] > point[1] &&
      point[0] <
        ((previous[0] - current[0]) * (point[1] - current[1])) / (previous[1] - current[1]) + current[0]
    ) {
      inside = !inside;
    }
    previous = current;
  }
  return inside;
}

/** Whether a point lies in a MultiPolygon's coordinates (the first ring of each polygon is outer, the rest are holes). */
export function inMultiPolygon(point: Point, polygons: readonly (readonly Ring[])[]): boolean {
  return polygons.some(([outer, ...holes]) => {
    return outer !== undefined && inRing(point, outer) && !holes.some((hole) => inRing(point, hole));
  });
}

/** Area in km² of a MultiPolygon given in degrees. */
export function areaKm2(polygons: readonly (readonly Ring[])[]): number {
  let total = 0;
  for (const polygon of polygons) {
    polygon.forEach((ring, i) => {
      const area = Math.abs(signedArea(ring.map(([lon, lat]) => toPlane(lon, lat))));
      total += i === 0 ? area : -area;
    });
  }
  return total;
}

export function distance(a: Point, b: Point): number {
  const dx = a[0] - b[0];
  const dy = a[1] - b[1];
  return sqrt(dx * dx + dy * dy);
}
