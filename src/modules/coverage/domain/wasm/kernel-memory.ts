import type { CoverageGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import type { RunParameters } from '../parameters.js';
import type { LossTable } from '../path-loss-table.js';
import { weakestLevelDbm, type TransmitterGroup } from '../transmitter-groups.js';
import type { Layer, Transmitter } from '../transmitters.js';
import { writeGrid } from './grid-memory.js';
import type { Arena } from './kernel.js';
import { writeLosses, type KernelLosses } from './loss-memory.js';
import { BATCH, BOUND_BYTES, LAYER, MODEL, NOWHERE_M, SCRATCH_BYTES, SILENT_DBM } from './memory-layout.js';

/** A layer in the kernel's memory. */
export interface LayerMemory {
  address: number;
  levels: LayerLevels;
  /** Batches in use, and how many there is room for. */
  batches: number;
  capacity: number;
}

/** Where one instance of the kernel works. */
export interface Workplace {
  /** No layer may have room for more. */
  batches: number;
  scratch: number;
  candidates: number;
  bounds: number;
}

/** What the lists were like at some time. */
export interface KernelMark {
  arena: number;
  layers: { words: Uint32Array; batches: number; capacity: number }[];
  losses: number;
  rankAt: number;
  rankCapacity: number;
}

const ROOT_12 = Math.sqrt(12);
const RAD_PER_DEG = Math.PI / 180;
const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/** A grid and a network laid out for the kernel, and the results it writes. */
export class KernelMemory {
  readonly model: number;
  readonly layers: LayerMemory[] = [];
  private readonly losses = new Map<LossTable, KernelLosses>();
  private readonly layersAt: number;
  private rankAt = 0;
  private rankCapacity = 0;

  /** @param maxLayers how many layers there is room for */
  constructor(
    readonly arena: Arena,
    private readonly grid: CoverageGrid,
    private readonly parameters: RunParameters,
    private readonly maxLayers: number,
  ) {
    this.model = writeGrid(arena, grid);
    this.layersAt = arena.take(LAYER.bytes * maxLayers);
    this.setWord(this.model + MODEL.layers, this.layersAt);
    this.setFloat(this.model + MODEL.maxAttenuation, parameters.antenna.maxAttenuationDb);
    this.setFloat(this.model + MODEL.sideLobe, parameters.antenna.sideLobeDb);
  }

  get tiles(): number {
    return this.grid.tileStart.length - 1;
  }

  /** Adds a layer with room for some batches, empty results and no transmitter. */
  addLayer({ operatorCode, technology }: Layer, capacity: number): LayerMemory {
    if (this.layers.length >= this.maxLayers) throw new RangeError('There is no room for another layer.');
    const { arena, parameters } = this;
    const { cellCount } = this.grid;
    const address = this.layersAt + LAYER.bytes * this.layers.length;
    const at = {
      level: arena.take(4 * cellCount),
      best: arena.take(4 * cellCount),
      xor: arena.take(4 * cellCount),
      cells: arena.take(2 * cellCount),
      sites: arena.take(2 * cellCount),
    };
    arena.uint32(address, LAYER.bytes / 4).fill(0);
    for (const [name, value] of Object.entries(at))
      this.setWord(address + LAYER[name as keyof typeof at], value);
    const weakest = floatFrom(weakestLevelDbm(parameters, technology));
    this.setFloat(address + LAYER.threshold, floatFrom(parameters.thresholds[technology].sufficientDbm));
    this.setFloat(address + LAYER.weakest, weakest);
    this.setFloat(address + LAYER.below, floatBelow(weakest));
    const layer: LayerMemory = {
      address,
      levels: {
        operatorCode,
        technology,
        levelDbm: arena.float32(at.level, cellCount).fill(-Infinity),
        bestCell: arena.int32(at.best, cellCount).fill(-1),
        servingCells: arena.uint16(at.cells, cellCount).fill(0),
        servingSites: arena.uint16(at.sites, cellCount).fill(0),
        servingSiteXor: arena.uint32(at.xor, cellCount).fill(0),
      },
      batches: 0,
      capacity: 0,
    };
    this.layers.push(layer);
    this.makeRoom(layer, capacity);
    return layer;
  }

  /** Adds the sectors of groups to a layer's list; returns its batches from the first to the end (exclusive). */
  addGroups(
    layer: LayerMemory,
    groups: readonly TransmitterGroup[],
    transmitters: readonly Transmitter[],
  ): [first: number, end: number] {
    const first = layer.batches;
    const wanted = first + groups.reduce((n, group) => n + batchesOf(group), 0);
    if (wanted > layer.capacity) this.makeRoom(layer, Math.max(wanted, Math.ceil(1.5 * layer.capacity)));
    for (const group of groups) {
      for (let from = 0; from < group.transmitter.length; from += BATCH.width)
        this.writeBatch(layer, layer.batches++, group, from, transmitters);
    }
    this.setWord(layer.address + LAYER.batches, layer.batches);
    return [first, layer.batches];
  }

  /** Makes batches be found, or not. Their records stay. */
  setActive(layer: LayerMemory, first: number, end: number, active: boolean): void {
    const records = this.word(layer.address + LAYER.records);
    const x = this.batchX(layer);
    for (let b = first; b < end; b++)
      x[b] = active ? (this.arena.float64(records + b * BATCH.bytes + BATCH.x, 1)[0] as number) : NOWHERE_M;
  }

  /** Room for the ranks of so many transmitters: a view that stays valid until more are asked for. What was in it is kept. */
  ranks(count: number): Int32Array {
    if (count > this.rankCapacity) {
      const known = this.rankCapacity > 0 ? this.arena.int32(this.rankAt, this.rankCapacity).slice() : [];
      this.rankCapacity = Math.ceil(1.25 * count) + 64;
      this.rankAt = this.arena.take(4 * this.rankCapacity);
      this.arena.int32(this.rankAt, this.rankCapacity).set(known);
      this.setWord(this.model + MODEL.rank, this.rankAt);
    }
    return this.arena.int32(this.rankAt, this.rankCapacity);
  }

  /** A place for one instance of the kernel to work at, good until a layer gets more room. */
  workplace(): Workplace {
    const room = this.layers.reduce((most, { capacity }) => Math.max(most, capacity), 0);
    return {
      batches: room,
      scratch: this.arena.take(SCRATCH_BYTES),
      candidates: this.arena.take(4 * room),
      bounds: this.arena.take(BOUND_BYTES * room),
    };
  }

  mark(): KernelMark {
    return {
      arena: this.arena.mark,
      layers: this.layers.map(({ address, batches, capacity }) => ({
        words: this.arena.uint32(address, LAYER.bytes / 4).slice(),
        batches,
        capacity,
      })),
      losses: this.losses.size,
      rankAt: this.rankAt,
      rankCapacity: this.rankCapacity,
    };
  }

  /**
   * Makes all lists what they were at a mark, but for the results and for batches that were made not to be found meanwhile. Returns the loss
   * tables that are gone.
   */
  reset(mark: KernelMark): LossTable[] {
    this.layers.length = mark.layers.length;
    mark.layers.forEach(({ words, batches, capacity }, l) => {
      const layer = this.layers[l] as LayerMemory;
      this.arena.uint32(layer.address, LAYER.bytes / 4).set(words);
      layer.batches = batches;
      layer.capacity = capacity;
      this.batchX(layer).fill(NOWHERE_M, batches);
    });
    const gone = [...this.losses.keys()].slice(mark.losses);
    for (const table of gone) this.losses.delete(table);
    this.rankAt = mark.rankAt;
    this.rankCapacity = mark.rankCapacity;
    this.setWord(this.model + MODEL.rank, this.rankAt);
    this.arena.release(mark.arena);
    return gone;
  }

  private makeRoom(layer: LayerMemory, capacity: number): void {
    const { arena } = this;
    const room = roundUp(Math.max(capacity, BATCH.width), BATCH.width);
    const used = layer.batches;
    const move = (offset: number, bytesEach: number): void => {
      const from = this.word(layer.address + offset);
      const to = arena.take(bytesEach * room);
      if (used > 0) new Uint8Array(arena.memory.buffer).copyWithin(to, from, from + bytesEach * used);
      this.setWord(layer.address + offset, to);
    };
    layer.capacity = room;
    move(LAYER.records, BATCH.bytes);
    for (const offset of [LAYER.batchX, LAYER.batchY, LAYER.batchReach]) move(offset, 4);
    this.batchX(layer).fill(NOWHERE_M, used);
    for (const offset of [LAYER.batchY, LAYER.batchReach])
      arena.float32(this.word(layer.address + offset), room).fill(0, used);
  }

  private writeBatch(
    layer: LayerMemory,
    index: number,
    group: TransmitterGroup,
    from: number,
    transmitters: readonly Transmitter[],
  ): void {
    const { arena } = this;
    let losses = this.losses.get(group.table);
    if (!losses) this.losses.set(group.table, (losses = writeLosses(arena, group.table)));
    const record = this.word(layer.address + LAYER.records) + index * BATCH.bytes;
    const words = arena.uint32(record, BATCH.bytes / 4).fill(0);
    const floats = arena.float32(record, BATCH.bytes / 4);
    arena.float64(record + BATCH.x, 2).set([group.x, group.y]);
    words[BATCH.loss / 4] = losses.loss;
    words[BATCH.bounds / 4] = losses.bounds;
    words[BATCH.site / 4] = group.siteIndex + 1;
    floats[BATCH.rise / 4] = group.riseM;
    floats[BATCH.reachSquared / 4] = group.reachSquaredM2;
    const eirps = group.eirpDbm.subarray(from, from + BATCH.width);
    floats[BATCH.strongest / 4] = Math.max(...eirps);
    floats[BATCH.faintest / 4] = Math.min(...eirps);
    for (let lane = 0; lane < BATCH.width; lane++) {
      const c = from + lane;
      const id = group.transmitter[c];
      const set = (offset: number, value: number): void => void (floats[offset / 4 + lane] = value);
      set(BATCH.eirp, id === undefined ? SILENT_DBM : (group.eirpDbm[c] as number));
      if (id === undefined) continue;
      words[BATCH.id / 4 + lane] = id;
      const width = transmitters[id]?.horizontalBeamwidthDeg ?? null;
      const perBeamDeg = ROOT_12 * (group.perBeamDeg[c] as number);
      set(BATCH.east, group.east[c] as number);
      set(BATCH.north, group.north[c] as number);
      set(BATCH.horizontal, width === null ? 0 : ROOT_12 / (width * RAD_PER_DEG));
      set(BATCH.vertical, perBeamDeg / RAD_PER_DEG);
      set(BATCH.tilt, perBeamDeg * (group.tiltDeg[c] as number));
    }
    const lists = { x: LAYER.batchX, y: LAYER.batchY, reachM: LAYER.batchReach } as const;
    for (const [name, offset] of Object.entries(lists))
      arena.float32(this.word(layer.address + offset), layer.capacity)[index] =
        group[name as keyof typeof lists];
  }

  private batchX(layer: LayerMemory): Float32Array {
    return this.arena.float32(this.word(layer.address + LAYER.batchX), layer.capacity);
  }

  private word(address: number): number {
    return this.arena.uint32(address, 1)[0] as number;
  }
  private setWord(address: number, value: number): void {
    this.arena.uint32(address, 1)[0] = value;
  }
  private setFloat(address: number, value: number): void {
    this.arena.float32(address, 1)[0] = value;
  }
}

/** How many batches a group makes. */
export function batchesOf(group: TransmitterGroup): number {
  return Math.ceil(group.transmitter.length / BATCH.width);
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The least float32 that is not below a number. */
function floatFrom(value: number): number {
  float[0] = value;
  return float[0] >= value ? float[0] : neighbour(1);
}

/** The greatest float32 below a float32. */
function floatBelow(value: number): number {
  float[0] = value;
  return neighbour(-1);
}

/** The next float32 up (1) or down (−1) from `float[0]`. */
function neighbour(direction: 1 | -1): number {
  const value = float[0] as number;
  if (value === 0) return direction * 2 ** -149;
  bits[0] = (bits[0] as number) + (value > 0 ? direction : -direction);
  return float[0] as number;
}
