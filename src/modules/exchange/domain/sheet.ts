import { finding, type Finding } from './findings.js';
import { type FieldType, type OperatorNames, readValue } from './parse-value.js';
import { fold } from './text.js';

export type Field = FieldType & {
  key: string;
  /** Other headings, folded. The key itself, in words or not, is always one. */
  aliases: readonly string[];
  /** What the column is called in Vietnamese: as a heading it is always read. */
  titleVi?: string;
  /** The column must be there, and a new object must have a value. */
  required?: true;
};

/** What a resource looks like as a table. */
export interface Sheet {
  fields: readonly Field[];
  /** Columns that exports have for other programs, and that nothing is read from. */
  notRead?: readonly string[];
}

/** Which field each column is; null: not ours, and known to be. Undefined: not known. */
export type Mapping = Readonly<Record<string, string | null>>;

export interface Columns {
  /** By the place of the column. */
  fields: (Field | undefined)[];
  headings: string[];
  findings: Finding[];
}

/** Written into the file of corrections beside the row's own columns, and passed over when it comes back. */
export const CORRECTION_COLUMNS = ['Dòng gốc / Row', 'Lý do / Reasons'] as const;
const PASSED_OVER = new Set([...CORRECTION_COLUMNS.map(fold), 'stt', 'tt', 'no', 'fid', 'ogc fid', 'gid']);

function isPassedOver({ notRead = [] }: Sheet, heading: string): boolean {
  return PASSED_OVER.has(fold(heading)) || notRead.includes(heading);
}

function namesOf(field: Field): string[] {
  const words = field.key.replace(/([a-z])([A-Z])/g, '$1 $2');
  const title = field.titleVi === undefined ? [] : [fold(field.titleVi)];
  return [fold(field.key), fold(words), ...title, ...field.aliases];
}

/** The field that a heading means by itself: a unit in brackets does not matter. */
export function fieldOf(sheet: Sheet, heading: string): Field | undefined {
  const forms = new Set([fold(heading), fold(heading.replace(/[([].*$/, ''))]);
  return sheet.fields.find((field) => namesOf(field).some((name) => forms.has(name)));
}

export function headingScore(sheet: Sheet, mapping: Mapping, values: readonly unknown[]): number {
  return values.filter(
    (value) => typeof value === 'string' && (mapping[value.trim()] ?? fieldOf(sheet, value)) !== undefined,
  ).length;
}

/** Finds what each column is, first by the mapping, then by its name. A field is taken by one column only. */
export function mapColumns(sheet: Sheet, headings: readonly string[], mapping: Mapping): Columns {
  const findings: Finding[] = [];
  const taken = new Set<string>();
  const fields = headings.map((heading) => {
    const said = mapping[heading];
    if (heading === '' || said === null || (said === undefined && isPassedOver(sheet, heading)))
      return undefined;
    const field = said === undefined ? fieldOf(sheet, heading) : sheet.fields.find(({ key }) => key === said);
    if (field && !taken.has(field.key)) {
      taken.add(field.key);
      return field;
    }
    findings.push(
      finding(
        'warning',
        field
          ? {
              code: 'COLUMN_TWICE',
              en: `the column is a second ${field.key}; only the first is read`,
              vi: `cột này lặp lại ${field.key}; chỉ đọc cột đầu tiên`,
            }
          : {
              code: 'UNKNOWN_COLUMN',
              en: 'the column is not known and was not read; name it in the mapping',
              vi: 'cột không được biết đến nên không đọc; hãy khai báo trong ánh xạ (mapping)',
            },
        { column: heading },
      ),
    );
    return undefined;
  });
  for (const field of sheet.fields)
    if (field.required && !taken.has(field.key))
      findings.push(
        finding('error', {
          code: 'MISSING_COLUMN',
          en: `no column is ${field.key} (${[...field.aliases].slice(0, 3).join(', ')})`,
          vi: `thiếu cột ${field.key} (${[...field.aliases].slice(0, 3).join(', ')})`,
        }),
      );
  return { fields, headings: [...headings], findings };
}

export interface ParsedRow {
  row: number;
  /** By key; what the file has no column for, or could not be read, is not there. */
  values: Record<string, unknown>;
  /** Fields whose cell could not be read. */
  unread: Set<string>;
  findings: Finding[];
}

/** Reads a row by its columns. */
export function parseRow(
  columns: Columns,
  { row, values }: { row: number; values: readonly unknown[] },
  operators: OperatorNames,
): ParsedRow {
  const parsed: ParsedRow = { row, values: {}, unread: new Set(), findings: [] };
  columns.fields.forEach((field, i) => {
    if (!field) return;
    const raw = values[i];
    const { value, error, warning } = readValue(field, raw, operators);
    const at = { row, column: columns.headings[i] ?? null, value: raw };
    if (warning) parsed.findings.push(finding('warning', warning, at));
    if (error) {
      parsed.findings.push(finding('error', error, at));
      parsed.unread.add(field.key);
    } else parsed.values[field.key] = value;
  });
  return parsed;
}

/** The heading of a field in this file; the key where it has none. */
export function headingOf(columns: Columns, key: string): string {
  const at = columns.fields.findIndex((field) => field?.key === key);
  return columns.headings[at] ?? key;
}
