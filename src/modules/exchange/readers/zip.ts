import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { FileRefused, LIMITS } from './limits.js';

export interface Zip {
  has(name: string): boolean;
  /** UTF-8 text of one part. */
  text(name: string): Promise<Readable>;
  close(): void;
}

/**
 * Opens a ZIP for reading parts by name; nothing is ever unpacked to the disk. What its directory says of sizes is held to
 * while reading, so that a bomb is refused either by what it says or when it goes beyond.
 */
export async function openZip(file: string): Promise<Zip> {
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(file, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, opened) =>
      error ? reject(damaged(error)) : resolve(opened),
    ),
  );
  try {
    const entries = await directory(zip);
    return {
      has: (name) => entries.has(name),
      text: (name) => read(zip, entries, name),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function directory(zip: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>();
  let unpacked = 0;
  return new Promise((resolve, reject) => {
    zip.on('error', (error: Error) => reject(damaged(error)));
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: yauzl.Entry) => {
      unpacked += entry.uncompressedSize;
      const crammed =
        entry.uncompressedSize > LIMITS.ratioFromBytes &&
        entry.uncompressedSize > entry.compressedSize * LIMITS.ratio;
      if (entries.size >= LIMITS.entries || unpacked > LIMITS.unpackedBytes || crammed) return reject(bomb());
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function read(zip: yauzl.ZipFile, entries: Map<string, yauzl.Entry>, name: string): Promise<Readable> {
  const entry = entries.get(name);
  if (!entry) throw damaged(new Error(`${name} is missing`));
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(damaged(error));
      stream.setEncoding('utf8');
      resolve(stream);
    }),
  );
}

function bomb(): FileRefused {
  const most = LIMITS.unpackedBytes / 1024 / 1024;
  return new FileRefused(
    'ZIP_BOMB',
    `Unpacked, the file would be larger than ${most} MB, or it is compressed beyond what a workbook is.`,
    `Khi giải nén, tệp sẽ lớn hơn ${most} MB hoặc bị nén quá mức của một bảng tính.`,
  );
}

export function damaged(error: Error): FileRefused {
  return new FileRefused(
    'XLSX',
    `The workbook cannot be read: ${error.message}`,
    `Không đọc được bảng tính: ${error.message}`,
  );
}
