import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlayMedia } from '../src/contract/index.js';
import { download, MediaError } from './download.js';
import type { Limiter } from './limiter.js';

export interface MediaCacheOptions {
  folder: string;
  /** Base of the server, e.g. http://127.0.0.1:3000. */
  serverUrl: string;
  clusterId: string;
  secret: string;
  /** Room for media, bytes. */
  limitBytes: number;
  /** Both are shared by all agents of the process: they bound its connections and open files. */
  fetches: Limiter;
  reads: Limiter;
}

type Wanted = Pick<PlayMedia, 'sha256' | 'bytes'>;

/**
 * Media by hash (rule 15): fetched once, resumed where it broke off, and hashed again before every play, so that what was
 * approved is what is played.
 */
export class MediaCache {
  readonly #options: MediaCacheOptions;
  readonly #sizes = new Map<string, number>();
  readonly #fetching = new Map<string, Promise<void>>();
  #wanted: ReadonlySet<string> = new Set();

  constructor(options: MediaCacheOptions) {
    this.#options = options;
    for (const name of readdirSync(options.folder)) {
      if (/^[0-9a-f]{64}$/.test(name)) this.#sizes.set(name, statSync(this.#file(name)).size);
    }
  }

  has(sha256: string): boolean {
    return this.#sizes.has(sha256);
  }

  /** What is not to be thrown out to make room. */
  keep(wanted: ReadonlySet<string>): void {
    this.#wanted = wanted;
  }

  /** The path of a file whose bytes have just been checked; fetches it if need be. Rejects with a MediaError. */
  async prepare(media: Wanted): Promise<string> {
    const file = this.#file(media.sha256);
    if (!this.has(media.sha256)) {
      // What has just been fetched has just been checked.
      await this.ensure(media);
      return file;
    }
    if ((await this.#hash(file)) === media.sha256) return file;
    // The copy has decayed: another one is fetched, and checked again.
    await this.#drop(media.sha256);
    await this.ensure(media);
    return file;
  }

  /** Sees to it that the file is here. Several callers share one download. Rejects with a MediaError. */
  async ensure(media: Wanted): Promise<void> {
    if (this.has(media.sha256)) return;
    let fetching = this.#fetching.get(media.sha256);
    if (fetching === undefined) {
      fetching = this.#options.fetches
        .run(() => this.#fetch(media))
        .finally(() => this.#fetching.delete(media.sha256));
      this.#fetching.set(media.sha256, fetching);
    }
    await fetching;
  }

  async #fetch({ sha256, bytes }: Wanted): Promise<void> {
    await this.#makeRoom(bytes);
    const part = `${this.#file(sha256)}.part`;
    const resumed = await this.#download(sha256, bytes, part);
    if ((await this.#hash(part)) !== sha256) {
      await rm(part, { force: true });
      // What lay there from before may have been bad; one clean attempt tells.
      if (resumed) await this.#download(sha256, bytes, part);
      if (!resumed || (await this.#hash(part)) !== sha256) {
        await rm(part, { force: true });
        throw new MediaError('MEDIA_MISMATCH', `the server's bytes do not have the hash ${sha256}`, false);
      }
    }
    await rename(part, this.#file(sha256));
    this.#sizes.set(sha256, (await stat(this.#file(sha256))).size);
  }

  #download(sha256: string, maxBytes: number, file: string): Promise<boolean> {
    const { serverUrl, clusterId, secret } = this.#options;
    const url = `${serverUrl.replace(/\/+$/, '')}/media/${sha256}`;
    const authorization = `Basic ${Buffer.from(`${clusterId}:${secret}`).toString('base64')}`;
    return download({ url, authorization, file, maxBytes });
  }

  /** Throws out what nobody wants, the longest unused first. */
  async #makeRoom(bytes: number): Promise<void> {
    const { limitBytes } = this.#options;
    if (bytes > limitBytes) throw new MediaError('MEDIA_TOO_LARGE', `${bytes} of ${limitBytes} bytes`, false);
    let used = [...this.#sizes.values()].reduce((sum, size) => sum + size, 0);
    if (used + bytes <= limitBytes) return;
    const spare = [...this.#sizes.keys()]
      .filter((sha256) => !this.#wanted.has(sha256))
      .map((sha256) => ({ sha256, usedMs: statSync(this.#file(sha256)).mtimeMs }))
      .sort((a, b) => a.usedMs - b.usedMs);
    for (const { sha256 } of spare) {
      used -= this.#sizes.get(sha256) ?? 0;
      await this.#drop(sha256);
      if (used + bytes <= limitBytes) return;
    }
    throw new MediaError('STORAGE', `no room for ${bytes} bytes: ${used} of ${limitBytes} are in use`, true);
  }

  async #drop(sha256: string): Promise<void> {
    this.#sizes.delete(sha256);
    await rm(this.#file(sha256), { force: true });
  }

  /** The hash of a file, or undefined when it cannot be read. */
  async #hash(file: string): Promise<string | undefined> {
    return this.#options.reads.run(async () => {
      try {
        const hash = createHash('sha256');
        for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
        const now = new Date();
        await utimes(file, now, now);
        return hash.digest('hex');
      } catch {
        return undefined;
      }
    });
  }

  #file(sha256: string): string {
    return join(this.#options.folder, sha256);
  }
}
