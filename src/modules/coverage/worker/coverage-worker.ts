import { parentPort, workerData } from 'node:worker_threads';
import { computeView, prepareRun, type RunProgress } from '../domain/index.js';
import { chooseEngine } from '../engine/index.js';
import type { CoverageProgress, CoverageWorkerData, CoverageWorkerPart } from './run-in-worker.js';
import { buffersOf } from './transferable.js';
import { toFailure, type WorkerMessage } from './worker-task.js';

/** The thread's program: all views of one run, of what was prepared once. */
function post(
  message: WorkerMessage<CoverageProgress, null, CoverageWorkerPart>,
  transfer: ArrayBuffer[] = [],
): void {
  parentPort?.postMessage(message, transfer);
}
const telling = (view: number | null) => ({
  onProgress: (progress: RunProgress): void => post({ kind: 'progress', progress: { ...progress, view } }),
});

try {
  const { snapshot, parameters, views, grid: given } = workerData as CoverageWorkerData;
  const prepared = prepareRun(snapshot, parameters, telling(null), given ?? undefined);
  const { grid, transmitters } = prepared;
  // Copied, not handed over: this thread goes on using it.
  const made = grid === given ? null : grid;
  post({ kind: 'part', part: { kind: 'prepared', grid: made, transmitters: transmitters.transmitters } });
  const { engine } = chooseEngine();
  views.forEach((wanted, view) => {
    const { cells, aggregates, manifest } = computeView(prepared, wanted, telling(view), engine);
    const { layers, operators } = cells;
    const result = { layers, operators, aggregates, manifest };
    post({ kind: 'part', part: { kind: 'view', result } }, buffersOf(result));
  });
  post({ kind: 'result', result: null });
} catch (error) {
  post({ kind: 'failure', failure: toFailure(error) });
}
