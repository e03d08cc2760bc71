import fc from 'fast-check';
import { canonicalJson } from './canonical.js';

it('writes keys in order and leaves out what is undefined', () => {
  expect(canonicalJson({ b: [1, null, { d: true, c: 'x' }], a: undefined })).toBe(
    '{"b":[1,null,{"c":"x","d":true}]}',
  );
});

it('writes text in one form', () => {
  expect(canonicalJson('Tiếng'.normalize('NFD'))).toBe(canonicalJson('Tiếng'.normalize('NFC')));
});

it('gives equal content equal text, and is JSON of the same content', () => {
  const ascii = fc
    .json({ maxDepth: 3, stringUnit: 'grapheme-ascii' })
    .map((text) => JSON.parse(text) as unknown);
  fc.assert(
    fc.property(ascii, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(reversed(value))).toBe(text);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

/** The same with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reversed(each)]),
  );
}
