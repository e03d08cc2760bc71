import type { CoverageGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import type { LevelEngine } from '../level-engine.js';
import type { NetworkModel } from '../network/network-model.js';
import type { RunParameters } from '../parameters.js';
import { CurveCache, LossTables } from '../path-loss-table.js';
import type { RunHooks } from '../progress.js';
import { groupTransmitters } from '../transmitter-groups.js';
import type { PreparedTransmitters } from '../transmitters.js';
import { Arena, instantiate, newMemory, type Kernel, type KernelModule } from './kernel.js';
import { batchesOf, KernelMemory } from './kernel-memory.js';
import { reckonTiles } from './reckon-tiles.js';
import { WasmNetwork } from './wasm-network.js';

/** The kernel with SIMD, on one thread: single precision, within 0.05 dB of a direct reckoning in double precision. */
export class WasmEngine implements LevelEngine {
  readonly id = 'wasm-simd';
  readonly version = '1';
  private readonly curves = new CurveCache();
  /** Memory is kept for the next time: it does not shrink, and getting it anew costs more than using it. */
  private readonly memory = newMemory();

  constructor(private readonly module: KernelModule) {}

  computeLevels(
    grid: CoverageGrid,
    prepared: PreparedTransmitters,
    parameters: RunParameters,
    hooks: RunHooks = {},
  ): LayerLevels[] {
    const arena = new Arena(this.memory);
    const layout = layOut(arena, grid, prepared, parameters, this.curves);
    const kernel = instantiate(this.module, this.memory);
    openKernel(kernel, layout);
    reckonTiles(kernel, layout, hooks);
    return layout.layers.map(({ levels }) => copyOf(levels));
  }

  openNetwork(
    grid: CoverageGrid,
    prepared: PreparedTransmitters,
    parameters: RunParameters,
    hooks: RunHooks = {},
  ): NetworkModel {
    return new WasmNetwork(this.module, grid, prepared, parameters, this.curves, hooks);
  }
}

function layOut(
  arena: Arena,
  grid: CoverageGrid,
  prepared: PreparedTransmitters,
  parameters: RunParameters,
  curves: CurveCache,
): KernelMemory {
  const memory = new KernelMemory(arena, grid, parameters, prepared.layers.length);
  const tables = { losses: new LossTables(parameters, curves), patterns: null };
  const groupsByLayer = groupTransmitters(prepared, parameters, tables);
  prepared.layers.forEach((layer, l) => {
    const groups = groupsByLayer[l] ?? [];
    const made = memory.addLayer(
      layer,
      groups.reduce((n, group) => n + batchesOf(group), 0),
    );
    memory.addGroups(made, groups, prepared.transmitters);
  });
  const ranks = memory.ranks(prepared.transmitters.length);
  for (let i = 0; i < prepared.transmitters.length; i++) ranks[i] = i;
  return memory;
}

function openKernel(kernel: Kernel, memory: KernelMemory): void {
  const { scratch, candidates, bounds } = memory.workplace();
  kernel.open(memory.model, scratch, candidates, bounds);
}

/** Out of the kernel's memory, which is used again. */
function copyOf(levels: LayerLevels): LayerLevels {
  return {
    ...levels,
    levelDbm: levels.levelDbm.slice(),
    bestCell: levels.bestCell.slice(),
    servingCells: levels.servingCells.slice(),
    servingSites: levels.servingSites.slice(),
    servingSiteXor: levels.servingSiteXor.slice(),
  };
}
