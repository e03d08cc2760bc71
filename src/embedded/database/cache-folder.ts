import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText, type EmbeddedLog } from '../embedded-error.js';

/**
 * Files that are costly to make and the same for every database. The folder belongs to the user alone, since its
 * files are loaded as code and data; anything else found in its place is not used.
 */
export class CacheFolder {
  private constructor(
    readonly path: string,
    private readonly throwAway: boolean,
  ) {}

  /** The folder at `path` (by default one per user in the system's temporary folder), or a private one for now. */
  static open(path: string | undefined, log: EmbeddedLog): CacheFolder {
    const uid = process.getuid?.() ?? 0;
    const wanted = path ?? join(tmpdir(), `phusong-cache-${uid}`);
    try {
      mkdirSync(wanted, { recursive: true, mode: 0o700 });
      const found = lstatSync(wanted);
      if (!found.isDirectory()) throw new Error('it is not a folder');
      if (process.getuid && found.uid !== uid) throw new Error('it belongs to another user');
      if ((found.mode & 0o022) !== 0) throw new Error('other users may write to it');
      if ((found.mode & 0o077) !== 0) chmodSync(wanted, 0o700);
      return new CacheFolder(wanted, false);
    } catch (error) {
      const reason = errorText(error);
      log('warn', `cache folder ${wanted} is not usable, so the start takes longer`, { reason });
      return new CacheFolder(mkdtempSync(join(tmpdir(), 'phusong-cache-')), true);
    }
  }

  /**
   * Path of the file, made first if need be. Several processes may make it at once: each writes its own and the
   * rename decides.
   */
  async file(name: string, make: () => Buffer | Promise<Buffer>): Promise<string> {
    const path = join(this.path, name);
    if (existsSync(path)) return path;
    const made = `${path}.${process.pid}.tmp`;
    try {
      writeFileSync(made, await make(), { mode: 0o600 });
      renameSync(made, path);
    } finally {
      rmSync(made, { force: true });
    }
    return path;
  }

  /** Removes the folder if it was only for now. */
  dispose(): void {
    if (this.throwAway) rmSync(this.path, { recursive: true, force: true });
  }
}
