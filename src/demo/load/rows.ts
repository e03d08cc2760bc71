import type { AreaImportRow } from '../../modules/areas/index.js';
import type { HamletInput } from '../../modules/hamlets/index.js';
import type { SiteInput } from '../../modules/sites/index.js';
import type { DemoArea, DemoProvince, DemoSite } from '../province/index.js';

/**
 * The province as it stood before the merger of July 2025, in force without an end: the demo is that province. The
 * units of 2025, which the generator knows as well, are a later import, as they were in life.
 */
export function areaRows(demo: DemoProvince): AreaImportRow[] {
  return demo.areas.filter((area) => area.validTo !== null).map(areaRow);
}

function areaRow({ areaKm2: _published, ...area }: DemoArea): AreaImportRow {
  return { ...area, validTo: null, boundary: area.boundary ?? undefined };
}

/** The register finds the commune by the place itself. */
export function hamletRows(demo: DemoProvince): HamletInput[] {
  return demo.hamlets.map(({ communeCode: _byPlace, ...hamlet }) => hamlet);
}

export function siteRows(demo: DemoProvince): SiteInput[] {
  return demo.sites.map(siteRow);
}

/** The register finds the commune by the place itself. */
function siteRow({ communeCode: _byPlace, ...site }: DemoSite): SiteInput {
  return site;
}
