import { buildingEntryLossDb, VEHICLE_ENTRY_LOSS_DB } from './propagation/building-entry.js';
import type { PropagationModel } from './propagation/model.js';
import { findModel } from './propagation/registry.js';
import { shadowMarginDb } from './link-budget.js';
import { MAX_RANGE_M, type RunParameters } from './parameters.js';
import { LAND_COVERS, type LandCover, type Technology } from './technology.js';

/** Ground distances below this count as this: 38.901's models begin here, and a place is no more exact. */
export const MIN_DISTANCE_M = 10;
export const MIN_SQUARED_M2 = MIN_DISTANCE_M * MIN_DISTANCE_M;

/**
 * Tables are indexed by the bits of the squared ground distance as a float32: the exponent and the upper five bits of the mantissa
 * choose the node (32 to an octave of d²), the other eighteen interpolate. A straight line between nodes is within 0.001 dB of a
 * curve that is smooth in log d, and within 0.04 dB at the models' kinks.
 */
export const NODE_SHIFT = 18;
export const FRACTION_MASK = (1 << NODE_SHIFT) - 1;
export const FRACTION_SCALE = 1 / (1 << NODE_SHIFT);

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

function nodeOf(squaredM: number): number {
  float[0] = squaredM;
  return (bits[0] as number) >>> NODE_SHIFT;
}

/** The node that is first in every table. */
export const FIRST_NODE = nodeOf(MIN_SQUARED_M2);
/** Nodes of one land cover; one more than reached, for interpolation. */
export const NODE_COUNT = nodeOf(MAX_RANGE_M * MAX_RANGE_M) - FIRST_NODE + 2;

/** Ground distance of each node. */
const NODE_DISTANCE_M = Float64Array.from({ length: NODE_COUNT }, (_, k) => {
  bits[0] = (FIRST_NODE + k) << NODE_SHIFT;
  return Math.sqrt(float[0] as number);
});

/** The total of what a run takes off beside the antenna's pattern, in dB. */
export interface LossTable {
  /** How many nodes there are for each land cover. */
  nodes: number;
  /** Loss at each node, land covers one after the other. */
  loss: Float32Array;
  /** The least loss at this or any later node of the land cover: curves have small steps down. */
  leastFrom: Float32Array;
}

/** The model of a technology where the land cover is so. */
export function modelFor(
  parameters: RunParameters,
  technology: Technology,
  landCover: LandCover,
): PropagationModel {
  const id = parameters.models[technology][landCover];
  const model = findModel(id);
  if (!model) throw new RangeError(`Unknown propagation model ${id}.`);
  return model;
}

/** Loss into where the mobile is, dB. */
export function entryLossDb(parameters: RunParameters, landCover: LandCover, frequencyMhz: number): number {
  switch (parameters.place) {
    case 'outdoor':
      return 0;
    case 'vehicle':
      return VEHICLE_ENTRY_LOSS_DB;
    case 'indoor':
      return buildingEntryLossDb(parameters.buildings[landCover], frequencyMhz);
  }
}

/** Path loss at each node, land covers one after the other. */
type Curves = Float64Array;

/** More than a network's heights and frequencies need; then the oldest are let go of. */
const MAX_CURVES = 4096;

/** Path loss alone, which is most of a table's work, kept from one view to the next. */
export class CurveCache {
  private readonly curves = new Map<string, Curves>();

  of(key: string, make: () => Curves): Curves {
    let curves = this.curves.get(key);
    if (!curves) {
      for (const oldest of this.curves.keys()) {
        if (this.curves.size < MAX_CURVES) break;
        this.curves.delete(oldest);
      }
      this.curves.set(key, (curves = make()));
    }
    return curves;
  }
}

/** Makes each table once; a run has as many as it has pairs of frequency and height. */
export class LossTables {
  private readonly tables = new Map<string, LossTable>();
  private readonly marginDb: number;

  constructor(
    private readonly parameters: RunParameters,
    private readonly cache = new CurveCache(),
  ) {
    this.marginDb = shadowMarginDb(parameters.probability, parameters.shadowSigmaDb);
  }

  /** Lets go of a table that is used no more. */
  forget(table: LossTable): void {
    for (const [key, known] of this.tables) if (known === table) this.tables.delete(key);
  }

  /** Path loss, entry loss and margin by land cover and distance, as far as the technology's range goes. */
  table(technology: Technology, frequencyMhz: number, heightM: number): LossTable {
    const key = `${technology}|${frequencyMhz}|${heightM}`;
    let table = this.tables.get(key);
    if (!table) this.tables.set(key, (table = this.make(technology, frequencyMhz, heightM)));
    return table;
  }

  private make(technology: Technology, frequencyMhz: number, baseHeightM: number): LossTable {
    const nodes = nodeOf(this.parameters.cutoffs[technology].maxRangeM ** 2) - FIRST_NODE + 2;
    const curves = this.curves(technology, frequencyMhz, baseHeightM, nodes);
    const loss = new Float32Array(LAND_COVERS.length * nodes);
    LAND_COVERS.forEach((landCover, code) => {
      const fixed = this.marginDb + entryLossDb(this.parameters, landCover, frequencyMhz);
      for (let i = code * nodes; i < (code + 1) * nodes; i++) loss[i] = (curves[i] as number) + fixed;
    });
    const leastFrom = loss.slice();
    for (let i = leastFrom.length - 2; i >= 0; i--) {
      if ((i + 1) % nodes !== 0) leastFrom[i] = Math.min(leastFrom[i] as number, leastFrom[i + 1] as number);
    }
    return { nodes, loss, leastFrom };
  }

  private curves(technology: Technology, frequencyMhz: number, baseHeightM: number, nodes: number): Curves {
    const { environments, mobileHeightM, models } = this.parameters;
    const used = LAND_COVERS.map((cover) => `${models[technology][cover]}/${environments[cover]}`);
    const key = [frequencyMhz, baseHeightM, mobileHeightM, nodes, ...used].join('|');
    return this.cache.of(key, () => {
      const curves = new Float64Array(LAND_COVERS.length * nodes);
      LAND_COVERS.forEach((landCover, code) => {
        const environment = environments[landCover];
        const model = modelFor(this.parameters, technology, landCover);
        const curve = model.lossCurve({ frequencyMhz, baseHeightM, mobileHeightM, environment });
        for (let k = 0; k < nodes; k++)
          curves[code * nodes + k] = curve(Math.max(MIN_DISTANCE_M, NODE_DISTANCE_M[k] as number));
      });
      return curves;
    });
  }
}

/** The loss at a squared ground distance, as the engine reads it. */
export function lossAt(table: LossTable, landCoverCode: number, squaredM2: number): number {
  const node = landCoverCode * table.nodes + nodeOf(Math.max(squaredM2, MIN_SQUARED_M2)) - FIRST_NODE;
  const low = table.loss[node] as number;
  return (
    low + ((table.loss[node + 1] as number) - low) * ((bits[0] as number) & FRACTION_MASK) * FRACTION_SCALE
  );
}

/** No loss in these land covers at this squared ground distance or further is less than this, dB. */
export function leastLossFrom(
  table: LossTable,
  landCoverCodes: readonly number[],
  squaredM2: number,
): number {
  const node = Math.min(nodeOf(Math.max(squaredM2, MIN_SQUARED_M2)) - FIRST_NODE, table.nodes - 1);
  let least = Infinity;
  for (const code of landCoverCodes) {
    const loss = table.leastFrom[code * table.nodes + node] as number;
    if (loss < least) least = loss;
  }
  return least;
}

/** The square of a ground distance beyond which no land cover has a loss as low as `lossDb`, m² (0 when there is none at all). */
export function reachSquaredM2(table: LossTable, lossDb: number): number {
  const { nodes, leastFrom } = table;
  for (let k = nodes - 1; k >= 0; k--) {
    for (let start = 0; start < leastFrom.length; start += nodes) {
      if ((leastFrom[start + k] as number) > lossDb) continue;
      return (NODE_DISTANCE_M[Math.min(k + 1, nodes - 1)] as number) ** 2;
    }
  }
  return 0;
}
