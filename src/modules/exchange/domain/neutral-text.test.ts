import fc from 'fast-check';
import {
  composed,
  harmlessCell,
  markedText,
  toCsvText,
  toTypedText,
  withoutFormula,
} from './neutral-text.js';
import { readValue } from './parse-value.js';

const HOSTILE = [
  '=1+1',
  '+84 293',
  '-',
  '-5',
  '@SUM(A1)',
  '\tx',
  '\rx',
  '＝1',
  "'",
  "''",
  "'=1",
  "''=1",
  "'abc",
  ' x ',
  '',
  'NULL',
  'không có',
  "'không có",
  '#N/A',
  '00123',
  '2024-01-02',
  'Phường',
  'a"b;c,d|e\nf',
  '🛰️',
  'ភូមិ',
  '_x000D_',
];
const text = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom("'", '=', '-', ' ', 'n', 'a', '\t', 'é', 'e\u0301') }),
);
const read = (cell: string) => readValue({ type: 'text' }, composed(cell), new Map()).value;

test('every text comes back exactly as it was, from a CSV and from a typed cell', () => {
  fc.assert(
    fc.property(text, (original) => {
      expect(read(toCsvText(original))).toBe(original);
      expect(read(toTypedText(original))).toBe(original);
    }),
    { numRuns: 2_000, examples: HOSTILE.map((given) => [given]) },
  );
});

test('no cell of a CSV begins like a formula', () => {
  fc.assert(
    fc.property(text, (original) => {
      expect(toCsvText(original)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
      expect(withoutFormula(original).trimStart()).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
    }),
    { examples: HOSTILE.map((given) => [given]) },
  );
});

test('in a table that nobody reads back, only what looks like a formula is marked', () => {
  expect(['=1', ' =1', '-', 'không có', 'UNKNOWN', ' x', "'=1"].map(withoutFormula)).toEqual([
    "'=1",
    "' =1",
    "'-",
    'không có',
    'UNKNOWN',
    ' x',
    "'=1",
  ]);
});

test('only texts that would come to harm are marked', () => {
  expect(["Bưu điện 'A'", "'abc", '12.5', 'Xã Đông Phú'].map(toCsvText)).toEqual([
    "Bưu điện 'A'",
    "'abc",
    '12.5',
    'Xã Đông Phú',
  ]);
  expect(['=1', '+84', '-', ' x'].map(toTypedText)).toEqual(['=1', '+84', "'-", "' x"]);
  expect(markedText("'abc")).toBeUndefined();
});

test('a cell that is given back is harmless and is read as before', () => {
  expect(['=A1', ' =A1', '-12,5', '-', "'=A1", ' x '].map(harmlessCell)).toEqual([
    "'=A1",
    "'=A1",
    '-12,5',
    '-',
    "'=A1",
    ' x ',
  ]);
  fc.assert(fc.property(text, (cell) => expect(read(harmlessCell(cell))).toBe(read(cell))));
});

test('a million apostrophes are no trouble', () => {
  const many = "'".repeat(1_000_000);
  expect(markedText(toCsvText(many))).toBe(many);
});
