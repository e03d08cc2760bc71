import type { Readable } from 'node:stream';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { composed } from '../domain/neutral-text.js';
import { FileRefused, hugeCell, LIMITS, nulByte } from './limits.js';
import { damaged } from './zip.js';

type Tag = { name: string; attributes: Record<string, string> };

export interface XmlHandlers {
  open?: (tag: Tag) => void;
  close?: (name: string) => void;
  text?: (text: string) => void;
}

/** Goes through a part; names come without their prefix. After each piece `between` may hand on what was found. */
export async function* walk<T>(
  stream: Readable,
  handlers: XmlHandlers,
  between: () => T[] = () => [],
): AsyncGenerator<T> {
  const parser = new SaxesParser();
  const bare = (name: string) => name.slice(name.indexOf(':') + 1);
  let depth = 0;
  parser.on('opentag', (tag: SaxesTagPlain) => {
    // The parser remembers every open tag.
    depth += 1;
    if (depth > LIMITS.xmlDepth) throw damaged(new Error(`nested deeper than ${LIMITS.xmlDepth} levels`));
    handlers.open?.({ name: bare(tag.name), attributes: tag.attributes });
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    handlers.close?.(bare(tag.name));
  });
  parser.on('text', (text) => handlers.text?.(text));
  parser.on('cdata', (text) => handlers.text?.(text));
  parser.on('error', (error) => {
    throw damaged(error);
  });
  try {
    for await (const chunk of stream) {
      if ((chunk as string).includes('\0')) throw nulByte();
      parser.write(chunk as string);
      yield* between();
    }
    parser.close();
    yield* between();
  } catch (error) {
    throw error instanceof FileRefused || !(error instanceof Error) ? error : damaged(error);
  }
}

export async function walkAll(stream: Readable, handlers: XmlHandlers): Promise<void> {
  for await (const _nothing of walk(stream, handlers)) continue;
}

/** Characters that XML cannot hold are written as _x000D_ (ECMA-376 part 1, 22.9.2.19). */
export function cellText(text: string): string {
  return composed(
    text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => {
      const character = String.fromCharCode(Number.parseInt(code, 16));
      if (character === '\0') throw nulByte();
      return character;
    }),
  );
}

/** The texts that cells refer to by number. */
export async function sharedStrings(stream: Readable): Promise<string[]> {
  const all: string[] = [];
  let text = '';
  let total = 0;
  let inText = false;
  let phonetic = false;
  await walkAll(stream, {
    open: ({ name }) => {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic = true;
      inText = name === 't' && !phonetic;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') phonetic = false;
      if (name === 'si') all.push(cellText(text));
    },
    text: (piece) => {
      if (!inText) return;
      text += piece;
      total += piece.length;
      if (text.length > LIMITS.cellChars) throw hugeCell(all.length + 1);
      if (total > LIMITS.sharedChars)
        throw new FileRefused(
          'TOO_LARGE',
          `The workbook holds more than ${LIMITS.sharedChars} characters of text; save it as CSV.`,
          `Bảng tính có hơn ${LIMITS.sharedChars} ký tự; hãy lưu thành CSV.`,
        );
    },
  });
  return all;
}

/** ECMA-376 part 1, 18.8.30: number formats that every program knows as dates or times. */
const BUILT_IN_DATES = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const;

/** Which cell styles show their number as a date. */
export async function dateStyles(stream: Readable): Promise<Set<number>> {
  const custom = new Map<number, boolean>();
  const found = new Set<number>();
  let inCellXfs = false;
  let nr = 0;
  await walkAll(stream, {
    open: ({ name, attributes }) => {
      if (name === 'numFmt')
        custom.set(Number(attributes.numFmtId), isDateFormat(attributes.formatCode ?? ''));
      if (name === 'cellXfs') inCellXfs = true;
      if (name === 'xf' && inCellXfs) {
        const id = Number(attributes.numFmtId ?? 0);
        const builtIn = BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to);
        if (custom.get(id) ?? builtIn) found.add(nr);
        nr += 1;
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCellXfs = false;
    },
  });
  return found;
}

function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, '').split(';')[0] ?? '';
  return /[dmyhs]/i.test(bare) && !/general/i.test(bare);
}
