import { plainError, runWorkerTask } from '../../worker/worker-task.js';
import { WarmThread } from '../../worker/warm-thread.js';
import type { AnswerTask, TaskResult, TileTask } from './tasks.js';

const PROGRAM = compiled(new URL('./answers-worker.js', import.meta.url));
const TILES_PROGRAM = compiled(new URL('./tiles-worker.js', import.meta.url));

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

/** Draws tiles in one thread, which stays: there are many of them, and each is small. */
export function tileThread(): WarmThread<TileTask, Uint8Array> {
  return new WarmThread(TILES_PROGRAM);
}

/** Threads are started from compiled files: beside this one, or under `dist` when this is run from its source. */
function compiled(beside: URL): URL {
  const name = beside.pathname.split('/').at(-1) ?? '';
  if (!import.meta.url.endsWith('.ts')) return beside;
  return new URL(`../../../../../dist/src/modules/coverage/answers/worker/${name}`, import.meta.url);
}
