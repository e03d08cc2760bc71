import { parentPort, workerData } from 'node:worker_threads';
import { reckonReach, type ReachInput } from '../domain/index.js';
import type { ReachMessage } from './reckon-in-worker.js';

/** The thread's program: one run, one answer. What it throws ends the thread, and its caller hears of it. */
function post(message: ReachMessage): void {
  parentPort?.postMessage(message);
}

const result = reckonReach(workerData as ReachInput, {
  onProgress: (fraction) => post({ kind: 'progress', progress: fraction }),
});
post({ kind: 'result', result });
