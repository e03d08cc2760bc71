import { LAYOUT } from './memory-layout.js';

/** The part of the JavaScript interface of WebAssembly that is used here; TypeScript has it with the browser's types only. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}
interface WebAssemblyApi {
  Memory: new (descriptor: { initial: number; maximum: number; shared: true }) => SharedMemory;
  Module: new (bytes: Uint8Array) => KernelModule;
  Instance: new (module: KernelModule, imports: object) => { exports: unknown };
  validate(bytes: Uint8Array): boolean;
}
/** A compiled kernel; it can be sent to other threads. */
export type KernelModule = object & { readonly __kernel?: never };

/** What kernel/coverage.ts exports; pointers are addresses in the shared memory. */
export interface Kernel {
  layout(): number;
  open(model: number, scratch: number, candidates: number, bounds: number): void;
  saveTo(saved: number): void;
  reckon(fromTile: number, toTile: number, firstLayer: number, endLayer: number): void;
  add(layer: number, firstBatch: number, endBatch: number, tiles: number, tileCount: number): void;
  remove(
    layer: number,
    firstBatch: number,
    endBatch: number,
    firstId: number,
    endId: number,
    tiles: number,
    tileCount: number,
  ): void;
  outages(
    cells: number,
    asked: number,
    layers: number,
    technologies: number,
    together: number,
    servers: number,
    amounts: number,
    losses: number,
    sites: number,
  ): void;
}

const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly?: WebAssemblyApi };

/** The kernel's bytes as a module, or null where this machine cannot run it: no SIMD, no shared memory, no WebAssembly. */
export function compileKernel(bytes: Uint8Array): KernelModule | null {
  return wasm?.validate(bytes) ? new wasm.Module(bytes) : null;
}

const PAGE_BYTES = 65_536;
/** 3 GB: reserved as addresses only, used as far as it is grown. */
const MAX_PAGES = 49_152;

export function newMemory(): SharedMemory {
  if (!wasm) throw new Error('This machine has no WebAssembly.');
  return new wasm.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
}

export function instantiate(module: KernelModule, memory: SharedMemory): Kernel {
  if (!wasm) throw new Error('This machine has no WebAssembly.');
  const kernel = new wasm.Instance(module, { env: { memory } }).exports as Kernel;
  if (kernel.layout?.() !== LAYOUT)
    throw new Error('The kernel was built from other sources: npm run build.');
  return kernel;
}

/** Hands out memory from the bottom up; all of it above a mark can be taken back at once. */
export class Arena {
  // Address 0 stands for nothing.
  private top = 64;

  constructor(readonly memory: SharedMemory) {}

  /** The address of so many bytes, a multiple of 64. What is in them is not known. */
  take(bytes: number): number {
    const address = this.top;
    this.top = Math.ceil((address + bytes) / 64) * 64;
    const missing = this.top - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return address;
  }

  get mark(): number {
    return this.top;
  }

  release(mark: number): void {
    this.top = mark;
  }

  float32(address: number, length: number): Float32Array<SharedArrayBuffer> {
    return new Float32Array(this.memory.buffer, address, length);
  }
  float64(address: number, length: number): Float64Array<SharedArrayBuffer> {
    return new Float64Array(this.memory.buffer, address, length);
  }
  int32(address: number, length: number): Int32Array<SharedArrayBuffer> {
    return new Int32Array(this.memory.buffer, address, length);
  }
  uint32(address: number, length: number): Uint32Array<SharedArrayBuffer> {
    return new Uint32Array(this.memory.buffer, address, length);
  }
  uint16(address: number, length: number): Uint16Array<SharedArrayBuffer> {
    return new Uint16Array(this.memory.buffer, address, length);
  }
}
