import fs from 'node:fs';
import { createRequire } from 'node:module';

/** The measures of the Rust crate `ebur128`, as a second opinion. Node cannot import its WebAssembly without a flag. */
interface Exports {
  memory: { buffer: ArrayBuffer };
  __wbindgen_malloc(bytes: number): number;
  ebur128_integrated_mono(sampleRateHz: number, at: number, length: number): number;
  ebur128_true_peak_mono(sampleRateHz: number, at: number, length: number): number;
}
/** The part of the interface of WebAssembly used here; TypeScript has it with the browser's types only. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ exports: unknown }>;
  Module: { imports(module: object): { module: string; name: string }[] };
}

const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
const require = createRequire(import.meta.url);

export async function ebur128(
  sampleRateHz: number,
  samples: Float32Array,
): Promise<{ integratedLufs: number; truePeakDbtp: number }> {
  const module = await wasm.compile(fs.readFileSync(require.resolve('ebur128-wasm/ebur128_wasm_bg.wasm')));
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of wasm.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  const { exports } = await wasm.instantiate(module, imports);
  const measures = exports as Exports;
  const copy = (): number => {
    const at = measures.__wbindgen_malloc(samples.length * 4);
    new Float32Array(measures.memory.buffer).set(samples, at / 4);
    return at;
  };
  return {
    integratedLufs: measures.ebur128_integrated_mono(sampleRateHz, copy(), samples.length),
    truePeakDbtp: measures.ebur128_true_peak_mono(sampleRateHz, copy(), samples.length),
  };
}
