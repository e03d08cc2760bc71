import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config/config.js';
import { CONFIG } from '../../common/tokens.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Uploaded files by the id of their import, beside the media, where every process of the server finds them. */
@Injectable()
export class ImportFiles {
  private readonly folder: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.folder = path.join(config.mediaDir, 'imports');
  }

  /** Our own name, never the uploader's. */
  pathOf(importId: string): string {
    return path.join(this.folder, importId);
  }

  /** Takes the bytes in; gives how many. */
  async receive(importId: string, stream: NodeJS.ReadableStream): Promise<number> {
    await fs.promises.mkdir(this.folder, { recursive: true });
    const file = this.pathOf(importId);
    await pipeline(stream, fs.createWriteStream(file, { flags: 'wx' }));
    return (await fs.promises.stat(file)).size;
  }

  async has(importId: string): Promise<boolean> {
    return fs.promises.access(this.pathOf(importId)).then(
      () => true,
      () => false,
    );
  }

  /** Every file that is here, and when it was last written to. */
  async list(): Promise<{ importId: string; changedAtMs: number }[]> {
    const names = await fs.promises.readdir(this.folder).catch(() => []);
    const found = await Promise.all(
      names
        .filter((name) => UUID.test(name))
        .map(async (importId) => {
          const stat = await fs.promises.stat(this.pathOf(importId)).catch(() => undefined);
          return stat ? [{ importId, changedAtMs: stat.mtimeMs }] : [];
        }),
    );
    return found.flat();
  }

  async discard(importId: string): Promise<void> {
    await fs.promises.rm(this.pathOf(importId), { force: true });
  }
}
