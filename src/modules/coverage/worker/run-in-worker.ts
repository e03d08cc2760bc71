import {
  CoverageCancelledError,
  CoverageInputError,
  type CoverageCells,
  type CoverageGrid,
  type CoverageSnapshot,
  type RunParameters,
  type RunProgress,
  type RunResult,
  type RunView,
  type Transmitter,
} from '../domain/index.js';
import { plainError, runWorkerTask, type WorkerFailure } from './worker-task.js';

/** What the worker is given. */
export interface CoverageWorkerData {
  snapshot: CoverageSnapshot;
  parameters: RunParameters;
  views: readonly RunView[];
  grid: CoverageGrid | null;
}

/** What it answers: what all views share once (the grid only when it had to make one), then each view by itself. */
export type CoverageWorkerPart =
  | { kind: 'prepared'; grid: CoverageGrid | null; transmitters: Transmitter[] }
  | {
      kind: 'view';
      result: Omit<CoverageCells, 'transmitters'> & Pick<RunResult, 'aggregates' | 'manifest'>;
    };

/** `view`: place in the list of views; null while what they share is prepared. */
export type CoverageProgress = RunProgress & { view: number | null };

export interface RunInWorkerOptions {
  /** Called in the caller's thread, as the others are; an error that one of them throws ends the run with that error. */
  onProgress?: (progress: CoverageProgress) => void;
  /** The grid had to be made. Called before any view. */
  onGrid?: (grid: CoverageGrid) => void;
  /** A view is reckoned: in the order of the views, while the worker goes on with the next. */
  onView: (result: RunResult, view: number) => void;
  /** Ends the run at once; the promise is rejected with `CoverageCancelledError`. */
  signal?: AbortSignal;
  /** A grid kept from an earlier run; used when it fits the snapshot and the parameters, and then the results have this very object. */
  grid?: CoverageGrid;
}

/**
 * All views of a run in one thread of their own, which is started, warmed up and given the snapshot once. Each view is what `computeRun` gives
 * for it. Typed arrays of the views come back without being copied.
 *
 * Rejects with `CoverageInputError` for parameters or areas that make no sense, `CoverageCancelledError` when aborted, and an `Error` for anything
 * else. It always settles.
 */
export async function runInWorker(
  snapshot: CoverageSnapshot,
  parameters: RunParameters,
  views: readonly RunView[],
  options: RunInWorkerOptions,
): Promise<void> {
  const data: CoverageWorkerData = { snapshot, parameters, views, grid: options.grid ?? null };
  let { grid } = options;
  let transmitters: Transmitter[] = [];
  let view = 0;
  await runWorkerTask<CoverageProgress, null, CoverageWorkerPart>(workerFile(import.meta.url), data, {
    onProgress: options.onProgress,
    onPart: (part) => {
      if (part.kind === 'prepared') {
        transmitters = part.transmitters;
        if (part.grid) options.onGrid?.((grid = part.grid));
        return;
      }
      if (!grid) throw new Error('The worker answered without a grid.');
      const { layers, operators, aggregates, manifest } = part.result;
      options.onView({ grid, cells: { layers, operators, transmitters }, aggregates, manifest }, view++);
    },
    signal: options.signal,
    cancelled: () => new CoverageCancelledError(),
    failed: toCoverageError,
  });
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
