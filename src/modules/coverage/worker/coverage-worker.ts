import { parentPort, workerData } from 'node:worker_threads';
import { computeRun, type RunProgress } from '../domain/index.js';
import type { CoverageWorkerData, CoverageWorkerResult } from './run-in-worker.js';
import { buffersOf } from './transferable.js';
import { toFailure, type WorkerMessage } from './worker-task.js';

/** The thread's program: one run, one answer. */
function post(message: WorkerMessage<RunProgress, CoverageWorkerResult>, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

try {
  const { snapshot, parameters, grid } = workerData as CoverageWorkerData;
  const onProgress = (progress: RunProgress): void => post({ kind: 'progress', progress });
  const made = computeRun(snapshot, parameters, { onProgress }, grid ?? undefined);
  const result: CoverageWorkerResult = { ...made, grid: made.grid === grid ? null : made.grid };
  post({ kind: 'result', result }, buffersOf(result));
} catch (error) {
  post({ kind: 'failure', failure: toFailure(error) });
}
