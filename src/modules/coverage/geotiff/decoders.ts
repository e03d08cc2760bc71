import { inflateSync } from 'node:zlib';
import { addDecoder, BaseDecoder } from 'geotiff';
import { unpackLzw } from './lzw.js';

/** None, LZW, and deflate by both of its numbers: all that publishers of grids use and that a file can be checked by. */
export const COMPRESSIONS: readonly number[] = [1, 5, 8, 32946];

interface BlockShape {
  tileWidth: number;
  tileHeight: number;
  bitsPerSample: number | ArrayLike<number>;
}

/** Bytes of a whole block of one band. */
function blockBytes({ tileWidth, tileHeight, bitsPerSample }: BlockShape): number {
  const bits = typeof bitsPerSample === 'number' ? bitsPerSample : (bitsPerSample[0] ?? 8);
  return (tileWidth * tileHeight * bits) / 8;
}

/** Never more comes out than a block holds; the library's own decoders put out whatever is packed. */
class BoundedInflate extends BaseDecoder {
  override decodeBlock(packed: ArrayBufferLike): ArrayBufferLike {
    return own(inflateSync(new Uint8Array(packed), { maxOutputLength: blockBytes(this.parameters) }));
  }
}

class BoundedLzw extends BaseDecoder {
  override decodeBlock(packed: ArrayBufferLike): ArrayBufferLike {
    return own(unpackLzw(new Uint8Array(packed), blockBytes(this.parameters)));
  }
}

function own(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

addDecoder(5, () => Promise.resolve(BoundedLzw));
addDecoder([8, 32946], () => Promise.resolve(BoundedInflate));
