import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chooseEngine, kernelFile, readKernel } from './choose-engine.js';

describe('the engine', () => {
  it('is the kernel, one for each who asks', () => {
    const [first, second] = [chooseEngine(), chooseEngine()];
    expect(first.missing).toBeNull();
    expect(first.engine.id).toBe('wasm-simd');
    expect(second.engine).not.toBe(first.engine);
  });

  it('has its kernel under dist, whether compiled or run from source', () => {
    const file = '/app/dist/kernel/coverage.wasm';
    expect(kernelFile('file:///app/dist/src/modules/coverage/engine/choose-engine.js').pathname).toBe(file);
    expect(kernelFile('file:///app/src/modules/coverage/engine/choose-engine.ts').pathname).toBe(file);
  });

  it('says why there is no kernel', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kernel-'));
    const file = path.join(folder, 'coverage.wasm');
    expect(readKernel(pathToFileURL(file))).toMatchObject({
      module: null,
      missing: expect.stringContaining('ENOENT'),
    });
    // What validates nowhere stands for what this machine does not know.
    fs.writeFileSync(file, 'no module at all');
    expect(readKernel(pathToFileURL(file))).toMatchObject({
      module: null,
      missing: expect.stringContaining('SIMD'),
    });
    fs.rmSync(folder, { recursive: true });
  });
});
