import { plainError, runWorkerTask } from '../../worker/worker-task.js';
import type { AnswerTask, TaskResult } from './tasks.js';

/** Threads are started from compiled files: beside this one, or under `dist` when this is run from its source. */
const PROGRAM = import.meta.url.endsWith('.ts')
  ? new URL('../../../../../dist/src/modules/coverage/answers/worker/answers-worker.js', import.meta.url)
  : new URL('./answers-worker.js', import.meta.url);

let last: Promise<unknown> = Promise.resolve();

/** `reckonAnswer` in a thread of its own. One at a time: however much is asked for at once, one core stays free. */
export async function answerInWorker<T extends AnswerTask>(task: T): Promise<TaskResult[T['kind']]> {
  const answer = last.then(() =>
    runWorkerTask<never, TaskResult[T['kind']]>(PROGRAM, task, {
      cancelled: () => new Error('an answer is not cancelled'),
      failed: plainError,
    }),
  );
  last = answer.catch(() => undefined);
  return answer;
}
