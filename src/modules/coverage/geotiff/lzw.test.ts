import { unpackLzw } from './lzw.js';

/** Packs as TIFF says: most significant bit first, codes widen one early. A plain encoder, to be unpacked again. */
function pack(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let [held, bits, width] = [0, 0, 9];
  let table = new Map<string, number>();
  const put = (code: number): void => {
    bits = bits * 2 ** width + code;
    held += width;
    while (held >= 8) {
      held -= 8;
      out.push(Math.floor(bits / 2 ** held) & 255);
      bits %= 2 ** held;
    }
  };
  const codeOf = (text: string) => (text.length === 1 ? text.charCodeAt(0) : (table.get(text) as number));
  let next = 258;
  let text = '';
  put(256);
  for (const byte of bytes) {
    const longer = text + String.fromCharCode(byte);
    if (longer.length === 1 || table.has(longer)) {
      text = longer;
      continue;
    }
    put(codeOf(text));
    table.set(longer, next++);
    if (next === 2 ** width) width++;
    if (next === 4095) {
      put(256);
      table = new Map();
      [next, width] = [258, 9];
    }
    text = String.fromCharCode(byte);
  }
  if (text) put(codeOf(text));
  if (++next === 2 ** width) width++;
  put(257);
  if (held > 0) put(0);
  return Uint8Array.from(out);
}

test.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array(0)],
  ['all alike', new Uint8Array(100_000).fill(7)],
  ['a ramp', Uint8Array.from({ length: 70_000 }, (_, k) => k)],
  ['noise', Uint8Array.from({ length: 50_000 }, (_, k) => (k * k * 7919) >>> 5)],
])('%s comes out as it went in', (_what, bytes) => {
  expect(Buffer.from(unpackLzw(pack(bytes), bytes.length)).equals(Buffer.from(bytes))).toBe(true);
});

test('never more than there is room for, whatever is packed', () => {
  const packed = pack(new Uint8Array(1_000_000));
  expect(packed.length).toBeLessThan(5000);
  expect(() => unpackLzw(packed, 65_536)).toThrow(/room/);
});

test('bytes that are no LZW are refused or end early', () => {
  expect(() => unpackLzw(Uint8Array.from([0x80, 0x40, 0xff, 0xff, 0xff]), 100)).toThrow(/code/);
  expect(unpackLzw(new Uint8Array(0), 10)).toHaveLength(0);
});
