import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EmbeddedError, errorText, type EmbeddedLog } from '../embedded-error.js';
import type { ProcessOptions, ProcessReport, ProcessRequest } from './process-messages.js';

/** A process that does not close in this time is killed; what it acknowledged is with the operating system. */
const STOP_MS = 10_000;

/** One database process, from its start to its end. */
export class DatabaseChild {
  private readonly requests = new Map<number, (error: Error | null) => void>();
  private nextRequest = 1;
  private exitReason: string | null = null;
  private exitListeners: ((reason: string) => void)[] = [];

  private constructor(
    private readonly process: ChildProcess,
    private readonly log: EmbeddedLog,
  ) {
    process.once('exit', (code, signal) => this.ended(signal ?? `exit code ${code}`));
    process.once('error', (error) => this.ended(errorText(error)));
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (chunk: Buffer) =>
        log('warn', 'embedded database process', { text: String(chunk).trim() }),
      );
    }
  }

  /** Resolves when the database serves its socket. @throws EmbeddedError */
  static async start(options: ProcessOptions, log: EmbeddedLog): Promise<DatabaseChild> {
    const file = processFile();
    const process = fork(file, [JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    const child = new DatabaseChild(process, log);
    await new Promise<void>((resolve, reject) => {
      child.onExit((reason) =>
        reject(new EmbeddedError('FAILED', `the embedded database did not start: ${reason}`)),
      );
      process.on('message', (report: ProcessReport) => {
        if (report.kind === 'ready') resolve();
        else if (report.kind === 'failed') reject(new EmbeddedError(report.code, report.message));
        else child.receive(report);
      });
    });
    return child;
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Calls once when the process has ended, at once if it has already. */
  onExit(listener: (reason: string) => void): void {
    if (this.exitReason === null) this.exitListeners.push(listener);
    else listener(this.exitReason);
  }

  /** Asks for work and waits for it. @throws EmbeddedError FAILED */
  async request(work: { kind: 'dump'; path: string } | { kind: 'vacuum' }): Promise<void> {
    const id = this.nextRequest++;
    await new Promise<void>((resolve, reject) => {
      this.requests.set(id, (error) => (error ? reject(error) : resolve()));
      this.onExit((reason) => this.answer(id, reason));
      this.send({ ...work, id });
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.onExit(() => resolve()));
    this.send({ kind: 'stop' });
    const timer = setTimeout(() => {
      this.log('warn', 'the embedded database did not stop in time and is killed');
      this.process.kill('SIGKILL');
    }, STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  private send(request: ProcessRequest): void {
    if (this.process.connected) this.process.send(request, () => undefined);
  }

  private receive(report: ProcessReport): void {
    if (report.kind === 'log') this.log(report.level, report.message, report.detail);
    if (report.kind === 'done') this.answer(report.id, report.error);
  }

  private answer(id: number, error: string | null): void {
    this.requests.get(id)?.(error === null ? null : new EmbeddedError('FAILED', error));
    this.requests.delete(id);
  }

  private ended(reason: string): void {
    if (this.exitReason !== null) return;
    this.exitReason = reason;
    for (const listener of this.exitListeners) listener(reason);
    this.exitListeners = [];
  }
}

/** The compiled process file: beside this one, or in dist/ when this one runs from its source (tests). */
function processFile(): string {
  const here = fileURLToPath(new URL('./database-process.js', import.meta.url));
  const file = import.meta.url.endsWith('.ts') ? here.replace('/src/embedded/', '/dist/src/embedded/') : here;
  if (!existsSync(file)) throw new EmbeddedError('FAILED', `${file} is missing: run "npm run build" first`);
  return file;
}
