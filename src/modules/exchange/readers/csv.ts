import fs from 'node:fs';
import { pipeline, Readable, Transform } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { composed } from '../domain/neutral-text.js';
import { detectEncoding, type Encoding } from './encoding.js';
import {
  FileRefused,
  type HeadingScore,
  hugeCell,
  isBlank,
  LIMITS,
  nulByte,
  type RawRow,
  type Table,
  tooMany,
  withHeading,
} from './limits.js';

export const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Reads a CSV in whatever encoding and with whatever delimiter it has. */
export async function readCsv(file: string, score: HeadingScore): Promise<Table> {
  const encoding = await detectEncoding(file);
  const delimiter = detectDelimiter(await firstText(file, encoding));
  const shown = delimiter === '\t' ? 'TAB' : delimiter;
  const notes = [
    {
      code: 'FORMAT',
      en: `Read as CSV in ${encoding}, separated by ${shown}.`,
      vi: `Đọc theo CSV, bảng mã ${encoding}, dấu phân cách ${shown}.`,
    },
  ];
  return withHeading(lines(file, encoding, delimiter), score, notes);
}

async function* lines(file: string, encoding: Encoding, delimiter: string): AsyncGenerator<RawRow> {
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: LIMITS.cellChars * 2,
  });
  const stream = pipeline(decoded(file, encoding), parser, () => undefined);
  // Windows-1258 has no composed letters: there they mean nothing.
  const compose = encoding === 'windows-1258' ? (value: string) => value.normalize('NFC') : composed;
  let row = 0;
  try {
    for await (const record of stream) {
      const values = record as string[];
      row += 1;
      if (row === 1 && /^sep=.$/i.test(values.join(delimiter))) continue;
      if (values.some((value) => value.length > LIMITS.cellChars)) throw hugeCell(row);
      if (values.length > LIMITS.columns && !isBlank(values.slice(LIMITS.columns)))
        throw tooMany('columns', LIMITS.columns);
      if (!isBlank(values)) yield { row, values: values.map(compose) };
    }
  } catch (error) {
    throw error instanceof CsvError ? refusal(error, row + 1) : error;
  }
}

function refusal(error: CsvError, row: number): FileRefused {
  if (error.code === 'CSV_MAX_RECORD_SIZE') return hugeCell(row);
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new FileRefused(
      'QUOTE',
      `A quotation mark is opened in or before row ${row} and never closed.`,
      `Có dấu nháy kép mở ở dòng ${row} hoặc trước đó mà không được đóng.`,
    );
  return new FileRefused(
    'CSV',
    `Row ${row} cannot be read: ${error.message}`,
    `Không đọc được dòng ${row}: ${error.message}`,
  );
}

function decoded(file: string, encoding: Encoding): Readable {
  const refuseNul = new Transform({
    decodeStrings: false,
    encoding: 'utf8',
    transform(chunk: string | Buffer, _encoding, done) {
      const text = chunk.toString();
      if (text.includes('\0')) done(nulByte());
      else done(null, text);
    },
  });
  return pipeline(fs.createReadStream(file), iconv.decodeStream(encoding), refuseNul, () => undefined);
}

const SAMPLE_CHARS = 64 * 1024;

async function firstText(file: string, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const chunk of decoded(file, encoding)) {
    text += chunk as string;
    if (text.length > SAMPLE_CHARS) break;
  }
  return text.slice(0, SAMPLE_CHARS);
}

/**
 * The delimiter that the same number of times stands in the most lines, outside of quotes; of several, the one that
 * makes the most columns. A decimal comma is in some lines only, or not in the heading.
 */
export function detectDelimiter(text: string): string {
  const said = /^sep=(.)\r?\n/i.exec(text)?.[1];
  if (said) return said;
  const records = splitRecords(text).slice(0, 50);
  const scored = DELIMITERS.map((delimiter) => {
    const counts = records.map((record) => record.split(delimiter).length - 1);
    const usual = mode(counts.filter((count) => count > 0));
    const steady = usual === 0 ? 0 : counts.filter((count) => count === usual).length / records.length;
    return { delimiter, weight: steady * Math.log2(1 + usual) };
  });
  return scored.reduce((best, next) => (next.weight > best.weight ? next : best)).delimiter;
}

/** Lines with what stands in quotes taken out. A last line that is cut off is left out. */
function splitRecords(text: string): string[] {
  const bare = text.replace(/"(?:[^"]|"")*"/g, 'q');
  const all = bare.split(/\r\n|\n|\r/);
  if (text.length >= SAMPLE_CHARS) all.pop();
  return all.filter((line) => line.trim() !== '');
}

function mode(counts: number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].reduce((best, next) => (next[1] > best[1] ? next : best), [0, 0])[0];
}
