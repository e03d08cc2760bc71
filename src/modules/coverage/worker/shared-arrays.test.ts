import { shareArrays, shareTexts, textAt } from './shared-arrays.js';

it('typed arrays keep their kind and values, in shared memory', () => {
  const part = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
  const shared = shareArrays({
    part,
    ids: new BigUint64Array([5n]),
    none: new Uint8Array(),
    name: 'a',
    n: 1,
  });
  expect(shared).toEqual({
    part: new Float64Array([2, 3]),
    ids: new BigUint64Array([5n]),
    none: new Uint8Array(),
    name: 'a',
    n: 1,
  });
  for (const { buffer } of [shared.part, shared.ids, shared.none])
    expect(buffer).toBeInstanceOf(SharedArrayBuffer);
});

it('texts come back by their places', () => {
  const texts = ['VNPT-01', '', 'Vị Thanh', '😀'];
  const shared = shareTexts(texts);
  expect(texts.map((_, n) => textAt(shared, n))).toEqual(texts);
  for (const n of [-1, 4, 99]) expect(textAt(shared, n)).toBeUndefined();
  expect(textAt(shareTexts([]), 0)).toBeUndefined();
});
