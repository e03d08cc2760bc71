import { plainError, runWorkerTask, type WorkerMessage } from '../../coverage/index.js';
import type { ReachInput, ReachResult } from '../domain/index.js';

export type ReachMessage = WorkerMessage<number, ReachResult>;

/** Threads are started from compiled files: beside this one, or under `dist` when this is run from its source. */
const PROGRAM = import.meta.url.endsWith('.ts')
  ? new URL('../../../../dist/src/modules/reach/worker/reach-worker.js', import.meta.url)
  : new URL('./reach-worker.js', import.meta.url);

/** `reckonReach` in a thread of its own, which ends at once when the signal aborts. */
export function reckonInWorker(
  input: ReachInput,
  options: { signal?: AbortSignal; onProgress?: (fraction: number) => void },
): Promise<ReachResult> {
  return runWorkerTask<number, ReachResult>(PROGRAM, input, {
    ...options,
    cancelled: () => new Error('The reckoning was cancelled.'),
    failed: plainError,
  });
}
