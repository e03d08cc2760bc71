import fc from 'fast-check';
import { Problem } from './problem.js';
import { REASON_MAX, reasonOf } from './reason-header.js';

const raw = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

test('a reason comes as UTF-8 or percent-encoded', () => {
  expect(reasonOf(undefined)).toBeUndefined();
  expect(reasonOf('  ')).toBeUndefined();
  expect(reasonOf(' surveyed again ')).toBe('surveyed again');
  expect(reasonOf(raw('Đo lại tại hiện trường, lệch 5%'))).toBe('Đo lại tại hiện trường, lệch 5%');
  expect(reasonOf(`UTF-8''${encodeURIComponent('Đo lại, lệch 5%')}`)).toBe('Đo lại, lệch 5%');
});

test.each([
  ['Latin-1', 'caf\u00e9'],
  ['a broken escape', "UTF-8''%zz"],
  ['half a character', "UTF-8''%C4"],
  ['a control character', "UTF-8''a%00b"],
  ['a line feed', "UTF-8''a%0Ab"],
  ['too long', 'x'.repeat(REASON_MAX + 1)],
])('%s is refused in two languages', (_what, header) => {
  expect(() => reasonOf(header)).toThrow(Problem);
  try {
    reasonOf(header);
  } catch (error) {
    expect((error as Problem).errors).toEqual([
      {
        field: 'X-Reason',
        code: expect.any(String) as string,
        message: expect.stringMatching(/^X-Reason must/) as string,
        messageVi: expect.stringMatching(/^X-Reason /) as string,
      },
    ]);
  }
});

test('any text survives both ways of sending it', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((s) => s.trim() === s && s !== '' && !/\p{Cc}|\p{Cs}/u.test(s) && !/^utf-8''/i.test(s));
  fc.assert(
    fc.property(text, (s) => {
      fc.pre([...s].length <= REASON_MAX && !s.startsWith('\ufeff'));
      expect(reasonOf(raw(s))).toBe(s);
      expect(reasonOf(`UTF-8''${encodeURIComponent(s)}`)).toBe(s);
    }),
  );
});
