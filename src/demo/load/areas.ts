import type { AreaImportRow } from '../../modules/areas/index.js';
import type { DemoArea, DemoProvince } from '../province/index.js';

/**
 * The province as it stood before the merger of July 2025, in force without an end: the demo is that province. The
 * units of 2025 that the generator knows as well are a later import, as they were in life.
 */
export function areaRows(demo: DemoProvince): AreaImportRow[] {
  return demo.areas.filter((area) => area.validTo !== null).map(areaRow);
}

function areaRow(area: DemoArea): AreaImportRow {
  return {
    code: area.code,
    kind: area.kind,
    type: area.type,
    name: area.name,
    fullName: area.fullName,
    parentCode: area.parentCode,
    validFrom: area.validFrom,
    validTo: null,
    population: area.population,
    populationBasis: area.populationBasis,
    households: area.households,
    householdsBasis: area.householdsBasis,
    boundary: area.boundary ?? undefined,
    source: area.source,
  };
}
