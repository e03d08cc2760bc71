import { parentPort, workerData } from 'node:worker_threads';
import { chooseEngine } from '../engine/index.js';
import { buffersOf } from '../worker/transferable.js';
import { toFailure } from '../worker/worker-task.js';
import { Answering } from './answering.js';
import type { FromDesk, ToDesk } from './desk.types.js';

/** The desk's thread: keeps networks open and answers one question after the other. */
const { cancelled } = workerData as { cancelled: SharedArrayBuffer };
/** The question that is not wanted any more. */
const unwanted = new Int32Array(cancelled);
const { engine } = chooseEngine();
const open = new Map<string, Answering>();

parentPort?.on('message', (message: ToDesk) => {
  if (message.kind === 'close') {
    open.delete(message.key);
    return;
  }
  if (message.kind === 'open') {
    const { grid, prepared, parameters } = message.source;
    const model = engine.openNetwork(grid, prepared, parameters);
    open.set(message.key, new Answering(model, () => performance.now()));
    return;
  }
  const { id, key, question } = message;
  const say = (said: FromDesk, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(said, transfer);
  try {
    const answering = open.get(key);
    if (!answering) throw new Error(`the network ${key} is not open`);
    const answer = answering.answer(question, { isCancelled: () => Atomics.load(unwanted, 0) === id });
    say(
      { kind: 'answer', id, answer, engine: { id: engine.id, version: engine.version } },
      buffersOf(answer),
    );
  } catch (error) {
    say({ kind: 'failure', id, failure: toFailure(error) });
  }
});
