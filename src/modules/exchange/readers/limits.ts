/** What a file may be. Whatever goes beyond is refused before it costs memory. */
export const LIMITS = {
  fileBytes: 200 * 1024 * 1024,
  cellChars: 1_000_000,
  columns: 500,
  rows: 200_000,
  /** Of an XLSX: what its parts hold when unpacked, how many they are, and how far a large one may be compressed. */
  unpackedBytes: 200 * 1024 * 1024,
  entries: 2_000,
  ratio: 200,
  ratioFromBytes: 10 * 1024 * 1024,
  sharedChars: 32_000_000,
  jsonDepth: 32,
  xmlDepth: 64,
  /** The last row that a table program can number. */
  sheetRow: 1_048_576,
  featureChars: 16_000_000,
} as const;

/** A file that cannot be read, and why, in both languages. */
export class FileRefused extends Error {
  constructor(
    readonly code: string,
    readonly en: string,
    readonly vi: string,
  ) {
    super(en);
  }
}

/** What every kind of file is read as. */
export interface Table {
  columns: string[];
  /** `row` is the number a person sees: of the line in a sheet (the heading counts), of the feature in GeoJSON. */
  rows: AsyncIterable<RawRow>;
  /** What was found out on the way, as a sentence in both languages. */
  notes: { code: string; en: string; vi: string }[];
}
export interface RawRow {
  row: number;
  values: unknown[];
}

/** Says how likely a line is the heading: how many of its cells are known column names. */
export type HeadingScore = (values: readonly unknown[]) => number;

const HEADING_WITHIN = 20;

/** Takes the heading off: the line among the first twenty with the most known names (titles often stand above it). */
export async function withHeading(
  lines: AsyncIterator<RawRow>,
  score: HeadingScore,
  notes: Table['notes'],
): Promise<Table> {
  const first: RawRow[] = [];
  while (first.length < HEADING_WITHIN) {
    const next = await lines.next();
    if (next.done) break;
    first.push(next.value);
  }
  const scores = first.map(({ values }) => score(values));
  const best = Math.max(0, ...scores);
  const at = best >= 2 ? scores.indexOf(best) : 0;
  const heading = first[at];
  if (!heading) throw new FileRefused('EMPTY', 'The file holds no rows.', 'Tệp không có dòng nào.');
  const columns = heading.values.map((value) => (typeof value === 'string' ? value.trim() : textOf(value)));
  while (columns.at(-1) === '') columns.pop();
  async function* rows(): AsyncGenerator<RawRow> {
    let count = 0;
    const counted = (line: RawRow): RawRow => {
      count += 1;
      if (count > LIMITS.rows) throw tooMany('rows', LIMITS.rows);
      return line;
    };
    for (const line of first.slice(at + 1)) yield counted(line);
    for (let next = await lines.next(); !next.done; next = await lines.next()) yield counted(next.value);
  }
  return { columns, rows: rows(), notes };
}

/** A cell as text, for a heading or a report. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value);
}

export function isBlank(values: readonly unknown[]): boolean {
  return values.every((value) => value === null || value === undefined || value === '');
}

export function tooMany(what: 'rows' | 'columns', most: number): FileRefused {
  const vi = what === 'rows' ? 'dòng' : 'cột';
  return new FileRefused('TOO_LARGE', `The file has more than ${most} ${what}.`, `Tệp có hơn ${most} ${vi}.`);
}

export function hugeCell(row: number): FileRefused {
  return new FileRefused(
    'HUGE_CELL',
    `Row ${row} has a cell of more than ${LIMITS.cellChars} characters (is a quotation mark not closed?).`,
    `Dòng ${row} có ô dài hơn ${LIMITS.cellChars} ký tự (có dấu nháy kép chưa đóng?).`,
  );
}

export function nulByte(): FileRefused {
  return new FileRefused(
    'NUL',
    'The file holds NUL characters: it is damaged, or no text.',
    'Tệp chứa ký tự NUL: tệp bị hỏng hoặc không phải văn bản.',
  );
}
