import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { EmbeddedError, errorText, type EmbeddedLog } from '../embedded-error.js';
import { Backend } from './backend.js';
import { CacheFolder } from './cache-folder.js';
import { CommandWatch } from './command-watch.js';
import { databaseIn, isWriteError, notWritable } from './data-folder.js';
import { openEngine, templateDump } from './engine.js';
import { Maintenance } from './maintenance.js';
import type { ProcessReport, ProcessRequest, ThreadData } from './process-messages.js';
import { WireServer } from './wire/wire-server.js';

/** The thread in which PGlite works and serves its socket. Leaving it ends the process (see database-process.ts). */
const { options, watch } = workerData as ThreadData;
const commands = new CommandWatch(watch);
let stopping: Promise<void> | null = null;

function report(message: ProcessReport): void {
  parentPort?.postMessage(message);
}

const log: EmbeddedLog = (level, message, detail) => report({ kind: 'log', level, message, detail });

async function open(cache: CacheFolder): Promise<Backend> {
  const folder = options.dataDir;
  const dumpPath = async (): Promise<string> => options.loadFrom ?? (await templateDump(cache));
  if (folder !== null) {
    return Backend.over(await openEngine(cache, { folder: await databaseIn(folder, dumpPath) }), commands);
  }
  const dump = new Blob([gunzipSync(readFileSync(await dumpPath()))], { type: 'application/x-tar' });
  return Backend.over(await openEngine(cache, { dump }), commands);
}

async function start(): Promise<void> {
  const cache = CacheFolder.open(options.cacheDir ?? undefined, log);
  process.on('exit', () => cache.dispose());
  const backend = await open(cache);
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
  parentPort?.on('message', (request: ProcessRequest) => {
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
    .then(() => process.exit(0));
}

function failure(error: unknown): EmbeddedError {
  if (error instanceof EmbeddedError) return error;
  if (options.dataDir !== null && isWriteError(error)) return notWritable(options.dataDir, error);
  return new EmbeddedError('FAILED', `the embedded database did not start: ${errorText(error)}`);
}

start().catch((error: unknown) => {
  const { code, message } = failure(error);
  report({ kind: 'failed', code, message });
  process.exit(1);
});
