import fc from 'fast-check';
import { MpegFrames } from './mpeg-frames.js';

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes, 418 with padding. */
function frames(count: number): Uint8Array {
  return Uint8Array.from(
    Array.from({ length: count }, (_, i) => {
      const padding = i % 2;
      return [0xff, 0xfb, 0x90 | (padding << 1), 0x64, ...Array<number>(413 + padding).fill(0x55)];
    }).flat(),
  );
}
function framed(pieces: Iterable<Uint8Array>): number {
  const walk = new MpegFrames();
  for (const piece of pieces) walk.take(piece);
  return walk.framedBytes;
}

describe('MpegFrames', () => {
  it('finds all of a stream to be frames', () => {
    expect(framed([frames(10)])).toBe(frames(10).length);
  });

  it('finds the same in whatever pieces the bytes come', () => {
    const stream = frames(6);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 30 }), (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), stream.length];
        expect(framed(ends.map((end, i) => stream.subarray(ends[i - 1] ?? 0, end)))).toBe(stream.length);
      }),
    );
  });

  it('finds next to nothing in noise that begins with a header', () => {
    let state = 7;
    const noise = Uint8Array.from({ length: 500_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 24;
    });
    noise.set([0xff, 0xfb, 0x90, 0x64]);
    expect(framed([noise]) / noise.length).toBeLessThan(0.05);
  });

  it('finds the stream again behind rubbish', () => {
    expect(framed([frames(3), new Uint8Array(1000), frames(3)])).toBe(2 * frames(3).length);
  });
});
