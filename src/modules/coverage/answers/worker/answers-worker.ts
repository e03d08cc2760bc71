import { parentPort, workerData } from 'node:worker_threads';
import { buffersOf } from '../../worker/transferable.js';
import { toFailure, type WorkerMessage } from '../../worker/worker-task.js';
import { reckonAnswer, type AnswerTask } from './tasks.js';

/** The thread's program: one task, one answer. */
function post(message: WorkerMessage<never, unknown>, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

try {
  const result = reckonAnswer(workerData as AnswerTask);
  post({ kind: 'result', result }, buffersOf(result));
} catch (error) {
  post({ kind: 'failure', failure: toFailure(error) });
}
