import { isLonLat, projectX, projectY, type LocalProjection } from '../../../geo/index.js';
import { referenceEirpDbm, resourceBlocks } from './link-budget.js';
import type { RunParameters } from './parameters.js';
import type { WarningCollector } from './run-warning.js';
import type { AssumableField, SnapshotCell, SnapshotSite } from './snapshot.js';
import { TECHNOLOGIES, type Technology } from './technology.js';
import { VALUE_RANGES } from './value-ranges.js';

/** One operator's network of one technology: what the levels are kept apart by. */
export interface Layer {
  operatorCode: string;
  technology: Technology;
}

/** A cell of the register, checked and complete. */
export interface Transmitter {
  siteCode: string;
  cellCode: string;
  /** Place among the sites, ordered by code. */
  siteIndex: number;
  layerIndex: number;
  technology: Technology;
  /** Metres in the grid's projection. */
  x: number;
  y: number;
  heightM: number;
  frequencyMhz: number;
  /** Null for an omnidirectional antenna. */
  azimuthDeg: number | null;
  horizontalBeamwidthDeg: number | null;
  verticalBeamwidthDeg: number;
  tiltDeg: number;
  /** EIRP of what the mobile measures, dBm. */
  eirpDbm: number;
}

export interface PreparedTransmitters {
  /** Ordered by technology, then operator code. */
  layers: Layer[];
  /** Ordered by site code, then cell code; `bestCell` of a result points into this list. */
  transmitters: Transmitter[];
  cellsGiven: number;
  cellsSkipped: number;
  /** How many used cells have an assumed value, by field. */
  assumed: Record<string, number>;
  cellsWithAssumedValues: number;
}

/** A cell that cannot be used, and why. */
class Unusable {
  constructor(
    readonly code: 'cell.operator' | 'cell.technology' | 'cell.no-height' | 'cell.value',
    readonly field: string | null,
  ) {}
}

/**
 * Checks all cells and completes what is unknown. A cell that cannot be used is left out with a warning that names it; nothing here
 * throws. The result does not depend on the order of sites and cells.
 */
export function prepareTransmitters(
  sites: readonly SnapshotSite[],
  parameters: RunParameters,
  projection: LocalProjection,
  warnings: WarningCollector,
): PreparedTransmitters {
  const layers = new Map<string, Layer>();
  const found: { transmitter: Transmitter; layer: Layer }[] = [];
  const assumedCounts = new Map<string, number>();
  let cellsGiven = 0;
  let cellsWithAssumedValues = 0;
  const ordered = sites.toSorted((a, b) => byText(a.code, b.code));
  ordered.forEach((site, siteIndex) => {
    cellsGiven += site.cells.length;
    if (siteIndex > 0 && ordered[siteIndex - 1]?.code === site.code) {
      warnings.add('site.duplicate', site.code);
      return;
    }
    if (!isLonLat(site.lon, site.lat)) {
      warnings.add('site.position', site.code);
      return;
    }
    const cells = site.cells.toSorted((a, b) => byText(a.code, b.code));
    cells.forEach((cell, i) => {
      const subject = `${site.code}/${cell.code}`;
      if (i > 0 && cells[i - 1]?.code === cell.code) {
        warnings.add('cell.duplicate', subject);
        return;
      }
      const assumed = new Set(cell.assumedFields ?? []);
      const radio = completeCell(cell, site.structureHeightM, parameters, assumed);
      if (radio instanceof Unusable) {
        warnings.add(radio.code, subject, radio.field);
        return;
      }
      if (!radio.standardBandwidth) warnings.add('cell.bandwidth', subject, 'bandwidthMhz');
      const { operatorCode, technology } = cell;
      const key = `${technology}|${operatorCode}`;
      let layer = layers.get(key);
      if (!layer) layers.set(key, (layer = { operatorCode, technology }));
      const place = { x: projectX(projection, site.lon), y: projectY(projection, site.lat) };
      const { standardBandwidth: _checked, ...values } = radio;
      found.push({
        layer,
        transmitter: {
          siteCode: site.code,
          cellCode: cell.code,
          siteIndex,
          layerIndex: -1,
          technology,
          ...place,
          ...values,
        },
      });
      if (assumed.size > 0) cellsWithAssumedValues++;
      for (const field of assumed) assumedCounts.set(field, (assumedCounts.get(field) ?? 0) + 1);
    });
  });
  const orderedLayers = [...layers.values()].sort(
    (a, b) =>
      TECHNOLOGIES.indexOf(a.technology) - TECHNOLOGIES.indexOf(b.technology) ||
      byText(a.operatorCode, b.operatorCode),
  );
  const transmitters = found.map(({ transmitter, layer }) => ({
    ...transmitter,
    layerIndex: orderedLayers.indexOf(layer),
  }));
  return {
    layers: orderedLayers,
    transmitters,
    cellsGiven,
    cellsSkipped: cellsGiven - transmitters.length,
    assumed: Object.fromEntries([...assumedCounts].sort(([a], [b]) => byText(a, b))),
    cellsWithAssumedValues,
  };
}

/** Order by code unit: the same on every machine, unlike a locale's. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Radio = Pick<
  Transmitter,
  | 'heightM'
  | 'frequencyMhz'
  | 'azimuthDeg'
  | 'horizontalBeamwidthDeg'
  | 'verticalBeamwidthDeg'
  | 'tiltDeg'
  | 'eirpDbm'
> & { standardBandwidth: boolean };

/** Completes one cell; adds the names of the fields that took a default to `assumed`. */
function completeCell(
  cell: SnapshotCell,
  structureHeightM: number | null,
  parameters: RunParameters,
  assumed: Set<string>,
): Radio | Unusable {
  if (!TECHNOLOGIES.includes(cell.technology)) return new Unusable('cell.technology', 'technology');
  if (!cell.operatorCode) return new Unusable('cell.operator', 'operatorCode');
  for (const field of Object.keys(VALUE_RANGES) as (keyof typeof VALUE_RANGES)[]) {
    const value = cell[field] ?? null;
    const [min, max] = VALUE_RANGES[field];
    if (value === null) continue;
    // Written so that NaN is out of range too; text, which a snapshot kept as JSON might hold, is no number.
    if (typeof value !== 'number' || !(value >= min && value <= max))
      return new Unusable('cell.value', field);
  }
  const defaults = parameters.cellDefaults[cell.technology];
  const take = (field: AssumableField, fallback: number): number => {
    const value = cell[field] ?? null;
    if (value !== null) return value;
    assumed.add(field);
    return fallback;
  };

  let heightM = cell.antennaHeightM ?? null;
  if (heightM === null) {
    heightM = usableHeight(structureHeightM) ?? defaults.antennaHeightM;
    if (heightM === null) return new Unusable('cell.no-height', 'antennaHeightM');
    assumed.add('antennaHeightM');
  }
  const azimuthDeg = cell.azimuthDeg ?? null;
  const width = cell.horizontalBeamwidthDeg ?? null;
  // A beam without a direction cannot be placed: it counts as going everywhere.
  if (azimuthDeg === null && width !== null && width < 360) assumed.add('azimuthDeg');
  const omni = azimuthDeg === null || (width !== null && width >= 360);
  const radio = {
    heightM,
    frequencyMhz: take('frequencyMhz', defaults.frequencyMhz),
    azimuthDeg: omni ? null : azimuthDeg,
    horizontalBeamwidthDeg: omni ? null : take('horizontalBeamwidthDeg', defaults.horizontalBeamwidthDeg),
    verticalBeamwidthDeg: take('verticalBeamwidthDeg', defaults.verticalBeamwidthDeg),
    tiltDeg: take('tiltDeg', defaults.tiltDeg),
  };
  const eirpDbm = cell.referenceEirpDbm ?? null;
  if (eirpDbm !== null) return { ...radio, eirpDbm, standardBandwidth: true };
  const { technology } = cell;
  const bandwidthMhz = take('bandwidthMhz', defaults.bandwidthMhz);
  const txPowerDbm = take('txPowerDbm', defaults.txPowerDbm);
  const gainDbi = take('gainDbi', omni ? defaults.omniGainDbi : defaults.gainDbi);
  const carrier = { technology, frequencyMhz: radio.frequencyMhz, bandwidthMhz, txPowerDbm };
  return {
    ...radio,
    eirpDbm: referenceEirpDbm(carrier, gainDbi, take('feederLossDb', defaults.feederLossDb)),
    standardBandwidth:
      technology === '2G' ||
      technology === '3G' ||
      resourceBlocks(technology, bandwidthMhz, radio.frequencyMhz).standard,
  };
}

function usableHeight(heightM: number | null): number | null {
  const [min, max] = VALUE_RANGES.antennaHeightM;
  return heightM !== null && heightM >= min && heightM <= max ? heightM : null;
}
