import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError, systemErrorCode } from '../embedded-error.js';

/** The owner shows every 3 s that it lives; see `beatLock`. */
export const LOCK_BEAT_MS = 3_000;
/** An owner whose process cannot be looked up is taken for dead after this long without a beat. */
const SILENT_MS = 15_000;
/** A guard older than this was left by a process that died while it took over. */
const GUARD_STALE_MS = 10_000;
const POLL_MS = 100;

interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, so that a reused process number is not mistaken. */
  readonly startTicks: string | null;
  /** Host, boot and process-number space: only within one place can a process number be looked up. */
  readonly place: string;
  readonly token: string;
}

/** A lock on a data folder: its file and exactly what this owner wrote into it. */
export interface FolderLock {
  readonly path: string;
  readonly content: string;
}

/**
 * Takes the lock of a data folder (PGlite has none: two processes on one folder lose rows without a word).
 * A lock left by a dead process is taken over: at once when the process can be looked up here, and after 15 s
 * without a sign of life when it ran in another container or on another host.
 *
 * @throws EmbeddedError LOCKED when the owner lives
 */
export async function lockFolder(folder: string, silentMs = SILENT_MS): Promise<FolderLock> {
  const path = join(folder, 'embedded.lock');
  const me: Owner = {
    pid: process.pid,
    startTicks: startTicks(process.pid),
    place: place(),
    token: randomUUID(),
  };
  const lock = { path, content: JSON.stringify(me) };
  for (;;) {
    if (create(lock)) return lock;
    const found = readLock(path);
    if (found === null) continue;
    const owner = parseOwner(found);
    if (owner && (await lives(owner, path, found, silentMs))) {
      const where = owner.place === me.place ? '' : ` on another host or container (${owner.place})`;
      throw new EmbeddedError('LOCKED', `data folder ${folder} is in use by process ${owner.pid}${where}`);
    }
    await takeOver(lock, found);
  }
}

/** A sign of life of the owner. False when the lock is no longer its own: then it must stop writing. */
export function beatLock(lock: FolderLock): boolean {
  if (readLock(lock.path) !== lock.content) return false;
  const now = new Date();
  utimesSync(lock.path, now, now);
  return true;
}

export function unlockFolder(lock: FolderLock): void {
  if (readLock(lock.path) === lock.content) rmSync(lock.path, { force: true });
}

/** Makes the lock with its whole content in one step; false when there is one. */
function create({ path, content }: FolderLock): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Removes a dead owner's lock. One process at a time may do so, and only while it is still the same lock. */
async function takeOver({ path }: FolderLock, dead: string): Promise<void> {
  const guard = `${path}.guard`;
  try {
    closeSync(openSync(guard, 'wx', 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
    const madeAt = statSync(guard, { throwIfNoEntry: false })?.mtimeMs;
    if (madeAt !== undefined && Date.now() - madeAt > GUARD_STALE_MS) rmSync(guard, { force: true });
    await delay(POLL_MS);
    return;
  }
  try {
    if (readLock(path) === dead) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

async function lives(owner: Owner, path: string, content: string, silentMs: number): Promise<boolean> {
  if (owner.place === place()) return processRuns(owner);
  // The process cannot be looked up from here, so watch for its sign of life. Clocks of two hosts may differ:
  // only a change counts, not the time itself.
  const before = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  for (let waited = 0; waited < silentMs; waited += POLL_MS) {
    await delay(POLL_MS);
    if (readLock(path) !== content) return false;
    if (statSync(path, { throwIfNoEntry: false })?.mtimeMs !== before) return true;
  }
  return false;
}

function processRuns({ pid, startTicks: ticks }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemErrorCode(error) === 'ESRCH') return false;
  }
  return ticks === null || startTicks(pid) === ticks;
}

/** Field 22 of /proc/<pid>/stat (proc(5)); the command in field 2 may hold blanks, hence the last bracket. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function place(): string {
  const read = (what: () => string): string => {
    try {
      return what().trim();
    } catch {
      return '-';
    }
  };
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  return `${hostname()} ${boot} ${read(() => readlinkSync('/proc/self/ns/pid'))}`;
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Null when the file is not a lock of ours (cut off by a full disk, or edited): nobody holds it then. */
function parseOwner(content: string): Owner | null {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== 'object' || value === null) return null;
    const { pid, startTicks: ticks, place: at, token } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof at !== 'string' || typeof token !== 'string') return null;
    return { pid, startTicks: typeof ticks === 'string' ? ticks : null, place: at, token };
  } catch {
    return null;
  }
}
