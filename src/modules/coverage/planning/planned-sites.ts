import { latLngToCell } from 'h3-js';
import { fieldProblem, Problem, type FieldProblem } from '../../../common/http/problem.js';
import { checkSite, recordOf, type SiteInput } from '../../sites/index.js';
import type { CoverageGrid, RunParameters, SnapshotCell, SnapshotSite, Technology } from '../domain/index.js';
import { indexOfCell } from '../domain/grid-lookup.js';

/** A cell as a question gives it: what is left out takes the run's default for its technology. */
export interface PlannedCell {
  code: string;
  operatorCode: string;
  technology: Technology;
  frequencyMhz?: number | null;
  bandwidthMhz?: number | null;
  azimuthDeg?: number | null;
  horizontalBeamwidthDeg?: number | null;
  verticalBeamwidthDeg?: number | null;
  mechanicalTiltDeg?: number | null;
  electricalTiltDeg?: number | null;
  antennaHeightM?: number | null;
  txPowerDbm?: number | null;
  referenceEirpDbm?: number | null;
  gainDbi?: number | null;
  feederLossDb?: number | null;
}

export interface PlannedSite {
  code: string;
  lon: number;
  lat: number;
  structureHeightM?: number | null;
  cells: PlannedCell[];
}

/**
 * Sites for the engine. Throws 400 for what the register would not take either, for places outside of the run's grid and for cells of which
 * nobody knows the height. `field` names the list in problems.
 */
export function plannedSites(
  field: string,
  sites: readonly PlannedSite[],
  { grid, parameters }: { grid: CoverageGrid; parameters: RunParameters },
): SnapshotSite[] {
  const problems: FieldProblem[] = [];
  const seen = new Set<string>();
  sites.forEach((site, n) => {
    const at = (name: string) => `${field}.${n}.${name}`;
    const input: SiteInput = { ...site, name: site.code };
    for (const violation of checkSite(recordOf(input)))
      problems.push(
        fieldProblem(at(violation.field), violation.code, { en: violation.en, vi: violation.vi }),
      );
    if (seen.has(site.code))
      problems.push(
        fieldProblem(at('code'), 'DUPLICATE', {
          en: `the site "${site.code}" is given twice`,
          vi: `trạm "${site.code}" bị ghi hai lần`,
        }),
      );
    seen.add(site.code);
    if (!isInside(grid, site.lon, site.lat)) problems.push(outside(at('lon'), site));
    site.cells.forEach((cell, c) => {
      const known =
        cell.antennaHeightM ??
        site.structureHeightM ??
        parameters.cellDefaults[cell.technology].antennaHeightM;
      if (known !== null) return;
      problems.push(
        fieldProblem(at(`cells.${c}.antennaHeightM`), 'HEIGHT_UNKNOWN', {
          en: 'the cell needs antennaHeightM, or its site structureHeightM: the run assumes no height',
          vi: 'cell cần có antennaHeightM, hoặc trạm cần structureHeightM: lần tính không giả định độ cao',
        }),
      );
    });
  });
  if (problems.length > 0) throw Problem.invalid(problems.slice(0, 100));
  return sites.map(snapshotOf);
}

/** Whether a place lies in the run's grid. */
export function isInside(grid: CoverageGrid, lon: number, lat: number): boolean {
  if (!(Math.abs(lon) <= 180 && Math.abs(lat) <= 90)) return false;
  return indexOfCell(grid, BigInt(`0x${latLngToCell(lat, lon, grid.resolution)}`)) !== undefined;
}

export function outside(field: string, { lon, lat }: { lon: number; lat: number }): FieldProblem {
  return fieldProblem(field, 'OUTSIDE', {
    en: `${lon}, ${lat} lies outside of the units of this run`,
    vi: `${lon}, ${lat} nằm ngoài các đơn vị hành chính của lần tính này`,
  });
}

function snapshotOf({ code, lon, lat, structureHeightM, cells }: PlannedSite): SnapshotSite {
  return { code, lon, lat, structureHeightM: structureHeightM ?? null, cells: cells.map(cellOf) };
}

function cellOf(cell: PlannedCell): SnapshotCell {
  const { mechanicalTiltDeg, electricalTiltDeg } = cell;
  const tilted = (mechanicalTiltDeg ?? null) !== null || (electricalTiltDeg ?? null) !== null;
  return {
    code: cell.code,
    operatorCode: cell.operatorCode,
    technology: cell.technology,
    frequencyMhz: cell.frequencyMhz ?? null,
    bandwidthMhz: cell.bandwidthMhz ?? null,
    azimuthDeg: cell.azimuthDeg ?? null,
    horizontalBeamwidthDeg: cell.horizontalBeamwidthDeg ?? null,
    verticalBeamwidthDeg: cell.verticalBeamwidthDeg ?? null,
    tiltDeg: tilted ? (mechanicalTiltDeg ?? 0) + (electricalTiltDeg ?? 0) : null,
    antennaHeightM: cell.antennaHeightM ?? null,
    txPowerDbm: cell.txPowerDbm ?? null,
    gainDbi: cell.gainDbi ?? null,
    feederLossDb: cell.feederLossDb ?? null,
    referenceEirpDbm: cell.referenceEirpDbm ?? null,
  };
}
