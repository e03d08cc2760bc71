import { Worker } from 'node:worker_threads';

/** What a worker says: how far it is, a part of what comes out, the whole or its end, or what went wrong. */
export type WorkerMessage<Progress, Result, Part = never> =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'part'; part: Part }
  | { kind: 'result'; result: Result }
  | { kind: 'failure'; failure: WorkerFailure };

/** An error as it crosses the thread's border; `details` are the plain members that its class adds. */
export interface WorkerFailure {
  name: string;
  message: string;
  stack: string | null;
  details: Record<string, string>;
}

export interface WorkerTaskOptions<Progress, Part = never> {
  /** An error that this or `onPart` throws ends the task with it. */
  onProgress?: (progress: Progress) => void;
  /** In the order in which they were said, all before the result. */
  onPart?: (part: Part) => void;
  signal?: AbortSignal;
  /** The error of an aborted task. */
  cancelled: () => Error;
  /** The error of a failure that the worker reported. */
  failed: (failure: WorkerFailure) => Error;
}

/**
 * Runs a worker's file once. The promise always settles, once: with the result, or with an error when the worker reports one, throws, runs out
 * of memory, ends without an answer, or the signal aborts. An abort ends the thread at once, even in the middle of a loop.
 */
export function runWorkerTask<Progress, Result, Part = never>(
  file: URL,
  data: unknown,
  options: WorkerTaskOptions<Progress, Part>,
): Promise<Result> {
  const { signal } = options;
  return new Promise<Result>((resolve, reject) => {
    if (signal?.aborted) {
      reject(options.cancelled());
      return;
    }
    // Throws at once, and so rejects, when the data cannot be cloned.
    const worker = new Worker(file, { workerData: data });
    let settled = false;
    const settle = (answer: () => void): void => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener('abort', abort);
      // A worker that has answered may still have something open; nothing waits for it.
      void worker.terminate();
      answer();
    };
    const abort = (): void => settle(() => reject(options.cancelled()));
    signal?.addEventListener('abort', abort, { once: true });

    const tell = (say: () => void): void => {
      try {
        say();
      } catch (error) {
        settle(() => reject(asError(error)));
      }
    };
    worker.on('message', (message: WorkerMessage<Progress, Result, Part>) => {
      if (settled) return;
      switch (message.kind) {
        case 'progress':
          return tell(() => options.onProgress?.(message.progress));
        case 'part':
          return tell(() => options.onPart?.(message.part));
        case 'result':
          settle(() => resolve(message.result));
          return;
        case 'failure':
          settle(() => reject(options.failed(message.failure)));
      }
    });
    worker.on('error', (error) => settle(() => reject(asError(error))));
    worker.on('messageerror', (error) => settle(() => reject(asError(error))));
    worker.on('exit', (code) =>
      settle(() => reject(new Error(`The worker ended without an answer (exit code ${code}).`))),
    );
  });
}

/** An error as a failure message. */
export function toFailure(error: unknown): WorkerFailure {
  const { name, message, stack, ...rest } = asError(error);
  const details = Object.entries({ ...rest, ...(error as object) }).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { name, message, stack: stack ?? null, details: Object.fromEntries(details) };
}

/** A failure as an error of no special class. */
export function plainError(failure: WorkerFailure): Error {
  const error = new Error(failure.message);
  error.name = failure.name;
  if (failure.stack !== null) error.stack = failure.stack;
  return error;
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
