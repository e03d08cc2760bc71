import { antennaAttenuationDb, type AntennaPattern } from './antenna.js';
import { cellNeighbours } from './cell-neighbours.js';
import type { CoverageGrid } from './grid.js';
import type { StoredLevels } from './layer-levels.js';
import type { RunParameters } from './parameters.js';
import { lossAt, LossTables, type LossTable } from './path-loss-table.js';
import { ALL_SUB_POINTS, SUB_POINTS, subPointsOf } from './sub-points.js';
import type { Transmitter } from './transmitters.js';

/**
 * Cells that the edge of a layer's coverage cuts, ascending, and which of their sub-points are covered (bit k of `covered`: sub-point k).
 * All other cells are covered or not as their centres are.
 */
export interface EdgeCells {
  cell: Uint32Array;
  covered: Uint32Array;
}

/** Of a grid what its edges depend on. */
export type EdgeGrid = Pick<
  CoverageGrid,
  'h3' | 'x' | 'y' | 'cellCount' | 'projection' | 'resolution' | 'landCover'
>;

const DEG_PER_RAD = 180 / Math.PI;

/** Where the edges of all layers of a view cut cells. `transmitters`: what `bestCell` points into. */
export function edgesOf(
  grid: EdgeGrid,
  layers: readonly StoredLevels[],
  transmitters: readonly Transmitter[],
  parameters: RunParameters,
): EdgeCells[] {
  const neighboursOf = cellNeighbours(grid);
  const tables = new LossTables(parameters);
  return layers.map((layer) => edgeCells(grid, layer, transmitters, parameters, neighboursOf, tables));
}

/**
 * The cells of a layer that its edge cuts. Who may cover a part of a cell are the best servers at its centre and at its neighbours'
 * centres. Where a network ends by its greatest range and not by its level, cells stay whole.
 *
 * @param neighboursOf `cellNeighbours` of the grid.
 */
export function edgeCells(
  grid: EdgeGrid,
  layer: StoredLevels,
  transmitters: readonly Transmitter[],
  parameters: RunParameters,
  neighboursOf: (cell: number) => readonly number[],
  tables = new LossTables(parameters),
): EdgeCells {
  const { technology, levelDbm, bestCell } = layer;
  const { sufficientDbm } = parameters.thresholds[technology];
  const maxRangeM = parameters.cutoffs[technology].maxRangeM;
  const shape = subPointsOf(grid.projection, grid.resolution);
  const beams = new Map<number, Beam>();
  const beamOfServer = (server: number): Beam => {
    let beam = beams.get(server);
    if (!beam) beams.set(server, (beam = beamOf(transmitters[server] as Transmitter, parameters, tables)));
    return beam;
  };
  const cells: number[] = [];
  const masks: number[] = [];
  for (let i = 0; i < grid.cellCount; i++) {
    const margin = Math.abs((levelDbm[i] as number) - sufficientDbm);
    if (!(margin <= FURTHEST_DB)) continue;
    const best = bestCell[i] as number;
    const beam = beamOfServer(best);
    const groundM = Math.hypot((grid.x[i] as number) - beam.x, (grid.y[i] as number) - beam.y);
    if (groundM + shape.radiusM > maxRangeM) continue;
    if (margin > mostChangeDb(beam, grid.landCover[i] as number, groundM, shape.radiusM)) continue;
    let mask = coveredBy(beam, i);
    if (mask === ALL_SUB_POINTS) {
      if ((levelDbm[i] as number) >= sufficientDbm) continue;
    } else {
      const others = new Set(neighboursOf(i).map((cell) => bestCell[cell] as number));
      for (const other of others) {
        if (other >= 0 && other !== best && mask !== ALL_SUB_POINTS)
          mask |= coveredBy(beamOfServer(other), i);
      }
      if (mask === 0 && (levelDbm[i] as number) < sufficientDbm) continue;
    }
    cells.push(i);
    masks.push(mask);
  }
  return { cell: Uint32Array.from(cells), covered: Uint32Array.from(masks) };

  function coveredBy(beam: Beam, cell: number): number {
    const landCover = grid.landCover[cell] as number;
    const east = (grid.x[cell] as number) - beam.x;
    const north = (grid.y[cell] as number) - beam.y;
    let mask = 0;
    for (let k = 0; k < SUB_POINTS; k++) {
      const dx = east + (shape.east[k] as number);
      const dy = north + (shape.north[k] as number);
      const squaredM2 = dx * dx + dy * dy;
      if (squaredM2 <= maxRangeM * maxRangeM && levelAt(beam, landCover, dx, dy) >= sufficientDbm)
        mask |= 1 << k;
    }
    return mask;
  }
}

/** Which sub-points a layer covers, for every cell of the grid. */
export function coveredSubPoints(layer: Pick<StoredLevels, 'servingCells'>, edges?: EdgeCells): Uint32Array {
  const covered = Uint32Array.from(layer.servingCells, (serving) => (serving > 0 ? ALL_SUB_POINTS : 0));
  edges?.cell.forEach((cell, k) => (covered[cell] = edges.covered[k] as number));
  return covered;
}

/** No level changes by more than this within a cell, unless right below its antenna. */
const FURTHEST_DB = 15;

interface Beam {
  x: number;
  y: number;
  riseM: number;
  eirpDbm: number;
  azimuthDeg: number;
  tiltDeg: number;
  pattern: AntennaPattern;
  table: LossTable;
  /** How much the pattern changes at most, dB for a degree across and up. */
  acrossDbPerDeg: number;
  upDbPerDeg: number;
}

function beamOf(transmitter: Transmitter, parameters: RunParameters, tables: LossTables): Beam {
  const { technology, frequencyMhz, heightM, horizontalBeamwidthDeg, verticalBeamwidthDeg } = transmitter;
  const { maxAttenuationDb, sideLobeDb } = parameters.antenna;
  return {
    x: transmitter.x,
    y: transmitter.y,
    riseM: heightM - parameters.mobileHeightM,
    eirpDbm: transmitter.eirpDbm,
    azimuthDeg: transmitter.azimuthDeg ?? 0,
    tiltDeg: transmitter.tiltDeg,
    pattern: { horizontalBeamwidthDeg, verticalBeamwidthDeg, maxAttenuationDb, sideLobeDb },
    table: tables.table(technology, frequencyMhz, heightM),
    // The slope of the parabola 12 (φ/w)² where it reaches its greatest attenuation.
    acrossDbPerDeg:
      horizontalBeamwidthDeg === null ? 0 : Math.sqrt(48 * maxAttenuationDb) / horizontalBeamwidthDeg,
    upDbPerDeg: Math.sqrt(48 * sideLobeDb) / verticalBeamwidthDeg,
  };
}

/** How much a level may change between a cell's centre and its corners. */
function mostChangeDb(beam: Beam, landCover: number, groundM: number, radiusM: number): number {
  const near = Math.max(groundM - radiusM, 1);
  const far = groundM + radiusM;
  const here = lossAt(beam.table, landCover, groundM * groundM);
  const loss = Math.max(
    here - lossAt(beam.table, landCover, near * near),
    lossAt(beam.table, landCover, far * far) - here,
  );
  const up = Math.abs(Math.atan2(beam.riseM, near) - Math.atan2(beam.riseM, far)) * DEG_PER_RAD;
  const across = Math.atan2(radiusM, near) * DEG_PER_RAD;
  return loss + beam.upDbPerDeg * up + beam.acrossDbPerDeg * across + 0.1;
}

function levelAt(beam: Beam, landCover: number, east: number, north: number): number {
  const squaredM2 = east * east + north * north;
  const offsetDeg =
    beam.pattern.horizontalBeamwidthDeg === null
      ? 0
      : Math.atan2(east, north) * DEG_PER_RAD - beam.azimuthDeg;
  const depressionDeg = Math.atan2(beam.riseM, Math.sqrt(squaredM2)) * DEG_PER_RAD;
  return (
    beam.eirpDbm -
    lossAt(beam.table, landCover, squaredM2) -
    antennaAttenuationDb(beam.pattern, offsetDeg, depressionDeg, beam.tiltDeg)
  );
}
