import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

/** A commune before 2025-07-01. Centre in WGS84 degrees. */
export interface CommuneFact {
  code: string;
  type: string;
  name: string;
  districtCode: string;
  lat: number;
  lon: number;
  areaKm2: number;
  population: number;
  populationBasis: string;
  /** Code of the unit it became a part of on 2025-07-01. */
  unit2025: string;
}

export interface UnitFact {
  code: string;
  type: string;
  name: string;
}

export interface OperatorFact {
  code: string;
  name: string;
  brand: string;
  sitePrefix: string;
  fixedNetwork: boolean;
}

interface PlaceFact {
  key: string;
  name: string;
  kind: string;
  lat: number;
  lon: number;
}

export interface DemoFacts {
  communes: CommuneFact[];
  districts: UnitFact[];
  units2025: UnitFact[];
  operators: OperatorFact[];
  places: PlaceFact[];
}

/** Facts lie in the source tree only (the build copies no CSV), so look for them from the package root. */
function factsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error('The demo facts were not found: no package.json above the program');
    folder = parent;
  }
  return join(folder, 'src', 'demo', 'facts');
}

type Row = Record<string, string>;

function rows(folder: string, file: string): Row[] {
  return parse(readFileSync(join(folder, file)), { columns: true, comment: '#', trim: true });
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined || value === '') throw new Error(`The demo facts lack a value for ${column}`);
  return value;
}

function number(row: Row, column: string): number {
  const value = Number(text(row, column));
  if (!Number.isFinite(value)) throw new Error(`The demo facts have no number for ${column}: ${row[column]}`);
  return value;
}

const unit = (row: Row): UnitFact => ({
  code: text(row, 'code'),
  type: text(row, 'type'),
  name: text(row, 'name'),
});

/** Reads the facts about Hậu Giang that come with the program. */
export function loadFacts(folder: string = factsFolder()): DemoFacts {
  return {
    communes: rows(folder, 'communes.csv').map((row) => ({
      ...unit(row),
      districtCode: text(row, 'district_code'),
      lat: number(row, 'lat'),
      lon: number(row, 'lon'),
      areaKm2: number(row, 'area_km2'),
      population: number(row, 'population'),
      populationBasis: text(row, 'population_basis'),
      unit2025: text(row, 'unit_2025'),
    })),
    districts: rows(folder, 'districts.csv').map(unit),
    units2025: rows(folder, 'units-2025.csv').map(unit),
    operators: rows(folder, 'operators.csv').map((row) => ({
      code: text(row, 'code'),
      name: text(row, 'name'),
      brand: text(row, 'brand'),
      sitePrefix: text(row, 'site_prefix'),
      fixedNetwork: text(row, 'fixed_network') === 'yes',
    })),
    places: rows(folder, 'places.csv').map((row) => ({
      key: text(row, 'key'),
      name: text(row, 'name'),
      kind: text(row, 'kind'),
      lat: number(row, 'lat'),
      lon: number(row, 'lon'),
    })),
  };
}
