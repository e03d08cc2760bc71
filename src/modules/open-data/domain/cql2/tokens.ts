import { checkNumber, checkText } from './literals.js';
import { Cql2Error, LONGEST_FILTER } from './ast.js';

/** A piece of the text form. `at` counts characters from 1. */
export type Token =
  | { kind: 'word'; text: string; at: number }
  | { kind: 'name'; text: string; at: number }
  | { kind: 'text'; text: string; at: number }
  | { kind: 'number'; value: number; at: number }
  | { kind: 'sign'; text: string; at: number }
  | { kind: 'end'; at: number };

const SPACE = /[\s]+/y;
const WORD = /[\p{L}_][\p{L}\p{N}_.:]*/uy;
const NUMBER = /[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/y;
const TEXT = /'((?:[^']|'')*)'/y;
/** A name that is no word, or looks like a keyword. */
const NAME = /"((?:[^"]|"")*)"/y;
const SIGN = /<>|<=|>=|[=<>(),]/y;

/** Cuts the text form into tokens; in a text `''` stands for one quote. */
export function tokenize(input: string): Token[] {
  if (input.length > LONGEST_FILTER)
    throw new Cql2Error(
      undefined,
      `the filter is longer than ${LONGEST_FILTER} characters`,
      `bộ lọc dài quá ${LONGEST_FILTER} ký tự`,
    );
  const tokens: Token[] = [];
  let index = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = index;
    const match = pattern.exec(input);
    if (match) index = pattern.lastIndex;
    return match;
  };
  for (;;) {
    take(SPACE);
    const at = index + 1;
    if (index >= input.length) return [...tokens, { kind: 'end', at }];
    let match: RegExpExecArray | null;
    if ((match = take(NUMBER))) tokens.push({ kind: 'number', value: checkNumber(Number(match[0]), at), at });
    else if ((match = take(WORD))) tokens.push({ kind: 'word', text: match[0], at });
    else if ((match = take(TEXT)))
      tokens.push({ kind: 'text', text: checkText((match[1] ?? '').replaceAll("''", "'"), at), at });
    else if ((match = take(NAME)))
      tokens.push({ kind: 'name', text: checkText((match[1] ?? '').replaceAll('""', '"'), at), at });
    else if ((match = take(SIGN))) tokens.push({ kind: 'sign', text: match[0], at });
    else if (input[index] === "'" || input[index] === '"')
      throw new Cql2Error(at, 'this quote is never closed', 'dấu nháy này không được đóng');
    else
      throw new Cql2Error(
        at,
        `"${String.fromCodePoint(input.codePointAt(index) ?? 0xfffd)}" has no meaning here`,
        `"${String.fromCodePoint(input.codePointAt(index) ?? 0xfffd)}" không có nghĩa ở đây`,
      );
  }
}
