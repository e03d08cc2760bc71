import { open, type FileHandle } from 'node:fs/promises';

interface Slice {
  offset: number;
  length: number;
}

/** As large as a packed block may be, with room for tables of blocks. */
const MOST_BYTES_AT_ONCE = 64_000_000;

/** Bytes of a file for the GeoTIFF reader; whatever the file says of itself, no more are read than it has. */
export class FileSource {
  private constructor(
    private readonly file: FileHandle,
    readonly fileSize: number,
  ) {}

  static async open(path: string): Promise<FileSource> {
    const file = await open(path, 'r');
    return new FileSource(file, (await file.stat()).size);
  }

  async fetch(slices: readonly Slice[]): Promise<ArrayBuffer[]> {
    const found: ArrayBuffer[] = [];
    for (const slice of slices) found.push((await this.fetchSlice(slice)).data);
    return found;
  }

  /** What reaches beyond the end of the file is cut off there. Throws for what lies outside of it or is too much. */
  async fetchSlice({ offset, length }: Slice): Promise<Slice & { data: ArrayBuffer }> {
    const size = Math.min(length, this.fileSize - offset);
    if (!(offset >= 0 && size >= 0 && size <= MOST_BYTES_AT_ONCE))
      throw new RangeError('the file names a place that it does not have');
    const bytes = new Uint8Array(size);
    let done = 0;
    while (done < size) {
      const { bytesRead } = await this.file.read(bytes, done, size - done, offset + done);
      if (bytesRead === 0) throw new RangeError('the file ends early');
      done += bytesRead;
    }
    return { data: bytes.buffer, offset, length: size };
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
