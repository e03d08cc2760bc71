import { plainError, runWorkerTask } from '../worker/worker-task.js';
import type { MapModel } from './map-model.js';

/** Threads are started from compiled files: beside this one, or under `dist` when this is run from its source. */
const PROGRAM = import.meta.url.endsWith('.ts')
  ? new URL('../../../../dist/src/modules/coverage/map/map-worker.js', import.meta.url)
  : new URL('./map-worker.js', import.meta.url);

let last: Promise<unknown> = Promise.resolve();

/**
 * `drawMap` in a thread of its own: joining the cells of a fine grid takes a second or two, in which the program must go on
 * answering. One map at a time: however many are asked for at once, one core stays free.
 */
export async function drawMapInWorker(model: MapModel): Promise<string> {
  const drawn = last.then(() =>
    runWorkerTask<never, string>(PROGRAM, model, {
      cancelled: () => new Error('a map is not cancelled'),
      failed: plainError,
    }),
  );
  last = drawn.catch(() => undefined);
  return drawn;
}
