import { parentPort, workerData } from 'node:worker_threads';
import { toFailure, type WorkerMessage } from '../worker/worker-task.js';
import type { MapModel } from './map-model.js';
import { drawMap } from './map-svg.js';

/** The thread's program: one map, one answer. */
function post(message: WorkerMessage<never, string>): void {
  parentPort?.postMessage(message);
}

try {
  post({ kind: 'result', result: drawMap(workerData as MapModel) });
} catch (error) {
  post({ kind: 'failure', failure: toFailure(error) });
}
