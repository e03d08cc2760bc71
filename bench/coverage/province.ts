import type { AreaGeometry } from '../../src/geo/index.js';
import { generateDemo } from '../../src/demo/province/index.js';
import {
  defaultParameters,
  TECHNOLOGIES,
  type CoverageGrid,
  type SnapshotArea,
  type SnapshotSite,
} from '../../src/modules/coverage/domain/index.js';
import { buildGrid } from '../../src/modules/coverage/domain/grid.js';
import { randoms } from '../measure.js';

const demo = generateDemo(1);
const HEIGHTS_M = [25, 30, 35, 40, 45];

/** The communes of the demo province before July 2025. */
const AREAS = demo.areas.flatMap((area): SnapshotArea[] => {
  const { code, kind, validTo, boundary, population, households, parentCode } = area;
  if (kind !== 'commune' || validTo === null || !boundary) return [];
  const polygon = boundary as unknown as AreaGeometry;
  return [{ code, polygon, population, households, centres: [], parentCode }];
});

export const gridOf = (resolution: number): CoverageGrid =>
  buildGrid(AREAS, defaultParameters({ resolution }));

/** Sites of four operators, each with four technologies in three sectors: those of the demo first, then others strewn between them. */
export function sitesOf(count: number): SnapshotSite[] {
  const random = randoms(7);
  const at = (nr: number): [lon: number, lat: number] => {
    const site = demo.sites[nr % demo.sites.length];
    if (!site) throw new Error('the demo has no sites');
    const off = (): number => (nr < demo.sites.length ? 0 : 0.03 * (random() - 0.5));
    return [site.lon + off(), site.lat + off()];
  };
  return Array.from({ length: count }, (_, nr): SnapshotSite => {
    const [lon, lat] = at(nr);
    return siteAt(`s${String(nr).padStart(6, '0')}`, lon, lat, nr, 360 * random());
  });
}

export function siteAt(
  code: string,
  lon: number,
  lat: number,
  nr: number,
  firstAzimuthDeg: number,
): SnapshotSite {
  const { cellDefaults } = defaultParameters();
  return {
    code,
    lon,
    lat,
    structureHeightM: null,
    cells: TECHNOLOGIES.flatMap((technology) =>
      [0, 1, 2].map((sector) => ({
        ...cellDefaults[technology],
        code: `${technology}-${sector}`,
        operatorCode: `operator-${nr % 4}`,
        technology,
        azimuthDeg: (firstAzimuthDeg + 120 * sector) % 360,
        antennaHeightM: HEIGHTS_M[nr % HEIGHTS_M.length] ?? 35,
        referenceEirpDbm: null,
      })),
    ),
  };
}
