import { communeRings } from './borders.js';
import { PROVINCE_AREA_KM2, communeShapes } from './commune-shapes.js';
import { type DemoFacts, type UnitFact } from './facts.js';
import { type Ring } from './plane.js';
import { randomStream, round } from './random.js';
import { type DemoArea, type DemoMultiPolygon, SYNTHETIC } from './types.js';
import { unionOfRings } from './union.js';

const PEOPLE_PER_HOUSEHOLD = 3.6;
const BEFORE = { validFrom: '2020-01-01', validTo: '2025-07-01' };
const SINCE = { validFrom: '2025-07-01', validTo: null };
export const PROVINCE: UnitFact = { code: '93', type: 'Tỉnh', name: 'Hậu Giang' };
/** Since 2025-07-01 the communes belong to this one; most of it lies outside of the demo. */
const SUCCESSOR: UnitFact = { code: '92', type: 'Thành phố', name: 'Cần Thơ' };

const named = ({ code, type, name }: UnitFact): Pick<DemoArea, 'code' | 'type' | 'name' | 'fullName'> => ({
  code,
  type,
  name,
  fullName: `${type} ${name}`,
});

interface CommuneArea {
  area: DemoArea;
  ring: Ring;
  unit2025: string;
}

function sumOf(members: readonly CommuneArea[], value: (area: DemoArea) => number | null): number {
  return members.reduce((sum, member) => sum + (value(member.area) ?? 0), 0);
}

/** A unit made of communes: its boundary is their outline, its figures are their sums. */
function composed(
  unit: UnitFact,
  kind: DemoArea['kind'],
  parentCode: string | null,
  validity: Pick<DemoArea, 'validFrom' | 'validTo'>,
  members: readonly CommuneArea[],
): DemoArea {
  const boundary: DemoMultiPolygon = {
    type: 'MultiPolygon',
    coordinates: unionOfRings(members.map((member) => member.ring)),
  };
  return {
    ...named(unit),
    kind,
    parentCode,
    ...validity,
    population: sumOf(members, (area) => area.population),
    populationBasis: 'sum of communes',
    households: sumOf(members, (area) => area.households),
    householdsBasis: 'sum of communes',
    areaKm2: round(
      sumOf(members, (area) => area.areaKm2),
      2,
    ),
    boundary,
    source: SYNTHETIC,
  };
}

/**
 * The units of the province up to 2025-07-01 (1 + 8 + 75) and since then (28 under Cần Thơ city, whose own boundary and population
 * are left unknown). Parents come before their children.
 */
export function demoAreas(seed: number, facts: DemoFacts): DemoArea[] {
  const shapes = communeShapes(facts.communes, randomStream(seed, 'surroundings'));
  const rings = communeRings(shapes, seed);
  const communes: CommuneArea[] = facts.communes.map((fact, i) => {
    const ring = rings[i] ?? [];
    return {
      ring,
      unit2025: fact.unit2025,
      area: {
        ...named(fact),
        kind: 'commune',
        parentCode: fact.districtCode,
        ...BEFORE,
        population: fact.population,
        populationBasis: fact.populationBasis,
        households: Math.round(fact.population / PEOPLE_PER_HOUSEHOLD),
        householdsBasis: 'estimated',
        areaKm2: fact.areaKm2,
        boundary: { type: 'MultiPolygon', coordinates: [[ring]] },
        source: SYNTHETIC,
      },
    };
  });
  const inDistrict = (code: string): CommuneArea[] => communes.filter(({ area }) => area.parentCode === code);
  const inUnit = (code: string): CommuneArea[] => communes.filter(({ unit2025 }) => unit2025 === code);
  const successor: DemoArea = {
    ...named(SUCCESSOR),
    kind: 'province',
    parentCode: null,
    ...SINCE,
    population: null,
    populationBasis: 'unknown',
    households: null,
    householdsBasis: 'unknown',
    areaKm2: null,
    boundary: null,
    source: SYNTHETIC,
  };
  return [
    { ...composed(PROVINCE, 'province', null, BEFORE, communes), areaKm2: PROVINCE_AREA_KM2 },
    ...facts.districts.map((unit) =>
      composed(unit, 'district', PROVINCE.code, BEFORE, inDistrict(unit.code)),
    ),
    ...communes.map(({ area }) => area),
    successor,
    ...facts.units2025.map((unit) => composed(unit, 'commune', SUCCESSOR.code, SINCE, inUnit(unit.code))),
  ];
}
