import { fromUtm, toUtm } from './utm.js';

/** As PROJ gives them for EPSG:32648. */
const PLACES = [
  [105.45, 9.75, 549_355.690919433, 1_077_804.64000597],
  [105.9, 10.1, 598_609.481667877, 1_116_604.70258722],
  [102.5, 8.6, 224_835.854865795, 951_527.875170956],
] as const;

test.each(PLACES)('%d, %d lies where PROJ puts it, and back', (lon, lat, eastM, northM) => {
  const [x, y] = toUtm(48, lon, lat);
  expect(x).toBeCloseTo(eastM, 3);
  expect(y).toBeCloseTo(northM, 3);
  const [backLon, backLat] = fromUtm(48, eastM, northM);
  expect(backLon).toBeCloseTo(lon, 8);
  expect(backLat).toBeCloseTo(lat, 8);
});
