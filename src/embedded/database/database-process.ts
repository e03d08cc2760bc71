import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EmbeddedError, errorText } from '../embedded-error.js';
import { CommandWatch } from './command-watch.js';
import { ensureFolder, isWriteError, notWritable } from './data-folder.js';
import { LOCK_BEAT_MS, beatLock, lockFolder, unlockFolder, type FolderLock } from './folder-lock.js';
import { lastWords } from './last-words.js';
import type { ProcessOptions, ProcessReport, ProcessRequest, ThreadData } from './process-messages.js';

/**
 * The process of the embedded database. Its main thread holds the lock of the data folder, obeys the parent and is
 * never busy; the database works in a second thread. It obeys its parent only: signals go to the whole group at a
 * Ctrl-C or a service stop, and the parent still needs its database for an orderly end.
 */
const options = JSON.parse(process.argv[2] ?? '') as ProcessOptions;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/**
 * Stack of the database's thread. With Node's usual 4 MB, deeply nested JSON or SQL overflows it before PostgreSQL's
 * own limit (max_stack_depth) notices, and that breaks the backend. Only what is used takes memory.
 */
const STACK_MB = 256;
/** An orphan is given this long to close by itself; a query that does not end must not keep the folder locked. */
const ORPHAN_MS = 5_000;
const WATCH_MS = 250;

let lock: FolderLock | null = null;
let reported: Promise<void> = Promise.resolve();

function report(message: ProcessReport): void {
  if (!process.connected) return;
  reported = new Promise((resolve) => process.send?.(message, () => resolve()));
}

function leave(code: number): void {
  if (lock) unlockFolder(lock);
  if (!process.connected) rmSync(dirname(options.socketPath), { recursive: true, force: true });
  void reported.finally(() => process.exit(code));
}

/** The end while the other thread is busy; what it acknowledged is with the operating system. */
function abort(reason: string): void {
  lastWords(`the embedded database process ends: ${reason}`);
  if (lock) unlockFolder(lock);
  if (!process.connected) rmSync(dirname(options.socketPath), { recursive: true, force: true });
  process.kill(process.pid, 'SIGKILL');
}

function showLife(held: FolderLock): void {
  try {
    if (!beatLock(held)) abort('the lock of the data folder was taken over by another process');
  } catch (error) {
    lastWords(`the lock of the data folder could not be renewed: ${errorText(error)}`);
  }
}

async function start(): Promise<void> {
  if (options.dataDir !== null) {
    ensureFolder(options.dataDir);
    const held = (lock = await lockFolder(options.dataDir));
    setInterval(() => showLife(held), LOCK_BEAT_MS);
  }
  const watch = new CommandWatch();
  setInterval(() => {
    if (watch.runningMs > options.maxCommandMs)
      abort(`a command did not end in ${options.maxCommandMs / 1_000} s`);
  }, WATCH_MS);
  const thread = new Worker(new URL('./database-thread.js', import.meta.url), {
    workerData: { options, watch: watch.memory } satisfies ThreadData,
    resourceLimits: { stackSizeMb: STACK_MB },
  });
  thread.on('message', report);
  thread.on('error', (error) => lastWords(`the database thread broke: ${errorText(error)}`));
  thread.on('exit', leave);

  const orphaned = (): void => {
    thread.postMessage({ kind: 'stop' } satisfies ProcessRequest);
    setTimeout(() => abort('the parent is gone and a command does not end'), ORPHAN_MS);
  };
  process.on('message', (request: ProcessRequest) => thread.postMessage(request));
  process.on('disconnect', orphaned);
  // The parent may have died before anybody listened for it.
  if (!process.connected) orphaned();
}

start().catch((error: unknown) => {
  const known = options.dataDir !== null && isWriteError(error) ? notWritable(options.dataDir, error) : error;
  const code = known instanceof EmbeddedError ? known.code : 'FAILED';
  report({ kind: 'failed', code, message: errorText(known) });
  leave(1);
});
