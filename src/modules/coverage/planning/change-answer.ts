import { cellToBoundary } from 'h3-js';
import type { Polygon } from '../../../geo/index.js';
import { cellId, type Amounts, type CoverageGrid } from '../domain/index.js';
import { sumOf } from '../domain/planning/index.js';
import type { Change } from './desk.types.js';
import type { PlanningUnit } from './planning-units.reader.js';
import type { Before, ChangeAnswer, ChangedCells, UnitChange } from './planning.types.js';

const KINDS: readonly string[] = ['province', 'district', 'commune'];

/** Square metres and thousandths of people: beyond that is the noise of adding up. */
const km2 = (m2: number): number => Math.round(m2) / 1e6;
const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

/** What a change comes to for each unit, and in which cells. */
export function changeAnswer(
  grid: CoverageGrid,
  units: readonly PlanningUnit[],
  change: Change,
  cells: { limit: number; geojson: boolean },
): Pick<ChangeAnswer, 'total' | 'units' | 'gained' | 'lost' | 'geojson'> {
  const communes = units.filter(({ areaKind }) => areaKind === 'commune');
  const known = (of: 'population' | 'households'): number | null =>
    communes.some((unit) => unit[of] !== null)
      ? communes.reduce((sum, unit) => sum + (unit[of] ?? 0), 0)
      : null;
  const total = amountsOf(change, {
    areaKm2: communes.reduce((sum, unit) => sum + unit.areaKm2, 0),
    population: known('population'),
    households: known('households'),
    members: communes.flatMap(({ members }) => members),
  });
  const changed = units
    .map((unit): UnitChange => {
      const { areaCode, areaKind, areaName } = unit;
      return { areaCode, areaKind, areaName, ...amountsOf(change, unit) };
    })
    .filter(({ areaKm2, population }) => areaKm2.difference !== 0 || (population?.difference ?? 0) !== 0)
    .sort(
      (a, b) =>
        KINDS.indexOf(a.areaKind) - KINDS.indexOf(b.areaKind) ||
        Math.abs(b.population?.difference ?? 0) - Math.abs(a.population?.difference ?? 0) ||
        Math.abs(b.areaKm2.difference) - Math.abs(a.areaKm2.difference) ||
        (a.areaCode < b.areaCode ? -1 : 1),
    );
  const gained = changedCells(grid, change.gained, change.gainedAmounts, cells.limit);
  const lost = changedCells(grid, change.lost, change.lostAmounts, cells.limit);
  const feature = (id: string, what: 'gained' | 'lost') => ({
    type: 'Feature' as const,
    id,
    geometry: hexagon(id),
    properties: { change: what },
  });
  return {
    total,
    units: changed,
    gained,
    lost,
    geojson: cells.geojson
      ? {
          type: 'FeatureCollection',
          features: [
            ...gained.ids.map((id) => feature(id, 'gained')),
            ...lost.ids.map((id) => feature(id, 'lost')),
          ],
        }
      : null,
  };
}

function amountsOf(
  change: Change,
  unit: Pick<PlanningUnit, 'areaKm2' | 'population' | 'households' | 'members'>,
): ChangeAnswer['total'] {
  const before = sumOf(change.before, unit.members);
  const after = sumOf(change.after, unit.members);
  const of = (total: number | null, key: 'population' | 'households'): Before | null =>
    total === null ? null : compared(total, thousandths(before[key]), thousandths(after[key]), thousandths);
  return {
    areaKm2: compared(unit.areaKm2, km2(before.areaM2), km2(after.areaM2), (value) => km2(value * 1e6)),
    population: of(unit.population, 'population'),
    households: of(unit.households, 'households'),
  };
}

function compared(total: number, before: number, after: number, round: (value: number) => number): Before {
  const percent = (part: number): number | null => (total > 0 ? Math.min(100, (100 * part) / total) : null);
  return {
    total: round(total),
    before,
    after,
    difference: round(after - before),
    percentBefore: percent(before),
    percentAfter: percent(after),
  };
}

function changedCells(grid: CoverageGrid, cells: Uint32Array, amounts: Amounts, limit: number): ChangedCells {
  return {
    count: cells.length,
    areaKm2: km2(amounts.areaM2),
    population: thousandths(amounts.population),
    households: thousandths(amounts.households),
    ids: Array.from(cells.subarray(0, limit), (i) => cellId(grid, i)),
    truncated: cells.length > limit,
  };
}

/** 6 decimals are a tenth of a metre. */
function hexagon(id: string): Polygon {
  const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
  return {
    type: 'Polygon',
    coordinates: [
      cellToBoundary(id, true).map(([lon, lat]): [number, number] => [rounded(lon), rounded(lat)]),
    ],
  };
}
