import type { CoverageGrid } from './grid.js';
import type { RunParameters } from './parameters.js';
import type { LayerLevels, StoredLevels } from './layer-levels.js';
import type { LevelEngine } from './level-engine.js';
import { CurveCache } from './path-loss-table.js';
import { step, type RunHooks } from './progress.js';
import { TECHNOLOGIES, type Technology } from './technology.js';
import { TileLayers } from './tile-layers.js';
import { groupTables, groupTransmitters } from './transmitter-groups.js';
import type { PreparedTransmitters } from './transmitters.js';

/** How many operators reach the threshold, in each cell of the grid. */
export interface TechnologyOperators {
  /** Null: with any technology. */
  technology: Technology | null;
  operatorCount: Uint8Array;
}

/** Progress is told this often. */
const TILES_PER_STEP = 16;

/** Path losses are kept from one view to the next. */
const curves = new CurveCache();

/**
 * Plain typed arrays, for machines without the kernel. Double precision but for the tables (see path-loss-table) and the stored
 * levels: within 0.05 dB of a direct reckoning.
 */
export const typescriptEngine: LevelEngine = { id: 'typed-arrays', version: '1', computeLevels };

function computeLevels(
  grid: CoverageGrid,
  prepared: PreparedTransmitters,
  parameters: RunParameters,
  hooks: RunHooks = {},
): LayerLevels[] {
  const { cellCount } = grid;
  const groupsByLayer = groupTransmitters(prepared, parameters, groupTables(parameters, curves));
  const levels = prepared.layers.map((layer): LayerLevels => ({
    ...layer,
    levelDbm: new Float32Array(cellCount).fill(-Infinity),
    bestCell: new Int32Array(cellCount).fill(-1),
    servingCells: new Uint16Array(cellCount),
    servingSites: new Uint16Array(cellCount),
    servingSiteXor: new Uint32Array(cellCount),
  }));
  const work = new TileLayers(grid, levels, groupsByLayer, parameters);
  const tiles = grid.tileStart.length - 1;
  for (let t = 0; t < tiles; t++) {
    if (t % TILES_PER_STEP === 0) step(hooks, 'levels', t, tiles);
    work.reckonTile(t);
  }
  step(hooks, 'levels', tiles, tiles);
  return levels;
}

/** How many operators serve each cell of the grid, for each technology that occurs and for any. */
export function countOperators(levels: readonly StoredLevels[], cellCount: number): TechnologyOperators[] {
  const used = TECHNOLOGIES.filter((technology) => levels.some((layer) => layer.technology === technology));
  return [null, ...used].map((technology): TechnologyOperators => {
    const operatorCount = new Uint8Array(cellCount);
    const wanted = levels.filter((layer) => technology === null || layer.technology === technology);
    for (const operatorCode of new Set(wanted.map((layer) => layer.operatorCode))) {
      const layers = wanted.filter((layer) => layer.operatorCode === operatorCode);
      for (let i = 0; i < cellCount; i++) {
        if (layers.some((layer) => (layer.servingCells[i] as number) > 0)) {
          operatorCount[i] = (operatorCount[i] as number) + 1;
        }
      }
    }
    return { technology, operatorCount };
  });
}
