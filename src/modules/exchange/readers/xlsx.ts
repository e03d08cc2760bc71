import path from 'node:path';
import {
  FileRefused,
  type HeadingScore,
  hugeCell,
  isBlank,
  LIMITS,
  type RawRow,
  type Table,
  tooMany,
  withHeading,
} from './limits.js';
import { cellText, dateStyles, sharedStrings, walk, walkAll } from './xlsx-parts.js';
import { damaged, openZip, type Zip } from './zip.js';

interface Workbook {
  sheets: { name: string; part: string }[];
  epoch: number;
}

/** Reads one sheet of an XLSX: the named one, or the first. Dates come as YYYY-MM-DD, formulas as their stored value. */
export async function readXlsx(file: string, score: HeadingScore, sheetName?: string): Promise<Table> {
  const zip = await openZip(file);
  const lines = rowsOf(zip, sheetName);
  try {
    const table = await withHeading(lines, score, []);
    table.notes.push({ code: 'FORMAT', en: 'Read as XLSX.', vi: 'Đọc theo XLSX.' });
    return table;
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function* rowsOf(zip: Zip, sheetName: string | undefined): AsyncGenerator<RawRow> {
  try {
    const book = await workbook(zip);
    const sheet = book.sheets.find(({ name }) => sheetName === undefined || name === sheetName);
    if (!sheet)
      throw new FileRefused(
        'SHEET',
        `The workbook has no sheet "${sheetName}". It has: ${book.sheets.map(({ name }) => name).join(', ')}.`,
        `Bảng tính không có trang "${sheetName}". Các trang: ${book.sheets.map(({ name }) => name).join(', ')}.`,
      );
    const [shared, styles] = ['xl/sharedStrings.xml', 'xl/styles.xml'];
    const strings = zip.has(shared) ? await sharedStrings(await zip.text(shared)) : [];
    const dates = zip.has(styles) ? await dateStyles(await zip.text(styles)) : new Set<number>();
    const reader = new SheetReader(strings, dates, book.epoch);
    yield* walk(await zip.text(sheet.part), reader, () => reader.taken());
  } finally {
    zip.close();
  }
}

async function workbook(zip: Zip): Promise<Workbook> {
  const [main, links] = ['xl/workbook.xml', 'xl/_rels/workbook.xml.rels'];
  if (!zip.has(main) || !zip.has(links))
    throw new FileRefused(
      'XLSX',
      'The file is a ZIP and no XLSX workbook.',
      'Tệp là ZIP nhưng không phải bảng tính XLSX.',
    );
  const parts = new Map<string, string>();
  await walkAll(await zip.text(links), {
    open: ({ name, attributes: { Id, Target } }) => {
      if (name === 'Relationship' && Id && Target)
        parts.set(Id, Target.startsWith('/') ? Target.slice(1) : path.posix.join('xl', Target));
    },
  });
  const book: Workbook = { sheets: [], epoch: Date.UTC(1899, 11, 30) };
  await walkAll(await zip.text(main), {
    open: ({ name, attributes }) => {
      if (name === 'workbookPr' && /^(1|true)$/.test(attributes.date1904 ?? ''))
        book.epoch = Date.UTC(1904, 0, 1);
      const part = parts.get(attributes['r:id'] ?? '');
      if (name === 'sheet' && part) book.sheets.push({ name: attributes.name ?? '', part });
    },
  });
  return book;
}

const DAY_MS = 86_400_000;

/** Collects the rows of a sheet as its tags go by. */
class SheetReader {
  private rows: RawRow[] = [];
  private current: RawRow = { row: 0, values: [] };
  private column = 0;
  private kind = 'n';
  private style = 0;
  private value = '';
  private inValue = false;

  constructor(
    private readonly strings: readonly string[],
    private readonly dates: ReadonlySet<number>,
    private readonly epoch: number,
  ) {}

  taken(): RawRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  readonly open = ({ name, attributes }: { name: string; attributes: Record<string, string> }): void => {
    if (name === 'row') {
      const row = Number(attributes.r ?? this.current.row + 1);
      if (!Number.isInteger(row) || row < 1 || row > LIMITS.sheetRow)
        throw damaged(new Error(`"${attributes.r}" is no number of a row`));
      this.current = { row, values: [] };
    } else if (name === 'c') {
      this.column = attributes.r ? columnOf(attributes.r) : this.current.values.length;
      this.kind = attributes.t ?? 'n';
      this.style = Number(attributes.s ?? 0);
      this.value = '';
    } else if (name === 'v' || (name === 't' && this.kind === 'inlineStr')) this.inValue = true;
  };

  readonly text = (piece: string): void => {
    if (!this.inValue) return;
    this.value += piece;
    if (this.value.length > LIMITS.cellChars) throw hugeCell(this.current.row);
  };

  readonly close = (name: string): void => {
    if (name === 'v' || name === 't') this.inValue = false;
    else if (name === 'c') this.endCell();
    else if (name === 'row' && !isBlank(this.current.values)) this.rows.push(this.current);
  };

  private endCell(): void {
    const value = this.read();
    if (value === null || value === '') return;
    if (this.column >= LIMITS.columns) throw tooMany('columns', LIMITS.columns);
    while (this.current.values.length < this.column) this.current.values.push(null);
    this.current.values[this.column] = value;
  }

  private read(): string | number | boolean | null {
    const { kind, value } = this;
    if (value === '') return null;
    if (kind === 's') return this.strings[Number(value)] ?? null;
    if (kind === 'b') return value === '1';
    if (kind === 'd') return value.slice(0, 10);
    if (kind !== 'n') return cellText(value);
    const number = Number(value);
    if (!Number.isFinite(number)) return value;
    if (!this.dates.has(this.style)) return number;
    const at = new Date(this.epoch + Math.floor(number) * DAY_MS);
    return Number.isNaN(at.getTime()) ? number : at.toISOString().slice(0, 10);
  }
}

/** 0 for A1, 27 for AB7. */
function columnOf(reference: string): number {
  const letters = /^[A-Z]+/.exec(reference)?.[0] ?? 'A';
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
