import fc from 'fast-check';
import { FrameMeter } from './guarded-connection.js';

/** A packet with the given number of bytes after its header. */
function packet(length: number): Buffer {
  const header = [0x30];
  for (let rest = length; ;) {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    header.push(rest > 0 ? low | 0x80 : low);
    if (rest === 0) break;
  }
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)]);
}

describe('FrameMeter', () => {
  test('packets up to the limit pass, a larger one does not, however the bytes are cut', () => {
    const LIMIT = 300;
    fc.assert(
      fc.property(
        fc.array(fc.nat(LIMIT + 40), { minLength: 1 }),
        fc.integer({ min: 1, max: 50 }),
        (lengths, step) => {
          const meter = new FrameMeter(LIMIT);
          const bytes = Buffer.concat(lengths.map(packet));
          let wrong: string | null = null;
          for (let at = 0; at < bytes.length && wrong === null; at += step)
            wrong = meter.pass(bytes.subarray(at, at + step));
          expect(wrong !== null).toBe(lengths.some((length) => length > LIMIT));
        },
      ),
    );
  });

  test('a length of more than four bytes is wrong', () => {
    expect(new FrameMeter(2 ** 40).pass(Buffer.from('30ffffffff01', 'hex'))).toContain('four bytes');
  });
});
