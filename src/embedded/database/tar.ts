/** Reading and writing of tar archives in memory. Source: POSIX.1-1988 ustar, and GNU/pax long names passed over. */

const BLOCK = 512;
const END_OF_ARCHIVE = Buffer.alloc(2 * BLOCK);

export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'other';
  readonly content: Buffer;
  /** Header, content and padding, with the extension headers that belong to it. */
  readonly raw: readonly Buffer[];
}

export function* readTar(tar: Buffer): Generator<TarEntry> {
  let extensions: Buffer[] = [];
  for (let at = 0; at + BLOCK <= tar.length;) {
    const header = tar.subarray(at, at + BLOCK);
    if (header[0] === 0) return;
    const size = parseInt(text(header, 124, 136).trim() || '0', 8);
    const end = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (!Number.isFinite(size) || end > tar.length) throw new Error('damaged tar archive');
    const raw = tar.subarray(at, end);
    const flag = String.fromCharCode(header[156] ?? 0);
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    at = end;
    if (flag === 'x' || flag === 'g' || flag === 'L') {
      extensions.push(raw);
      continue;
    }
    const name = [text(header, 345, 500), text(header, 0, 100)].filter(Boolean).join('/');
    const type = flag === '5' ? 'folder' : flag === '0' || flag === '\0' ? 'file' : 'other';
    yield { name, type, content, raw: [...extensions, raw] };
    extensions = [];
  }
}

export function writeTar(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap((entry) => entry.raw), END_OF_ARCHIVE]);
}

function text(header: Buffer, from: number, to: number): string {
  const field = header.toString('utf8', from, to);
  const zero = field.indexOf('\0');
  return zero < 0 ? field : field.slice(0, zero);
}
