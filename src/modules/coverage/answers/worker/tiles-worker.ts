import { parentPort } from 'node:worker_threads';
import { buffersOf } from '../../worker/transferable.js';
import { textAt } from '../../worker/shared-arrays.js';
import { toFailure } from '../../worker/worker-task.js';
import type { ThreadAnswer, ThreadTask } from '../../worker/warm-thread.js';
import { cellTile } from '../tiles/cell-tile.js';
import type { TileTask } from './tasks.js';

/** The program of the thread that draws tiles: one after the other. */
parentPort?.on('message', ({ id, task }: ThreadTask<TileTask>) => {
  const say = (answer: ThreadAnswer<Uint8Array>, transfer: ArrayBuffer[] = []): void =>
    parentPort?.postMessage(answer, transfer);
  try {
    const { pyramid, sites, z, x, y } = task;
    const result = cellTile(pyramid, siteNames(sites), z, x, y);
    say({ id, kind: 'result', result }, buffersOf(result));
  } catch (error) {
    say({ id, kind: 'failure', failure: toFailure(error) });
  }
});

/** Each is read once: a few sites serve all cells of a tile. */
function siteNames(sites: TileTask['sites']): (server: number) => string | undefined {
  const read = new Map<number, string | undefined>();
  return (server) => {
    if (!read.has(server)) read.set(server, textAt(sites, server));
    return read.get(server);
  };
}
