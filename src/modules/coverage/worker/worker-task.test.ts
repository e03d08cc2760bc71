import { plainError, runWorkerTask, type WorkerTaskOptions } from './worker-task.js';

/** A worker whose program is given in the URL itself. */
const program = (source: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort, workerData } from 'node:worker_threads';\n${source}`,
    )}`,
  );

const run = (source: string, options: Partial<WorkerTaskOptions<number>> = {}, data: unknown = null) =>
  runWorkerTask<number, unknown>(program(source), data, {
    cancelled: () => new Error('cancelled'),
    failed: plainError,
    ...options,
  });

const ENDLESS = `parentPort.postMessage({ kind: 'progress', progress: 1 }); for (;;);`;

describe('a worker task', () => {
  it('brings back the result of the data, and progress on the way', async () => {
    const seen: number[] = [];
    const result = await run(
      `parentPort.postMessage({ kind: 'progress', progress: 7 });
       parentPort.postMessage({ kind: 'result', result: workerData.a * 2 });`,
      { onProgress: (progress) => seen.push(progress) },
      { a: 21 },
    );
    expect(result).toBe(42);
    expect(seen).toEqual([7]);
  });

  it('brings parts in their order, before the result', async () => {
    const heard: unknown[] = [];
    const onPart = (part: never): number => heard.push(part);
    const source = `for (const part of [1, 2, 3]) parentPort.postMessage({ kind: 'part', part });
       parentPort.postMessage({ kind: 'result', result: 'end' });`;
    heard.push(await run(source, { onPart }));
    expect(heard).toEqual([1, 2, 3, 'end']);
  });

  it.each([
    ['throws', `throw new TypeError('broken');`, 'broken'],
    ['rejects', `await Promise.reject(new Error('broken later'));`, 'broken later'],
    ['ends', `process.exit(3);`, 'exit code 3'],
    ['ends quietly', ``, 'exit code 0'],
    [
      'reports a failure',
      `parentPort.postMessage({ kind: 'failure', failure: { name: 'RangeError', message: 'said so', stack: null, details: {} } });`,
      'said so',
    ],
    ['cannot be loaded', `import 'no-such-package-at-all';`, 'no-such-package-at-all'],
  ])('rejects when the worker %s', async (_what, source, message) => {
    await expect(run(source)).rejects.toThrow(message);
  });

  it('rejects when the data cannot be sent', async () => {
    await expect(run(`;`, {}, { f: () => 1 })).rejects.toThrow(/could not be cloned/);
  });

  it('ends an endless loop when aborted', async () => {
    const controller = new AbortController();
    await expect(
      run(ENDLESS, { signal: controller.signal, onProgress: () => controller.abort() }),
    ).rejects.toThrow('cancelled');
  });

  it('does not start when aborted before', async () => {
    await expect(run(ENDLESS, { signal: AbortSignal.abort() })).rejects.toThrow('cancelled');
  });

  it('ends the worker when a part cannot be used', async () => {
    const onPart = (): void => {
      throw new Error('no room for it');
    };
    const source = `parentPort.postMessage({ kind: 'part', part: 1 }); for (;;);`;
    await expect(run(source, { onPart })).rejects.toThrow('no room for it');
  });

  it('ends the worker when the progress callback throws', async () => {
    const onProgress = (): void => {
      throw new Error('cannot draw the bar');
    };
    await expect(run(ENDLESS, { onProgress })).rejects.toThrow('cannot draw the bar');
  });
});
