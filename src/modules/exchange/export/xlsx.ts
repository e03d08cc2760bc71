import { Readable } from 'node:stream';
import yazl from 'yazl';
import { toTypedText } from '../domain/neutral-text.js';
import type { Field } from '../domain/sheet.js';
import type { Row } from './exporter.js';
import { type Cell, cellOf, type Head } from './table.js';

/** What a cell and a sheet of Excel can hold. */
export const XLSX_LIMITS = { cellChars: 32_767, rows: 1_048_576 } as const;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The parts of a workbook of one sheet (ECMA-376). Style 1 is a date, style 2 the heading. */
const PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${CONTENT}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${CONTENT}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${CONTENT}.styles+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
};

/** Boundaries do not fit into a cell: a column that is not there leaves them as they are. */
export function xlsxFields(fields: readonly Field[]): Field[] {
  return fields.filter(({ type }) => type !== 'geometry');
}

/**
 * A workbook whose sheet is written row by row while it is sent. Texts are typed as texts, so none becomes a formula.
 * Throws (the stream fails) beyond what Excel can hold.
 */
export function xlsxOf(sheetName: string, head: Head, batches: AsyncIterable<readonly Row[]>): Readable {
  const zip = new yazl.ZipFile();
  // The same rows make the same file.
  const options = { mtime: new Date(Date.UTC(2000, 0, 1)), forceDosTimestamp: true };
  const workbook = `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(sheetName)}" sheetId="1" r:id="rId1"/></sheets></workbook>`;
  for (const [name, xml] of Object.entries({ ...PARTS, 'xl/workbook.xml': workbook }))
    zip.addBuffer(Buffer.from(XML + xml), name, options);
  const output = zip.outputStream as Readable;
  const sheet = Readable.from(sheetXml(head, batches));
  sheet.on('error', (error) => output.destroy(error));
  zip.on('error', (error: Error) => output.destroy(error));
  output.on('close', () => sheet.destroy());
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml', options);
  zip.end();
  return output;
}

async function* sheetXml(
  { fields, headings, onlyForReading = false }: Head,
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<string> {
  const letters = fields.map((_, i) => columnLetters(i));
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData><row r="1">${headings
    .map((heading, i) => textCell(`${letters[i]}1`, heading, 2))
    .join('')}</row>`;
  let row = 1;
  for await (const rows of batches) {
    const texts = rows.map((values) => {
      row += 1;
      if (row > XLSX_LIMITS.rows) throw new Error(`A sheet cannot have more than ${XLSX_LIMITS.rows} rows`);
      const cells = fields.map((field, i) =>
        cellXml(`${letters[i]}${row}`, field, cellOf(field, values), onlyForReading),
      );
      return `<row r="${row}">${cells.join('')}</row>`;
    });
    if (texts.length > 0) yield texts.join('');
  }
  yield '</sheetData></worksheet>';
}

function cellXml(at: string, { key, type }: Field, cell: Cell, asItIs: boolean): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  const serial = type === 'date' && typeof cell === 'string' ? excelDay(cell) : undefined;
  if (serial !== undefined) return `<c r="${at}" s="1"><v>${serial}</v></c>`;
  const text = typeof cell !== 'string' ? JSON.stringify(cell) : asItIs ? cell : toTypedText(cell);
  if (text.length > XLSX_LIMITS.cellChars)
    throw new Error(`${key} has ${text.length} characters: no cell of Excel can hold them`);
  return textCell(at, text);
}

function textCell(at: string, text: string, style = 0): string {
  return `<c r="${at}" t="inlineStr"${style === 0 ? '' : ` s="${style}"`}><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

const DAY_MS = 86_400_000;
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);
/** Before 1 March 1900 Excel counts a day that never was. */
const FIRST_SAFE_DAY = 61;

/** Days as Excel counts them; undefined for a day that it cannot. */
function excelDay(date: string): number | undefined {
  const serial = (Date.parse(`${date}T00:00:00Z`) - EXCEL_EPOCH) / DAY_MS;
  return Number.isInteger(serial) && serial >= FIRST_SAFE_DAY ? serial : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML cannot hold, or would not give back, is written as _x000D_; what looks like that already, as _x005F_x000D_. */
function escaped(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Cs}/gu, (character) => {
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
      return `_x${code}_`;
    })
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** A, B, … Z, AA for 0, 1, … 25, 26. */
function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}
