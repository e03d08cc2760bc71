import { horizontalAttenuationDb } from './antenna.js';
import type { RunParameters } from './parameters.js';
import { LossTables, reachSquaredM2, type CurveCache, type LossTable } from './path-loss-table.js';
import type { PreparedTransmitters, Transmitter } from './transmitters.js';

/**
 * Cells of one site and layer with the same frequency and height: distance, loss and elevation are common to them and reckoned once
 * for the group.
 */
export interface TransmitterGroup {
  siteIndex: number;
  x: number;
  y: number;
  /** Height above the mobile, m. */
  riseM: number;
  table: LossTable;
  /** No level counts beyond: square of the ground distance, m². */
  reachSquaredM2: number;
  reachM: number;
  /** The greatest EIRP of the group. */
  strongestDbm: number;
  /** For each cell of the group: place in the list of transmitters, EIRP, direction as a unit vector (0, 0 when omni), patterns. */
  transmitter: Int32Array;
  eirpDbm: Float64Array;
  east: Float64Array;
  north: Float64Array;
  pattern: Float32Array[];
  tiltDeg: Float64Array;
  /** 1 / vertical beamwidth. */
  perBeamDeg: Float64Array;
}

/** Steps of the horizontal pattern over the cosine of the angle from the azimuth, −1 to 1. */
export const PATTERN_STEPS = 8192;

/** Attenuation in dB by cosine at the edges of the steps; straight lines between them are within 0.05 dB for any beam. */
export function patternTable(horizontalBeamwidthDeg: number | null, maxAttenuationDb: number): Float32Array {
  // Two entries more than steps: rounding may bring a cosine a hair beyond 1.
  const table = new Float32Array(PATTERN_STEPS + 2);
  const pattern = { horizontalBeamwidthDeg, verticalBeamwidthDeg: 90, maxAttenuationDb, sideLobeDb: 0 };
  for (let i = 0; i < table.length; i++) {
    const cosine = Math.min(1, (i * 2) / PATTERN_STEPS - 1);
    table[i] = horizontalAttenuationDb(pattern, (Math.acos(cosine) * 180) / Math.PI);
  }
  return table;
}

/** Makes the pattern of each beamwidth once. */
export class PatternTables {
  private readonly tables = new Map<number | null, Float32Array>();

  constructor(private readonly maxAttenuationDb: number) {}

  of(beamwidthDeg: number | null): Float32Array {
    let table = this.tables.get(beamwidthDeg);
    if (!table) this.tables.set(beamwidthDeg, (table = patternTable(beamwidthDeg, this.maxAttenuationDb)));
    return table;
  }
}

/** Where groups have their tables from; null patterns: the groups are to have none. */
export interface GroupTables {
  losses: LossTables;
  patterns: PatternTables | null;
}

export function groupTables(parameters: RunParameters, cache?: CurveCache): GroupTables {
  return {
    losses: new LossTables(parameters, cache),
    patterns: new PatternTables(parameters.antenna.maxAttenuationDb),
  };
}

/** The groups of each layer, ordered by site and then by their first cell. */
export function groupTransmitters(
  prepared: Pick<PreparedTransmitters, 'layers' | 'transmitters'>,
  parameters: RunParameters,
  { losses, patterns } = groupTables(parameters),
): TransmitterGroup[][] {
  const members = prepared.layers.map(() => new Map<string, number[]>());
  prepared.transmitters.forEach((t, index) => {
    const key = `${t.siteIndex}|${t.frequencyMhz}|${t.heightM}`;
    const groups = members[t.layerIndex];
    const group = groups?.get(key);
    if (group) group.push(index);
    else groups?.set(key, [index]);
  });
  // A map keeps the order of insertion, and transmitters are ordered by site and cell.
  return members.map((groups) => [...groups.values()].map(toGroup));

  function toGroup(indexes: number[]): TransmitterGroup {
    const cells = indexes.map((i) => prepared.transmitters[i] as Transmitter);
    const first = cells[0] as Transmitter;
    const { technology } = first;
    const table = losses.table(technology, first.frequencyMhz, first.heightM);
    const { maxRangeM } = parameters.cutoffs[technology];
    const strongest = Math.max(...cells.map((cell) => cell.eirpDbm));
    const reach = Math.min(
      reachSquaredM2(table, strongest - weakestLevelDbm(parameters, technology)),
      maxRangeM ** 2,
    );
    return {
      siteIndex: first.siteIndex,
      x: first.x,
      y: first.y,
      riseM: first.heightM - parameters.mobileHeightM,
      table,
      reachSquaredM2: reach,
      reachM: Math.sqrt(reach),
      strongestDbm: strongest,
      transmitter: Int32Array.from(indexes),
      eirpDbm: Float64Array.from(cells, (cell) => cell.eirpDbm),
      east: Float64Array.from(cells, (cell) => direction(cell, Math.sin)),
      north: Float64Array.from(cells, (cell) => direction(cell, Math.cos)),
      pattern: patterns ? cells.map((cell) => patterns.of(cell.horizontalBeamwidthDeg)) : [],
      tiltDeg: Float64Array.from(cells, (cell) => cell.tiltDeg),
      perBeamDeg: Float64Array.from(cells, (cell) => 1 / cell.verticalBeamwidthDeg),
    };
  }
}

function direction(cell: Transmitter, component: (radians: number) => number): number {
  return cell.azimuthDeg === null ? 0 : component((cell.azimuthDeg * Math.PI) / 180);
}

/** Levels below this are reported as no signal. */
export function weakestLevelDbm(parameters: RunParameters, technology: Transmitter['technology']): number {
  return parameters.thresholds[technology].sufficientDbm - parameters.cutoffs[technology].belowThresholdDb;
}
