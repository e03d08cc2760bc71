import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Problem } from '../../common/http/problem.js';

/** A file received whole and on the disk, not yet under its name. */
export interface ReceivedFile {
  path: string;
  sha256: string;
  bytes: number;
}

/** Names of unfinished uploads and of work in progress; what a crash left behind is removed after this. */
const INCOMING = 'incoming';
const ABANDONED_MS = 24 * 3600 * 1000;

/**
 * Files by the hash of their content: `ab/abcdef…`. What lies under such a name is complete, because it gets the name
 * last, after its bytes have been forced to the disk.
 */
export class MediaFiles {
  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  /** Writes a stream to a temporary file, hashing on the way. @throws Problem 413 above the limit; nothing is left then. */
  async receive(source: Readable | Buffer): Promise<ReceivedFile> {
    const incoming = path.join(this.folder, INCOMING);
    await mkdir(incoming, { recursive: true });
    const target = path.join(incoming, `${randomUUID()}.part`);
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(target, 'wx');
    try {
      try {
        const chunks = Buffer.isBuffer(source) ? [source] : (source as AsyncIterable<Buffer>);
        for await (const chunk of chunks) {
          bytes += chunk.length;
          if (bytes > this.maxBytes) throw tooLarge(this.maxBytes);
          hash.update(chunk);
          await file.writeFile(chunk);
        }
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(target, { force: true });
      throw error;
    }
    return { path: target, sha256: hash.digest('hex'), bytes };
  }

  /** Gives a received file its name. A file that is there already has the same bytes. */
  async keep(received: ReceivedFile): Promise<void> {
    const target = this.pathOf(received.sha256);
    await mkdir(path.dirname(target), { recursive: true });
    await rename(received.path, target);
    await syncFolder(path.dirname(target));
    await syncFolder(this.folder);
  }

  async discard(received: ReceivedFile): Promise<void> {
    await rm(received.path, { force: true });
  }

  /** Whether the file is there with all its bytes. */
  async has(sha256: string, bytes: number): Promise<boolean> {
    const found = await stat(this.pathOf(sha256)).catch(() => undefined);
    return found?.size === bytes;
  }

  /** The bytes from `start` to `end` inclusive, read as the reader takes them; undefined when the file is not there. */
  async read(sha256: string, start: number, end: number): Promise<ReadStream | undefined> {
    const file = await open(this.pathOf(sha256), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return file && createReadStream('', { fd: file, start, end });
  }

  /** Does work in a folder of its own, which is gone afterwards. */
  async withWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const incoming = path.join(this.folder, INCOMING);
    await mkdir(incoming, { recursive: true });
    const folder = await mkdtemp(path.join(incoming, 'work-'));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { force: true, recursive: true });
    }
  }

  /** Removes what interrupted uploads left behind. Returns how many. */
  async removeAbandoned(now: Date): Promise<number> {
    const incoming = path.join(this.folder, INCOMING);
    let removed = 0;
    for (const name of await readdir(incoming).catch(() => [])) {
      const found = await stat(path.join(incoming, name)).catch(() => undefined);
      if (!found || now.getTime() - found.mtimeMs < ABANDONED_MS) continue;
      await rm(path.join(incoming, name), { force: true, recursive: true });
      removed += 1;
    }
    return removed;
  }

  pathOf(sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256');
    return path.join(this.folder, sha256.slice(0, 2), sha256);
  }
}

/** So that a name survives a power cut. Not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (!handle) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

function tooLarge(maxBytes: number): Problem {
  return new Problem(413, 'TOO_LARGE', {
    en: `The file is larger than ${maxBytes} bytes.`,
    vi: `Tệp lớn hơn ${maxBytes} byte.`,
  });
}
