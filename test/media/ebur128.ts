import fs from 'node:fs';
import { createRequire } from 'node:module';

/** The measures of the Rust crate `ebur128`, as a second opinion. Node cannot import its WebAssembly without a flag. */
interface Exports {
  memory: WebAssembly.Memory;
  __wbindgen_malloc(bytes: number): number;
  ebur128_integrated_mono(sampleRateHz: number, at: number, length: number): number;
  ebur128_true_peak_mono(sampleRateHz: number, at: number, length: number): number;
}

const require = createRequire(import.meta.url);

export async function ebur128(
  sampleRateHz: number,
  samples: Float32Array,
): Promise<{ integratedLufs: number; truePeakDbtp: number }> {
  const bytes = fs.readFileSync(require.resolve('ebur128-wasm/ebur128_wasm_bg.wasm'));
  const module = await WebAssembly.compile(bytes);
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    (imports[from] ??= {})[name] = () => 0;
  const instance = await WebAssembly.instantiate(module, imports);
  const wasm = instance.exports as unknown as Exports;
  const copy = (): number => {
    const at = wasm.__wbindgen_malloc(samples.length * 4);
    new Float32Array(wasm.memory.buffer).set(samples, at / 4);
    return at;
  };
  return {
    integratedLufs: wasm.ebur128_integrated_mono(sampleRateHz, copy(), samples.length),
    truePeakDbtp: wasm.ebur128_true_peak_mono(sampleRateHz, copy(), samples.length),
  };
}
