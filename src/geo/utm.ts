/** Universal Transverse Mercator on WGS84, northern half. Krüger's series to the third order: a millimetre within 6° of the meridian. */
const SEMI_MAJOR_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const SCALE = 0.9996;
const FALSE_EASTING_M = 500_000;

const N = FLATTENING / (2 - FLATTENING);
const RECTIFYING_M = (SEMI_MAJOR_M / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const ALPHA = [
  N / 2 - (2 * N ** 2) / 3 + (5 * N ** 3) / 16,
  (13 * N ** 2) / 48 - (3 * N ** 3) / 5,
  (61 * N ** 3) / 240,
];
const BETA = [N / 2 - (2 * N ** 2) / 3 + (37 * N ** 3) / 96, N ** 2 / 48 + N ** 3 / 15, (17 * N ** 3) / 480];
const DELTA = [
  2 * N - (2 * N ** 2) / 3 - 2 * N ** 3,
  (7 * N ** 2) / 3 - (8 * N ** 3) / 5,
  (56 * N ** 3) / 15,
];
const ROOT = (2 * Math.sqrt(N)) / (1 + N);
const RAD = Math.PI / 180;

const meridianOf = (zone: number): number => 6 * zone - 183;

/** Metres east and north of the zone's origin. */
export function toUtm(zone: number, lon: number, lat: number): [eastM: number, northM: number] {
  const sin = Math.sin(lat * RAD);
  const t = Math.sinh(Math.atanh(sin) - ROOT * Math.atanh(ROOT * sin));
  const l = (lon - meridianOf(zone)) * RAD;
  const xi = Math.atan2(t, Math.cos(l));
  const eta = Math.atanh(Math.sin(l) / Math.sqrt(1 + t * t));
  let [x, y] = [eta, xi];
  ALPHA.forEach((a, i) => {
    const j = 2 * (i + 1);
    x += a * Math.cos(j * xi) * Math.sinh(j * eta);
    y += a * Math.sin(j * xi) * Math.cosh(j * eta);
  });
  return [FALSE_EASTING_M + SCALE * RECTIFYING_M * x, SCALE * RECTIFYING_M * y];
}

/** The place in degrees of WGS84. */
export function fromUtm(zone: number, eastM: number, northM: number): [lon: number, lat: number] {
  const x = (eastM - FALSE_EASTING_M) / (SCALE * RECTIFYING_M);
  const y = northM / (SCALE * RECTIFYING_M);
  let [xi, eta] = [y, x];
  BETA.forEach((b, i) => {
    const j = 2 * (i + 1);
    xi -= b * Math.sin(j * y) * Math.cosh(j * x);
    eta -= b * Math.cos(j * y) * Math.sinh(j * x);
  });
  const chi = Math.asin(Math.sin(xi) / Math.cosh(eta));
  let lat = chi;
  DELTA.forEach((d, i) => (lat += d * Math.sin(2 * (i + 1) * chi)));
  return [meridianOf(zone) + Math.atan2(Math.sinh(eta), Math.cos(xi)) / RAD, lat / RAD];
}
