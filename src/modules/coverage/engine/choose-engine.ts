import { readFileSync } from 'node:fs';
import {
  compileKernel,
  typescriptEngine,
  WasmEngine,
  type KernelModule,
  type LevelEngine,
} from '../domain/index.js';

export interface ChosenEngine {
  /** Of the caller's own: one thread is to use it at a time. */
  engine: LevelEngine;
  /** Why it is not the kernel; null when it is. */
  missing: string | null;
}

/** Read and compiled once; null with the reason when that cannot be. */
let compiled: ReadKernel | undefined;

interface ReadKernel {
  module: KernelModule | null;
  missing: string | null;
}

/** The kernel where this machine can run it and it was built, else plain TypeScript, some ten times slower. */
export function chooseEngine(): ChosenEngine {
  compiled ??= readKernel(kernelFile(import.meta.url));
  const { module, missing } = compiled;
  return module ? { engine: new WasmEngine(module), missing: null } : { engine: typescriptEngine, missing };
}

/** `npm run build` makes it: `kernel/coverage.wasm` under `dist`, wherever this file runs from. */
export function kernelFile(from: string): URL {
  const up = from.endsWith('.ts') ? '../../../../dist' : '../../../..';
  return new URL(`${up}/kernel/coverage.wasm`, from);
}

/** The kernel in a file, or why there is none. */
export function readKernel(file: URL): ReadKernel {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return { module: null, missing: error instanceof Error ? error.message : String(error) };
  }
  const module = compileKernel(bytes);
  return { module, missing: module ? null : 'this machine has no WebAssembly with SIMD and shared memory' };
}
