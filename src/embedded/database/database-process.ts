import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { EmbeddedError, errorText, type EmbeddedLog } from '../embedded-error.js';
import { Backend } from './backend.js';
import { CacheFolder } from './cache-folder.js';
import { databaseIn, ensureFolder, isWriteError, notWritable } from './data-folder.js';
import { openEngine, templateDump } from './engine.js';
import { lockFolder, unlockFolder, type FolderLock } from './folder-lock.js';
import type { GuardianData } from './guardian.js';
import { Maintenance } from './maintenance.js';
import type { ProcessOptions, ProcessReport, ProcessRequest } from './process-messages.js';
import { WireServer } from './wire/wire-server.js';

/**
 * The process of the embedded database: PGlite behind a Unix socket. It obeys its parent only: signals go to the
 * whole group at a Ctrl-C or a service stop, and the parent still needs its database for an orderly end.
 */
const options = JSON.parse(process.argv[2] ?? '') as ProcessOptions;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

let lock: FolderLock | null = null;
let cache: CacheFolder | null = null;
let stopping: Promise<void> | null = null;
let guardian: Worker | null = null;

function report(message: ProcessReport): void {
  if (process.connected) process.send?.(message);
}

const log: EmbeddedLog = (level, message, detail) => report({ kind: 'log', level, message, detail });

async function open(): Promise<Backend> {
  const folder = options.dataDir;
  if (folder !== null) {
    ensureFolder(folder);
    lock = await lockFolder(folder);
  }
  guardian = new Worker(new URL('./guardian.js', import.meta.url), {
    workerData: { parentPid: process.ppid, lock } satisfies GuardianData,
  });
  const opened = (cache = CacheFolder.open(options.cacheDir ?? undefined, log));
  const dumpPath = async (): Promise<string> => options.loadFrom ?? (await templateDump(opened));
  if (folder !== null) {
    return Backend.over(await openEngine(opened, { folder: await databaseIn(folder, dumpPath) }));
  }
  const dump = new Blob([gunzipSync(readFileSync(await dumpPath()))], { type: 'application/x-tar' });
  return Backend.over(await openEngine(opened, { dump }));
}

async function start(): Promise<void> {
  const backend = await open();
  const { lockWaitMs, idleInTransactionMs, socketPath } = options;
  const server = new WireServer({ backend, database: 'postgres', lockWaitMs, idleInTransactionMs, log });
  const maintenance = new Maintenance(server, log);
  rmSync(socketPath, { force: true });
  await server.listen(socketPath);
  maintenance.start();

  const stop = async (): Promise<void> => {
    maintenance.stop();
    await server.close();
    await backend.close();
  };
  process.on('message', (request: ProcessRequest) => {
    if (request.kind === 'stop') return end(stop);
    const work =
      request.kind === 'vacuum'
        ? maintenance.clean()
        : server.withBackend(() => dumpTo(backend, request.path));
    work.then(
      () => report({ kind: 'done', id: request.id, error: null }),
      (error: unknown) => report({ kind: 'done', id: request.id, error: errorText(error) }),
    );
  });
  process.on('disconnect', () => {
    end(stop);
    rmSync(dirname(socketPath), { recursive: true, force: true });
  });
  // The parent may have died before anybody listened for it.
  if (!process.connected) return end(stop);
  report({ kind: 'ready' });
}

async function dumpTo(backend: Backend, path: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, await backend.dump(), { mode: 0o600 });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function end(stop: () => Promise<void>): void {
  stopping ??= stop()
    .catch((error: unknown) =>
      log('error', 'the embedded database did not close in order', { reason: errorText(error) }),
    )
    .then(() => leave(0));
}

function leave(code: number): void {
  guardian?.postMessage('stop');
  if (lock) unlockFolder(lock);
  cache?.dispose();
  process.exit(code);
}

function failure(error: unknown): EmbeddedError {
  if (error instanceof EmbeddedError) return error;
  if (options.dataDir !== null && isWriteError(error)) return notWritable(options.dataDir, error);
  return new EmbeddedError('FAILED', `the embedded database did not start: ${errorText(error)}`);
}

start().catch((error: unknown) => {
  const { code, message } = failure(error);
  const told: ProcessReport = { kind: 'failed', code, message };
  if (process.connected && process.send) process.send(told, () => leave(1));
  else leave(1);
});
