import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from '../embedded-error.js';
import { LOCK_BEAT_MS, beatLock, type FolderLock } from './folder-lock.js';
import { lastWords } from './last-words.js';

export interface GuardianData {
  readonly parentPid: number;
  /** Null for a database in memory. */
  readonly lock: FolderLock | null;
}

/** An orphan is given this long to close by itself. */
const ORPHAN_MS = 5_000;

/**
 * A thread beside the database, since a long query blocks the main one. It shows the sign of life in the lock,
 * and it ends the process when that must not go on: the lock was taken over (two processes would write to one
 * folder), or the parent died during a query that does not end.
 */
const { parentPid, lock } = workerData as GuardianData;
let orphanSince: number | null = null;

function look(): void {
  if (lock !== null && !beat(lock)) kill('the lock of the data folder was taken over by another process');
  if (process.ppid === parentPid) return;
  orphanSince ??= Date.now();
  if (Date.now() - orphanSince > ORPHAN_MS) kill('the parent process is gone and a query does not end');
}

function beat(held: FolderLock): boolean {
  try {
    return beatLock(held);
  } catch (error) {
    lastWords(`the lock of the data folder could not be renewed: ${errorText(error)}`);
    return true;
  }
}

function kill(reason: string): void {
  lastWords(`the embedded database process ends: ${reason}`);
  process.kill(process.pid, 'SIGKILL');
}

const timer = setInterval(look, LOCK_BEAT_MS);
parentPort?.once('message', () => clearInterval(timer));
