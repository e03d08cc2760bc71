import {
  CoverageCancelledError,
  CoverageInputError,
  type CoverageGrid,
  type CoverageSnapshot,
  type RunParameters,
  type RunProgress,
  type RunResult,
} from '../domain/index.js';
import { plainError, runWorkerTask, type WorkerFailure } from './worker-task.js';

/** What the worker is given. */
export interface CoverageWorkerData {
  snapshot: CoverageSnapshot;
  parameters: RunParameters;
  grid: CoverageGrid | null;
}

/** What it answers: the grid only when it had to make one. */
export type CoverageWorkerResult = Omit<RunResult, 'grid'> & { grid: CoverageGrid | null };

export interface RunInWorkerOptions {
  /** Called in the caller's thread; an error that it throws ends the run with that error. */
  onProgress?: (progress: RunProgress) => void;
  /** Ends the run at once; the promise is rejected with `CoverageCancelledError`. */
  signal?: AbortSignal;
  /** A grid kept from an earlier run; used when it fits the snapshot and the parameters, and then the result has this very object. */
  grid?: CoverageGrid;
}

/**
 * `computeRun` in a thread of its own. Typed arrays come back without being copied.
 *
 * Rejects with `CoverageInputError` for parameters or areas that make no sense, `CoverageCancelledError` when aborted, and an `Error` for anything
 * else. It always settles.
 */
export async function runInWorker(
  snapshot: CoverageSnapshot,
  parameters: RunParameters,
  options: RunInWorkerOptions = {},
): Promise<RunResult> {
  const data: CoverageWorkerData = { snapshot, parameters, grid: options.grid ?? null };
  const result = await runWorkerTask<RunProgress, CoverageWorkerResult>(workerFile(import.meta.url), data, {
    onProgress: options.onProgress,
    signal: options.signal,
    cancelled: () => new CoverageCancelledError(),
    failed: toCoverageError,
  });
  const grid = result.grid ?? options.grid;
  if (!grid) throw new Error('The worker answered without a grid.');
  return { ...result, grid };
}

/**
 * The compiled worker: beside this file when that is compiled itself; under `dist` when it is run from its source, as tests do (they build
 * first). A thread is started from a file and cannot be given TypeScript.
 */
export function workerFile(from: string): URL {
  return from.endsWith('.ts')
    ? new URL('../../../../dist/src/modules/coverage/worker/coverage-worker.js', from)
    : new URL('./coverage-worker.js', from);
}

function toCoverageError(failure: WorkerFailure): Error {
  if (failure.name === 'CoverageInputError') {
    const { code = '', messageEn = failure.message, messageVi = failure.message } = failure.details;
    return new CoverageInputError(code, messageEn, messageVi);
  }
  return plainError(failure);
}
