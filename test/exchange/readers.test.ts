import iconv from 'iconv-lite';
import { FileRefused } from '../../src/modules/exchange/readers/limits.js';
import { readAll, removeTemporary, workbook, zipOf } from './files.js';

afterAll(removeTemporary);

async function refusalOf(bytes: Buffer | string): Promise<string> {
  const error: unknown = await readAll(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FileRefused)) throw new Error('a refusal was expected', { cause: error });
  expect(error.vi).not.toBe('');
  return error.code;
}

const TEXT = 'Mã trạm;Tên trạm;Vĩ độ\r\nHGI-1;Trạm Đông Phú, số "1";9,75\r\nHGI-2;"Hỏa Lựu; ấp 3";9,8\r\n';
const ROWS = [
  { row: 2, values: ['HGI-1', 'Trạm Đông Phú, số "1"', '9,75'] },
  { row: 3, values: ['HGI-2', 'Hỏa Lựu; ấp 3', '9,8'] },
];

/** Windows-1258 writes a tone behind its vowel. */
function windows1258(text: string): Buffer {
  const tones = new Set(['\u0300', '\u0301', '\u0303', '\u0309', '\u0323']);
  const parts = [...text].map((letter) => {
    const [first = '', ...marks] = letter.normalize('NFD');
    const tone = marks.filter((mark) => tones.has(mark)).join('');
    const base = `${first}${marks.filter((mark) => !tones.has(mark)).join('')}`.normalize('NFC');
    return base + tone;
  });
  return iconv.encode(parts.join(''), 'windows-1258');
}

describe('CSV', () => {
  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 LE with a mark', iconv.encode(TEXT, 'utf-16le', { addBOM: true })],
    ['UTF-16 BE with a mark', iconv.encode(TEXT, 'utf-16be', { addBOM: true })],
    ['UTF-16 LE without one', iconv.encode(`a;b;c\r\n`.repeat(0) + TEXT, 'utf-16le')],
    ['Windows-1258', windows1258(TEXT)],
    ['decomposed UTF-8', Buffer.from(TEXT.normalize('NFD'))],
  ])('is read in %s', async (_name, bytes) => {
    const { columns, rows } = await readAll(bytes);
    expect(columns.map((name) => name.normalize('NFC'))).toEqual(['Mã trạm', 'Tên trạm', 'Vĩ độ']);
    expect(rows).toEqual(ROWS);
  });

  it('takes what is no Vietnamese for Windows-1252', async () => {
    const { rows, notes } = await readAll(iconv.encode('code,name\n1,Café Zürich\n', 'windows-1252'));
    expect(rows[0]?.values).toEqual(['1', 'Café Zürich']);
    expect(notes[0]).toContain('windows-1252');
  });

  it.each([
    [',', 'a,b,c\n1,2,3\n'],
    [';', 'a;b;c\n1,5;2,5;3\n'],
    ['\t', 'a\tb\tc\n1,5\t2;5\t3\n'],
    ['|', 'a|b|c\n1|2|3\n'],
    [';', 'sep=;\na;b;c\n1;2;3\n'],
  ])('finds the delimiter %j', async (_delimiter, text) => {
    const { columns, rows } = await readAll(text);
    expect(columns).toEqual(['a', 'b', 'c']);
    expect(rows[0]?.values).toHaveLength(3);
  });

  it.each<[string, string, string | Buffer]>([
    ['an empty file', 'EMPTY', ''],
    ['a NUL', 'NUL', 'a,b\n1,x\0y\n'],
    ['a huge cell', 'HUGE_CELL', `a,b\n1,"${'x'.repeat(1_000_001)}"\n`],
    ['a quote that is never closed', 'HUGE_CELL', `a,b\n1,"${'x,y\n'.repeat(600_000)}`],
    ['too many columns', 'TOO_LARGE', `${'a,'.repeat(501)}b\n`],
    ['an .xls', 'OLD_EXCEL', Buffer.from('d0cf11e0a1b11ae100', 'hex')],
  ])('refuses %s', async (_what, code, bytes) => {
    expect(await refusalOf(bytes)).toBe(code);
  });
});

describe('XLSX', () => {
  it('reads shared and inline strings, dates, booleans, errors and formulas', async () => {
    const cell = (ref: string, kind: string, value: string) =>
      `<c r="${ref}" t="${kind}"><v>${value}</v></c>`;
    const bytes = workbook(
      `<row r="1">${cell('A1', 's', '0')}${cell('B1', 's', '1')}<c r="D1" t="inlineStr"><is><t>Ngày</t></is></c></row>
       <row r="3">${cell('A3', 'str', 'HGI-1')}<c r="B3"><f>1+1</f><v>2</v></c><c r="D3" s="1"><v>45809</v></c></row>
       <row r="4">${cell('A4', 'e', '#N/A')}${cell('B4', 'b', '1')}<c r="D4" s="2"><v>45809.5</v></c></row>`,
      {
        'xl/sharedStrings.xml': `<sst><si><r><t>Mã </t></r><r><t>trạm</t></r><rPh><t>x</t></rPh></si><si><t>a &amp; b</t></si></sst>`,
        'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd\\/mm\\/yyyy"/></numFmts>
          <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>`,
      },
    );
    const { columns, rows } = await readAll(bytes);
    expect(columns).toEqual(['Mã trạm', 'a & b', '', 'Ngày']);
    expect(rows).toEqual([
      { row: 3, values: ['HGI-1', 2, null, '2025-06-01'] },
      { row: 4, values: ['#N/A', true, null, '2025-06-01'] },
    ]);
  });

  it('refuses a sheet that is not there', async () => {
    await expect(readAll(workbook('<row r="1"><c r="A1"><v>1</v></c></row>'), 'Khác')).rejects.toThrow('BTS');
  });

  it.each<[string, string, () => Buffer]>([
    ['a bomb that says so', 'ZIP_BOMB', () => workbook(`<row>${' '.repeat(30_000_000)}</row>`)],
    [
      'a bomb that lies',
      'XLSX',
      () => zipOf({ 'xl/workbook.xml': ' '.repeat(30_000_000), 'xl/_rels/workbook.xml.rels': '' }, 100),
    ],
    ['a name that leads out', 'XLSX', () => workbook('', { '../../etc/passwd': 'x' })],
    ['a ZIP of something else', 'XLSX', () => zipOf({ 'a.txt': 'a' })],
    ['a NUL', 'NUL', () => workbook('<row r="1"><c r="A1" t="str"><v>a\0b</v></c></row>')],
    [
      'a huge cell',
      'HUGE_CELL',
      () => workbook(`<row r="1"><c r="A1" t="str"><v>${'x'.repeat(1_000_001)}</v></c></row>`),
    ],
    [
      'entities that grow',
      'XLSX',
      () =>
        zipOf({
          ...{ 'xl/_rels/workbook.xml.rels': '<a/>' },
          'xl/workbook.xml': `<!DOCTYPE a [<!ENTITY x "yy">]><workbook>&x;</workbook>`,
        }),
    ],
    ['a damaged file', 'XLSX', () => Buffer.from('PK\x03\x04 and nothing else')],
  ])('refuses %s', async (_what, code, bytes) => {
    expect(await refusalOf(bytes())).toBe(code);
  });
});

describe('GeoJSON', () => {
  const point = (properties: object, coordinates: unknown) => ({
    type: 'Feature',
    properties,
    geometry: { type: 'Point', coordinates },
  });
  it('reads points and polygons', async () => {
    const polygon = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    };
    const { columns, rows } = await readAll(
      JSON.stringify({
        type: 'FeatureCollection',
        crs: { properties: { features: ['{'] } },
        features: [
          point({ code: 'A "1"', tags: ['x', 'y'] }, [105.5, 9.75]),
          { type: 'Feature', properties: { code: 'B' }, geometry: polygon },
        ],
      }),
    );
    expect(columns).toEqual(['code', 'tags', 'lon', 'lat', 'boundary']);
    expect(rows).toEqual([
      { row: 1, values: ['A "1"', 'x;y', 105.5, 9.75, null] },
      { row: 2, values: ['B', null, null, null, polygon] },
    ]);
  });

  it.each<[string, string, string]>([
    ['what is nested deep', 'TOO_DEEP', `{"features":[${'['.repeat(10_000)}`],
    ['an array', 'GEOJSON', '[1]'],
    ['broken JSON', 'JSON', '{"features":[{"type" "Feature"}]}'],
    ['an end that is missing', 'JSON', '{"features":[{"type":"Feature"}'],
    ['a NUL', 'NUL', '{"features":[{"type":"Feature","properties":{"a":"x\\u0000y"}}]}'],
    ['a huge cell', 'HUGE_CELL', `{"features":[{"properties":{"a":"${'x'.repeat(1_000_001)}"}}]}`],
  ])('refuses %s', async (_what, code, text) => {
    expect(await refusalOf(text)).toBe(code);
  });
});
