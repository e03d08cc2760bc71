import type { AreaImportRow } from '../../src/modules/areas/index.js';
import type { Actor } from '../../src/modules/identity/index.js';

/** A square of `size` degrees with its south-west corner at lon, lat. */
export function square(lon: number, lat: number, size = 0.1) {
  const [e, n] = [Math.round((lon + size) * 1e6) / 1e6, Math.round((lat + size) * 1e6) / 1e6];
  const ring = [
    [lon, lat],
    [e, lat],
    [e, n],
    [lon, n],
    [lon, lat],
  ];
  return { type: 'Polygon', coordinates: [ring] };
}

const BEFORE = { validFrom: '2020-01-01', validTo: '2025-07-01' };
const SINCE = { validFrom: '2025-07-01', validTo: null };

/**
 * A province of two districts with three communes of 0.1° in a row from 105.4, 9.7 eastwards; since 2025-07-01 one unit
 * (that takes over the code c1) on the ground of the first two, directly in another province, and one on that of the third.
 */
export const AREAS: AreaImportRow[] = [
  { code: 'p1', kind: 'province', type: 'Tỉnh', name: 'Một', parentCode: null, ...BEFORE },
  { code: 'd1', kind: 'district', type: 'Huyện', name: 'Đông', parentCode: 'p1', ...BEFORE },
  { code: 'd2', kind: 'district', type: 'Thị xã', name: 'Tây', parentCode: 'p1', ...BEFORE },
  commune('c1', 'Xã', 'Vị Tân', 'd1', square(105.4, 9.7), 1000, 280, BEFORE),
  commune('c2', 'Xã', 'Hỏa Lựu', 'd1', square(105.5, 9.7), 2000, 560, BEFORE),
  commune('c3', 'Phường', 'Ngã Bảy', 'd2', square(105.6, 9.7), 3000, 840, BEFORE),
  { code: 'p2', kind: 'province', type: 'Thành phố', name: 'Hai', parentCode: null, ...SINCE },
  commune('c1', 'Phường', 'Vị Thanh', 'p2', square(105.4, 9.7, 0.2), 3000, 840, SINCE),
  commune('c9', 'Phường', 'Ngã Bảy', 'p2', square(105.6, 9.7), 3000, 840, SINCE),
];

function commune(
  code: string,
  type: string,
  name: string,
  parentCode: string,
  boundary: object,
  population: number,
  households: number,
  period: { validFrom: string; validTo: string | null },
): AreaImportRow {
  return {
    code,
    kind: 'commune',
    type,
    name,
    parentCode,
    ...period,
    population,
    populationBasis: 'census-2019',
    households,
    householdsBasis: 'estimated',
    boundary,
    source: 'test',
  };
}

export function actorOf(jurisdictionAreaId: string | null): Actor {
  return { kind: 'user', id: 'u1', name: 'test', permissions: new Set(), jurisdictionAreaId };
}
