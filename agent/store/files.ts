import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Files that survive kill -9. Writes are synchronous on purpose: "recorded before it plays" is then plain program order.
 * Nothing is held open, so thousands of agents in a process need no descriptors at rest.
 */

/** Appends one JSON line. With `fsync` it survives a power cut as well. */
export function appendLine(file: string, value: unknown, fsync: boolean): void {
  const fd = openSync(file, 'a');
  try {
    writeSync(fd, `${JSON.stringify(value)}\n`);
    if (fsync) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Replaces a file as a whole: afterwards there is the old content or the new, never a mixture. */
export function replaceFile(file: string, content: string, fsync: boolean): void {
  const draft = `${file}.new`;
  writeFileSync(draft, content, { flush: fsync });
  renameSync(draft, file);
  if (fsync) syncFolder(dirname(file));
}

/** JSON lines of a file; lines that are not JSON (a torn last one) are left out and counted. A missing file is empty. */
export function readLines(file: string): { values: unknown[]; damaged: number } {
  const values: unknown[] = [];
  let damaged = 0;
  for (const line of (readIfThere(file) ?? '').split('\n')) {
    if (line === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      damaged += 1;
    }
  }
  return { values, damaged };
}

/** The JSON value of a file, or undefined when there is none or it cannot be read as JSON. */
export function readJson(file: string): unknown {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
