import type { FileSource } from './file-source.js';

/** Bytes of a value by its type's number (TIFF 6.0, BigTIFF). */
const TYPE_BYTES: Readonly<Record<number, number>> = {
  ...{ 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4 },
  ...{ 16: 8, 17: 8, 18: 8 },
};
const MOST_TAGS = 200;

/** Whether a file begins as a TIFF or BigTIFF does. */
export function looksLikeTiff(head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  const little = a === 0x49 && b === 0x49 && (c === 42 || c === 43) && d === 0;
  const big = a === 0x4d && b === 0x4d && c === 0 && (d === 42 || d === 43);
  return little || big;
}

/**
 * Goes through the first image's tags before the library makes lists as long as they claim to be. Throws a `RangeError` when there
 * are none, or too many, or one has more values than fit into the file.
 */
export async function checkTags(source: FileSource): Promise<void> {
  const head = await view(source, 0, 16);
  const little = head.getUint8(0) === 0x49;
  const bigTiff = head.getUint16(2, little) === 43;
  const at = bigTiff ? Number(head.getBigUint64(8, little)) : head.getUint32(4, little);
  const [countBytes, entryBytes] = bigTiff ? [8, 20] : [2, 12];
  const start = await view(source, at, countBytes);
  const count = bigTiff ? Number(start.getBigUint64(0, little)) : start.getUint16(0, little);
  if (!(count >= 1 && count <= MOST_TAGS)) throw new RangeError(`the image has ${count} tags`);
  const tags = await view(source, at + countBytes, count * entryBytes);
  for (let i = 0; i < count; i++) {
    const type = tags.getUint16(i * entryBytes + 2, little);
    const values = bigTiff
      ? Number(tags.getBigUint64(i * entryBytes + 4, little))
      : tags.getUint32(i * entryBytes + 4, little);
    const bytes = TYPE_BYTES[type];
    if (bytes === undefined) throw new RangeError(`there is no type ${type} of values`);
    if (values * bytes > source.fileSize) throw new RangeError('a tag has more values than the file');
  }
}

async function view(source: FileSource, offset: number, length: number): Promise<DataView> {
  const { data } = await source.fetchSlice({ offset, length });
  if (data.byteLength < length) throw new RangeError('the file ends early');
  return new DataView(data);
}
