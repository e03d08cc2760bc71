import fc from 'fast-check';
import { packArrays, unpackArrays } from './typed-arrays.js';

test('what is packed comes back, bit by bit', () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        key: fc.string(),
        codes: fc.array(fc.string()),
        projection: fc.record({ lon0: fc.double({ noNaN: true, noDefaultInfinity: true }) }),
        h3: fc.bigUint64Array(),
        levelDbm: fc.float32Array(),
        x: fc.float64Array(),
        best: fc.int32Array(),
        servers: fc.uint16Array(),
        landCover: fc.uint8Array(),
        start: fc.uint32Array(),
      }),
      async (value) => {
        const back = await unpackArrays<typeof value>(await packArrays(value));
        const plain = (v: typeof value) => JSON.stringify({ codes: v.codes, key: v.key, p: v.projection });
        expect(plain(back)).toEqual(plain(value));
        for (const name of ['h3', 'levelDbm', 'x', 'best', 'servers', 'landCover', 'start'] as const) {
          expect(Object.prototype.toString.call(back[name])).toBe(
            Object.prototype.toString.call(value[name]),
          );
          const bytes = (a: ArrayBufferView) =>
            Buffer.from(a.buffer, a.byteOffset, a.byteLength).toString('hex');
          expect(bytes(back[name])).toBe(bytes(value[name]));
        }
      },
    ),
    { numRuns: 50 },
  ));

test('no signal stays no signal, and a part of a larger buffer is packed alone', async () => {
  const levels = new Float32Array([1, -Infinity, -80.5, 2]).subarray(1, 3);
  const back = await unpackArrays<{ levels: Float32Array }>(await packArrays({ levels }));
  expect([...back.levels]).toEqual([-Infinity, -80.5]);
});

test('an array type that nothing here has is refused', async () => {
  await expect(packArrays({ odd: new Int8Array(3) })).rejects.toThrow('Int8Array');
});
