import { cellLonLat } from '../domain/grid.js';
import type { CoverageGrid, RunParameters, SnapshotSite, Technology } from '../domain/index.js';
import { plannedSites, type PlannedCell } from './planned-sites.js';

/** What is put up at a candidate's place: one antenna that goes everywhere, or a sector for each direction. */
export interface SiteTemplate extends Omit<
  PlannedCell,
  'code' | 'operatorCode' | 'technology' | 'azimuthDeg' | 'antennaHeightM'
> {
  antennaHeightM: number;
  azimuthsDeg?: number[];
}

/** Begins the codes of the sites that are tried. */
const CODE = 'siting';

/** The template as a site in the middle of the grid: it goes through the same checks as any other. Throws 400. */
export function templateSite(
  { azimuthsDeg = [], ...cell }: SiteTemplate,
  technology: Technology,
  operatorCode: string,
  network: { grid: CoverageGrid; parameters: RunParameters },
): SnapshotSite {
  const [lon, lat] = cellLonLat(network.grid, network.grid.cellCount >> 1);
  const directions: (number | null)[] = azimuthsDeg.length > 0 ? azimuthsDeg : [null];
  const cells = directions.map((azimuthDeg, n): PlannedCell => ({
    ...cell,
    code: `${technology}-${n + 1}`,
    operatorCode,
    technology,
    azimuthDeg,
  }));
  const [site] = plannedSites('template', [{ code: CODE, lon, lat, cells }], network);
  if (!site) throw new Error('the template came to nothing');
  return site;
}
