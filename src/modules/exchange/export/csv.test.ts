import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvLines, csvOfRaw } from './csv.js';

it('gives cells back so that none is taken for a formula, and numbers stay numbers', () => {
  expect(csvOfRaw(['=1+1', '-5', '-', '@x', 'a,"b"', null, 9.5])).toBe(`'=1+1,-5,-,'@x,"a,""b""",,9.5\r\n`);
});

it('writes lines that any program of RFC 4180 reads as they are', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', 'a;b', 'a|b', 'a\tb', '"', '\r', '\n', '\r\n'),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (lines) => {
      expect(parse(csvLines(lines), { record_delimiter: '\r\n' })).toEqual(lines);
    }),
  );
});
