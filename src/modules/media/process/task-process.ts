import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** What every task names besides its own. */
export interface TaskLimits {
  /** How much more memory than before the work may be in use. */
  maxBytesInMemory: number;
}
/** An end without the work's own report. */
export type Breakdown = { kind: 'out-of-memory' } | { kind: 'crashed'; reason: string };

const WATCH_MS = 10;

/**
 * The child's side of a `TaskRunner`: a process that does one task and ends. A thread works while this one watches how
 * much memory that takes, which no limit of the runtime does for memory outside of its heap. To be called at the top of
 * the process's own file, which is loaded again in the thread.
 */
export function serveTask<Task extends TaskLimits, Report>(
  self: string,
  work: (task: Task) => Promise<Report>,
): void {
  if (isMainThread) watch(self);
  else
    void work(workerData as Task).then(
      (report) => parentPort?.postMessage(report),
      (error: unknown) => parentPort?.postMessage(breakdownOf(error)),
    );
}

function watch(self: string): void {
  const end = (report: unknown): void => {
    if (!process.send) process.exit(1);
    process.send(report, () => process.exit(0));
  };
  process.on('disconnect', () => process.exit(1));
  // A message and no argument: a text may be longer than a command line.
  process.once('message', (task: TaskLimits) => {
    watchMemory(task.maxBytesInMemory);
    const thread = new Worker(new URL(self), { workerData: task });
    thread.once('message', end);
    thread.once('error', (error) => end(breakdownOf(error)));
  });
}

function watchMemory(maxBytes: number): void {
  const before = process.memoryUsage.rss();
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() - before < maxBytes) return;
    clearInterval(timer);
    // Not asked to end but ended: the thread may be in a loop, and every moment it takes more.
    process.send?.({ kind: 'out-of-memory' } satisfies Breakdown, () => process.kill(process.pid, 'SIGKILL'));
  }, WATCH_MS);
}

function breakdownOf(error: unknown): Breakdown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return { kind: 'out-of-memory' };
  if (error instanceof RangeError && /allocation|array length|memory/i.test(error.message))
    return { kind: 'out-of-memory' };
  return { kind: 'crashed', reason: error instanceof Error ? error.message : String(error) };
}
