import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Breakdown, TaskLimits } from './task-process.js';

export interface RunnerLimits extends TaskLimits {
  timeoutMs: number;
  /** How many tasks run at the same time; more wait. */
  concurrency: number;
}
export type TaskEnd<Report> = Report | Breakdown | { kind: 'timeout' } | { kind: 'aborted' };

/** Does tasks in processes of their own, with an end to their time and memory. */
export class TaskRunner<Task extends object, Report> {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** `file` is the process's source beside the caller; what runs is always what was compiled of it. */
  constructor(
    private readonly file: URL,
    private readonly limits: RunnerLimits,
  ) {}

  /** Rejects only when no process can be started. */
  async run(task: Task, signal?: AbortSignal): Promise<TaskEnd<Report>> {
    if (this.running >= this.limits.concurrency)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return signal?.aborted ? { kind: 'aborted' } : await this.inProcess(task, signal);
    } finally {
      // The place is handed on, or given up when nobody waits for it.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private inProcess(task: Task, signal: AbortSignal | undefined): Promise<TaskEnd<Report>> {
    const { maxBytesInMemory, timeoutMs } = this.limits;
    return new Promise((resolve, reject) => {
      const child = fork(compiled(this.file), [], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [],
      });
      const end = (kind: 'timeout' | 'aborted') => () => {
        resolve({ kind });
        child.kill('SIGKILL');
      };
      const timer = setTimeout(end('timeout'), timeoutMs);
      const abort = end('aborted');
      signal?.addEventListener('abort', abort, { once: true });
      child.send({ ...task, maxBytesInMemory }, (error) => {
        if (error) resolve({ kind: 'crashed', reason: error.message });
      });
      child.once('message', (report) => resolve(report as Report | Breakdown));
      child.once('error', reject);
      child.once('exit', (code, killedBy) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        // Nothing after a report changes anything.
        resolve({ kind: 'crashed', reason: `the process ended with ${killedBy ?? `exit code ${code}`}` });
      });
    });
  }
}

/** The compiled process file: beside its caller, or in dist/ when that one runs from its source (tests). */
function compiled(file: URL): string {
  const path = fileURLToPath(file);
  const built = import.meta.url.endsWith('.ts') ? path.replace('/src/modules/', '/dist/src/modules/') : path;
  if (!existsSync(built)) throw new Error(`${built} is missing: run "npm run build" first`);
  return built;
}
