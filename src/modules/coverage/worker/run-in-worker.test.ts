import {
  computeRun,
  CoverageCancelledError,
  CoverageInputError,
  defaultParameters,
  type CoverageSnapshot,
} from '../domain/index.js';
import { smallProvince } from '../domain/fixtures/small-province.js';
import { runInWorker, workerFile } from './run-in-worker.js';

describe('runInWorker', () => {
  const snapshot = smallProvince();
  const parameters = defaultParameters({ resolution: 8 });

  it('gives what computeRun gives, with progress', async () => {
    const stages = new Set<string>();
    const result = await runInWorker(snapshot, parameters, { onProgress: ({ stage }) => stages.add(stage) });
    const here = computeRun(snapshot, parameters);
    expect([...stages]).toEqual(['grid', 'transmitters', 'levels', 'aggregates']);
    expect(result.manifest).toEqual(here.manifest);
    expect(result.aggregates).toEqual(here.aggregates);
    // Buffers come from another realm: compared as plain lists.
    result.cells.layers.forEach((layer, l) => {
      expect(Array.from(layer.levelDbm)).toEqual(Array.from(here.cells.layers[l]?.levelDbm ?? []));
    });
    expect(result.grid.h3[0]).toBe(here.grid.h3[0]);
  });

  it('uses a grid that fits and leaves the caller its own; makes a new one when it does not', async () => {
    const first = await runInWorker(snapshot, parameters);
    const again = await runInWorker(snapshot, parameters, { grid: first.grid });
    expect(again.grid).toBe(first.grid);
    expect(again.grid.x.length).toBe(again.grid.cellCount);
    const finer = await runInWorker(snapshot, defaultParameters({ resolution: 9 }), { grid: first.grid });
    expect(finer.grid.resolution).toBe(9);
  });

  it('hands input errors on in both languages', async () => {
    const run = runInWorker({ ...snapshot, areas: [] }, parameters);
    await expect(run).rejects.toBeInstanceOf(CoverageInputError);
    await expect(run).rejects.toMatchObject({
      code: 'grid.empty',
      messageVi: expect.stringContaining('ranh giới'),
    });
  });

  it('rejects when the reckoning breaks', async () => {
    await expect(runInWorker(null as unknown as CoverageSnapshot, parameters)).rejects.toThrow(/null/);
  });

  it('is cancelled in the middle', async () => {
    const controller = new AbortController();
    let seen = 0;
    const run = runInWorker(smallProvince(200), defaultParameters({ resolution: 10 }), {
      signal: controller.signal,
      onProgress: () => {
        seen++;
        controller.abort();
      },
    });
    await expect(run).rejects.toBeInstanceOf(CoverageCancelledError);
    expect(seen).toBe(1);
  });
});

describe('workerFile', () => {
  it('is beside compiled code and under dist for source', () => {
    expect(workerFile('file:///app/dist/src/modules/coverage/worker/run-in-worker.js').pathname).toBe(
      '/app/dist/src/modules/coverage/worker/coverage-worker.js',
    );
    expect(workerFile('file:///app/src/modules/coverage/worker/run-in-worker.ts').pathname).toBe(
      '/app/dist/src/modules/coverage/worker/coverage-worker.js',
    );
  });
});
