import { Worker } from 'node:worker_threads';
import { plainError, type WorkerFailure } from './worker-task.js';

/** What a warm thread is told, and what it says. */
export interface ThreadTask<Task> {
  id: number;
  task: Task;
}
export type ThreadAnswer<Result> =
  { id: number; kind: 'result'; result: Result } | { id: number; kind: 'failure'; failure: WorkerFailure };

interface Waiting<Result> {
  resolve: (result: Result) => void;
  reject: (error: Error) => void;
}

/**
 * A thread that stays for small tasks, which it answers one after the other and of which it remembers nothing. It starts with the first task
 * and keeps nobody from ending. When it dies, the tasks that wait fail, and the next one starts another.
 */
export class WarmThread<Task, Result> {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting<Result>>();
  private tasks = 0;

  constructor(private readonly file: URL) {}

  ask(task: Task): Promise<Result> {
    return new Promise((resolve, reject) => {
      const worker = (this.worker ??= this.start());
      const id = ++this.tasks;
      const message: ThreadTask<Task> = { id, task };
      // Throws, and so rejects, when the task cannot be cloned.
      worker.postMessage(message);
      this.waiting.set(id, { resolve, reject });
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.file);
    worker.unref();
    worker.on('message', (answer: ThreadAnswer<Result>) => {
      const asked = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if (answer.kind === 'result') asked?.resolve(answer.result);
      else asked?.reject(plainError(answer.failure));
    });
    const gone = (error: Error): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      const left = [...this.waiting.values()];
      this.waiting.clear();
      for (const { reject } of left) reject(error);
    };
    worker.on('error', gone);
    worker.on('exit', (code) => gone(new Error(`The thread ended without an answer (exit code ${code}).`)));
    return worker;
  }
}
