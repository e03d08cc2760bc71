import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EmbeddedError, errorText, systemErrorCode } from '../embedded-error.js';
import { readTar } from './tar.js';

/** The embedded engine is PostgreSQL 18; a folder written by another major version cannot be opened. */
const POSTGRES_MAJOR = '18';

/** @throws EmbeddedError NOT_WRITABLE */
export function ensureFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw notWritable(folder, error);
  }
}

export function notWritable(folder: string, cause: unknown): EmbeddedError {
  return new EmbeddedError('NOT_WRITABLE', `data folder ${folder} is not writable: ${errorText(cause)}`, {
    cause,
  });
}

/** True for the system's errors of a folder that cannot be written. */
export function isWriteError(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '');
}

/**
 * The database inside the data folder, unpacked from a dump if there is none. It is unpacked beside its place and
 * renamed, so a process that dies half-way leaves nothing that looks like a database.
 */
export async function databaseIn(folder: string, dumpPath: () => Promise<string>): Promise<string> {
  const path = join(folder, 'pg');
  const versionFile = join(path, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    if (existsSync(path)) {
      throw new EmbeddedError('FAILED', `${path} exists but is not a database; move it away to start anew`);
    }
    const draft = join(folder, 'pg.new');
    rmSync(draft, { recursive: true, force: true });
    unpack(await dumpPath(), draft);
    renameSync(draft, path);
  }
  const major = readFileSync(versionFile, 'utf8').trim();
  if (major !== POSTGRES_MAJOR) {
    throw new EmbeddedError(
      'FAILED',
      `the database in ${folder} was written by PostgreSQL ${major}, this program embeds ${POSTGRES_MAJOR}`,
    );
  }
  return path;
}

function unpack(dumpPath: string, target: string): void {
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const entry of readTar(gunzipSync(readFileSync(dumpPath)))) {
    const path = resolve(target, `./${entry.name}`);
    if (path !== target && !path.startsWith(`${resolve(target)}/`))
      throw new Error(`odd path in dump: ${entry.name}`);
    if (entry.type === 'folder') mkdirSync(path, { recursive: true, mode: 0o700 });
    if (entry.type !== 'file') continue;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, entry.content, { mode: 0o600 });
  }
}
