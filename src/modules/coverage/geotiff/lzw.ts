const CLEAR = 256;
const END = 257;
const MOST_CODES = 4096;

/**
 * Unpacks TIFF's LZW (most significant bit first, codes widen one early). Throws when more than `mostBytes` come out, whatever the
 * packed bytes promise, and for what is no LZW.
 */
export function unpackLzw(packed: Uint8Array, mostBytes: number): Uint8Array {
  const out = new Uint8Array(mostBytes);
  // A code is the output of the code before it and one byte more: where that stands in what was put out, and how long it is.
  const at = new Uint32Array(MOST_CODES);
  const lengths = new Uint32Array(MOST_CODES);
  let [written, next, width] = [0, END + 1, 9];
  let [bits, held, read] = [0, 0, 0];
  let previous = -1;
  let [previousAt, previousLength] = [0, 0];

  const put = (byte: number): void => {
    if (written >= mostBytes) throw new RangeError('more comes out than there is room for');
    out[written++] = byte;
  };
  const nextCode = (): number => {
    while (held < width) {
      if (read >= packed.length) return END;
      bits = ((bits << 8) | (packed[read++] as number)) & 0xff_ffff;
      held += 8;
    }
    held -= width;
    return (bits >>> held) & ((1 << width) - 1);
  };

  for (let code = nextCode(); code !== END; code = nextCode()) {
    if (code === CLEAR) {
      [next, width, previous] = [END + 1, 9, -1];
      continue;
    }
    const start = written;
    if (code < CLEAR) put(code);
    else if (code < next) copy(at[code] as number, lengths[code] as number);
    else if (code === next && previous >= 0) {
      copy(previousAt, previousLength);
      put(out[start] as number);
    } else throw new RangeError('a code that there is not yet');
    if (previous >= 0 && next < MOST_CODES) {
      at[next] = previousAt;
      lengths[next] = previousLength + 1;
      next++;
    }
    if (next >= (1 << width) - 1 && width < 12) width++;
    previous = code;
    previousAt = start;
    previousLength = written - start;
  }
  return out.subarray(0, written);

  function copy(from: number, length: number): void {
    if (written + length > mostBytes) throw new RangeError('more comes out than there is room for');
    // What is copied may reach into what is being written: then byte after byte.
    for (let k = 0; k < length; k++) out[written + k] = out[from + k] as number;
    written += length;
  }
}
