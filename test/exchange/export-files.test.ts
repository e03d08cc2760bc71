import { Readable } from 'node:stream';
import fc from 'fast-check';
import { fieldOf, mapColumns, parseRow, type Sheet } from '../../src/modules/exchange/domain/sheet.js';
import { csvOf } from '../../src/modules/exchange/export/csv.js';
import type { Row } from '../../src/modules/exchange/export/exporter.js';
import { geoJsonOf } from '../../src/modules/exchange/export/geojson.js';
import { xlsxFields, xlsxOf } from '../../src/modules/exchange/export/xlsx.js';
import { AREAS_SHEET } from '../../src/modules/exchange/sheets/area-sheet.js';
import { FIBRE_SHEET } from '../../src/modules/exchange/sheets/fibre-sheet.js';
import { HAMLETS_SHEET } from '../../src/modules/exchange/sheets/hamlet-sheet.js';
import { CELLS_SHEET, SITES_SHEET } from '../../src/modules/exchange/sheets/site-sheets.js';
import { CLUSTERS_SHEET, LOUDSPEAKERS_SHEET } from '../../src/modules/exchange/sheets/speaker-sheets.js';
import { until } from '../support/until.js';
import { readAll, removeTemporary, zipOf } from './files.js';

afterAll(removeTemporary);

const SHEET: Sheet = {
  fields: [
    { key: 'code', type: 'text', aliases: [] },
    { key: 'name', type: 'text', aliases: [] },
    { key: 'note', type: 'text', aliases: [] },
    { key: 'lat', type: 'number', unit: 'coordinate', aliases: [] },
    { key: 'lon', type: 'number', unit: 'coordinate', aliases: [] },
    { key: 'powerDbm', type: 'number', unit: '', aliases: [] },
    { key: 'count', type: 'number', unit: '', whole: true, aliases: [] },
    { key: 'isOpen', type: 'boolean', aliases: [] },
    { key: 'since', type: 'date', aliases: [] },
    { key: 'parts', type: 'names', aliases: [] },
  ],
};

async function* inBatches(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  for (let i = 0; i < rows.length; i += 2) yield rows.slice(i, i + 2);
  yield [];
}

async function bytes(stream: AsyncIterable<string | Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const all = { fields: SHEET.fields, headings: SHEET.fields.map(({ key }) => key) };
const WRITERS = {
  csv: (rows: readonly Row[]) => bytes(csvOf(all, inBatches(rows))),
  geojson: (rows: readonly Row[]) => bytes(geoJsonOf(all, inBatches(rows))),
  xlsx: (rows: readonly Row[]) => bytes(xlsxOf('all', all, inBatches(rows))),
};

/** What an import would take from the file. */
async function imported(file: Buffer): Promise<{ values: Row[]; findings: unknown[] }> {
  const { columns, rows } = await readAll(file);
  const mapped = mapColumns(SHEET, columns, {});
  const parsed = rows.map((row) => parseRow(mapped, row, new Map()));
  return {
    values: parsed.map(({ values }) => values),
    findings: [...mapped.findings, ...parsed.flatMap(({ findings }) => findings)],
  };
}

const text = fc.oneof(
  fc.constantFrom(
    '=1+1',
    '+84',
    '-',
    '@x',
    '\tx',
    '\rx',
    "'",
    "'=x",
    "'-",
    ' x ',
    'NULL',
    'không có',
    '00123',
  ),
  fc.constantFrom('a"b', 'a\r\nb', 'a;b,c|d\te', '2024-01-02', 'Phường', '🛰️', 'ភូមិ', '_x000D_'),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((given) => given.replaceAll('\0', '')),
  fc.string({ minLength: 3_000, maxLength: 5_000 }),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((given) => given + 0);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const rows = fc.uniqueArray(
  fc.record({
    code: fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.'), minLength: 1, maxLength: 8 }),
    name: maybe(text),
    note: maybe(text),
    lat: fc.double({ min: -90, max: 90, noNaN: true }).map((given) => given + 0),
    lon: fc.double({ min: -180, max: 180, noNaN: true }).map((given) => given + 0),
    powerDbm: maybe(number),
    count: maybe(fc.integer()),
    isOpen: maybe(fc.boolean()),
    since: maybe(
      fc
        .date({ min: new Date('1900-01-01'), max: new Date('2900-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    ),
    parts: maybe(fc.uniqueArray(fc.constantFrom('lon', 'lat', 'height'), { minLength: 1 })),
  }),
  { minLength: 1, maxLength: 5, selector: ({ code }) => code },
);

test.each(Object.keys(WRITERS) as (keyof typeof WRITERS)[])(
  'whatever a %s holds comes back exactly, and without a finding',
  async (format) => {
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        expect(await imported(await WRITERS[format](given))).toEqual({ values: given, findings: [] });
      }),
      { numRuns: 150 },
    );
  },
  60_000,
);

test('every Vietnamese title is read as its own field', () => {
  for (const sheet of [
    SITES_SHEET,
    CELLS_SHEET,
    AREAS_SHEET,
    HAMLETS_SHEET,
    CLUSTERS_SHEET,
    LOUDSPEAKERS_SHEET,
    FIBRE_SHEET,
  ])
    expect(sheet.fields.map(({ titleVi }) => fieldOf(sheet, titleVi ?? '')?.key)).toEqual(
      sheet.fields.map(({ key }) => key),
    );
});

test('what no sheet of Excel can hold makes the file fail, and not be cut', async () => {
  const long = [{ code: 'a', name: 'x'.repeat(32_768), lat: 1, lon: 2 }];
  await expect(WRITERS.xlsx(long)).rejects.toThrow('32768 characters');
  expect(xlsxFields([...SHEET.fields, { key: 'boundary', type: 'geometry', aliases: [] }])).toEqual(
    SHEET.fields,
  );
});

test('reading stops when nobody takes the file any more', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<readonly Row[]> {
    try {
      for (;;) yield Array.from({ length: 100 }, () => ({ code: 'a', name: 'x'.repeat(100) }));
    } finally {
      ended = true;
    }
  }
  for (const stream of [
    Readable.from(csvOf(all, endless())),
    Readable.from(geoJsonOf(all, endless())),
    xlsxOf('all', all, endless()),
  ]) {
    ended = false;
    let taken = 0;
    for await (const chunk of stream) {
      taken += (chunk as string | Buffer).length;
      if (taken > 20_000) break;
    }
    await until(() => ended, { what: 'reading stops' });
    expect(stream.destroyed).toBe(true);
  }
});

test('an XLSX tells of characters that it writes in its own way, as those of Excel are read', async () => {
  const file = zipOf({
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>code</t></is></c></row><row r="2"><c t="inlineStr"><is><t>a_x000D_b_x005F_x000D_</t></is></c></row></sheetData></worksheet>`,
  });
  expect((await readAll(file)).rows.map(({ values }) => values)).toEqual([['a\rb_x000D_']]);
});
