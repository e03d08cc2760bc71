import type { Said } from './findings.js';
import { markedText } from './neutral-text.js';
import { parseQuarter } from './parse-quarter.js';
import { fold, isNullLike } from './text.js';

export type Unit = 'MHz' | 'm' | 'deg' | 'coordinate' | 'households' | '';

/** What the cells of a column are. */
export type FieldType =
  | { type: 'text' }
  | { type: 'number'; unit: Unit; whole?: boolean }
  | { type: 'boolean' }
  | { type: 'date' }
  | { type: 'quarter' }
  | { type: 'choice'; choices: Readonly<Record<string, readonly string[]>> }
  | { type: 'operator' }
  | { type: 'operators' }
  | { type: 'names' }
  | { type: 'geometry' };

export interface Read {
  /** Null where the cell means nothing; undefined where it cannot be read. */
  value: unknown;
  error?: Said;
  /** The value was taken, and somebody should look at it. */
  warning?: Said;
}

/** What operators are called, folded, to their codes. */
export type OperatorNames = ReadonlyMap<string, string>;

/** Reads one cell as a person means it: decimal commas, days first, "không có", and units that are written out. */
export function readValue(field: FieldType, raw: unknown, operators: OperatorNames): Read {
  if (field.type === 'boolean') return readBoolean(raw);
  if (isNothing(raw)) return { value: null };
  switch (field.type) {
    case 'text':
      return { value: plainText(raw) };
    case 'number':
      return readNumber(field, raw);
    case 'date':
      return readDate(raw);
    case 'quarter':
      return readQuarter(plainText(raw));
    case 'choice':
      return readChoice(field.choices, raw);
    case 'operator':
      return readOperator(plainText(raw), operators);
    case 'operators':
      return readOperators(raw, operators);
    case 'names':
      return { value: listOf(raw) };
    case 'geometry':
      return readGeometry(raw);
  }
}

/** A marked "không có" is those words. */
function isNothing(raw: unknown): boolean {
  return isNullLike(raw) && !(typeof raw === 'string' && markedText(raw) !== undefined);
}

/** The text of a cell: exactly what stands behind a mark, or what a person means. */
function plainText(raw: unknown): string {
  const text = typeof raw === 'string' ? raw : JSON.stringify(raw);
  return markedText(text) ?? text.trim();
}

function listOf(raw: unknown): string[] {
  const items = plainText(raw)
    .split(/[;,|/+\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return [...new Set(items)];
}

const UNITS: readonly [RegExp, Unit, number, string][] = [
  [/^(.*?)\s*ghz$/i, 'MHz', 1000, 'GHz'],
  [/^(.*?)\s*mhz$/i, 'MHz', 1, 'MHz'],
  [/^(.*?)\s*khz$/i, 'MHz', 0.001, 'kHz'],
  [/^(.*?)\s*(?:ft|feet|foot|')$/i, 'm', 0.3048, 'ft'],
  [/^(.*?)\s*cm$/i, 'm', 0.01, 'cm'],
  [/^(.*?)\s*(?:m|mét|met)$/i, 'm', 1, 'm'],
  [/^(.*?)\s*(?:°|độ|deg)$/i, 'deg', 1, '°'],
];

function readNumber(field: FieldType & { type: 'number' }, raw: unknown): Read {
  const text = plainText(raw);
  if (field.unit === 'households' && isShare(raw, text))
    return refused(
      'UNIT',
      `${cut(text)} is a share; the number of households is asked for`,
      `${cut(text)} là tỷ lệ; cần ghi số hộ`,
    );
  const found = UNITS.map(([pattern, unit, factor, name]) => ({
    match: pattern.exec(text),
    unit,
    factor,
    name,
  })).find(({ match, unit }) => match !== null && unit === field.unit);
  const bare = typeof raw === 'number' ? raw : parseNumber(found?.match?.[1] ?? text, field.whole === true);
  const number = bare ?? (field.unit === 'coordinate' ? parseDms(text) : undefined);
  if (number === undefined)
    return refused('NUMBER', `"${cut(text)}" is not a number`, `"${cut(text)}" không phải là số`);
  const value = found ? round(number * found.factor) : number;
  return { value, ...unitDoubt(field.unit, value, found) };
}

/** 76 %, 0.76 or 0,765: a part of the households, not their number. */
function isShare(raw: unknown, text: string): boolean {
  if (/%|\bphần trăm|\bpercent/i.test(text)) return true;
  return typeof raw === 'number' ? !Number.isInteger(raw) : /^0[.,]\d*[1-9]\d*$/.test(text);
}

function readQuarter(text: string): Read {
  const value = parseQuarter(text);
  if (value !== undefined) return { value };
  return refused(
    'QUARTER',
    `"${cut(text)}" is not a quarter of a year (2026-Q1, Q1 2026, Quý 1/2026)`,
    `"${cut(text)}" không phải là quý của năm (2026-Q1, Q1 2026, Quý 1/2026)`,
  );
}

/** A number in another unit than the column's: converted where the unit is written, refused where it only looks so. */
function unitDoubt(
  unit: Unit,
  value: number,
  found: { factor: number; name: string } | undefined,
): Pick<Read, 'error' | 'warning'> {
  if (found && found.factor !== 1)
    return {
      warning: {
        code: 'UNIT',
        en: `given in ${found.name}, taken as ${value} ${unit}`,
        vi: `ghi theo ${found.name}, đã đổi thành ${value} ${unit}`,
      },
    };
  if (unit === 'MHz' && value > 0 && value < 100)
    return refused('UNIT', `${value} MHz looks like GHz`, `${value} MHz có vẻ là GHz`);
  if (unit === 'households' && value < 0)
    return refused('NEGATIVE', `there cannot be ${value} households`, `không thể có ${value} hộ`);
  if (unit === 'm' && value < 0)
    return refused('NEGATIVE', `a height cannot be ${value} m`, `chiều cao không thể là ${value} m`);
  if (unit === 'm' && value > 100 && value <= 350)
    return {
      warning: {
        code: 'UNIT',
        en: `${value} m is unusually high: feet would be ${round(value * 0.3048)} m`,
        vi: `${value} m cao bất thường: nếu là feet thì bằng ${round(value * 0.3048)} m`,
      },
    };
  return {};
}

/**
 * A number written the Vietnamese way (1.234,5) or the English (1,234.5). One comma or one dot alone is a decimal sign,
 * except that a whole number with three digits behind it has a thousands mark.
 */
export function parseNumber(text: string, whole: boolean): number | undefined {
  let bare = text.replace(/[\s\u00a0\u202f]/g, '').replace(/^−/, '-');
  if (!/^[-+]?[\d.,]*\d[\d.,]*(e[-+]?\d+)?$/i.test(bare)) return undefined;
  const [dots, commas] = [bare.split('.').length - 1, bare.split(',').length - 1];
  if (dots > 0 && commas > 0) {
    const [thousands, decimal] = bare.lastIndexOf(',') > bare.lastIndexOf('.') ? ['.', ','] : [',', '.'];
    if (bare.split(decimal).length > 2) return undefined;
    bare = bare.replaceAll(thousands, '').replace(decimal, '.');
  } else if (dots + commas > 0) {
    const sign = dots > 0 ? '.' : ',';
    const grouped = /^[-+]?\d{1,3}([.,]\d{3})+$/.test(bare);
    if (dots + commas > 1 || (whole && grouped)) {
      if (!grouped) return undefined;
      bare = bare.replaceAll(sign, '');
    } else bare = bare.replace(sign, '.');
  }
  const value = Number(bare);
  return Number.isFinite(value) ? value : undefined;
}

/** 9°47'12.5"N */
function parseDms(text: string): number | undefined {
  const match = /^(\d{1,3})\s*[°ºd]\s*(\d{1,2})\s*['’′]\s*([\d.,]+)?\s*(?:["”″]|'')?\s*([NSEWBĐTD])?$/i.exec(
    text,
  );
  if (!match) return undefined;
  const [, degrees, minutes, seconds = '0', side = ''] = match;
  const value = Number(degrees) + Number(minutes) / 60 + Number(seconds.replace(',', '.')) / 3600;
  return round(/[SWT]/i.test(side) ? -value : value);
}

/** Excel counts days from 1899-12-30 (ECMA-376 part 1, 18.17.4.1). */
const EXCEL_EPOCH = Date.UTC(1899, 11, 30);
const DAY_MS = 86_400_000;

function readDate(raw: unknown): Read {
  const text = plainText(raw);
  const serial = typeof raw === 'number' || /^\d{5}(\.\d+)?$/.test(text) ? Number(text) : undefined;
  if (serial !== undefined && serial >= 18_000 && serial < 80_000)
    return { value: new Date(EXCEL_EPOCH + Math.floor(serial) * DAY_MS).toISOString().slice(0, 10) };
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/.exec(text);
  const local = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?$/.exec(text);
  const [year, month, day] = iso ? iso.slice(1) : local ? local.slice(1).reverse() : [];
  if (year && month && day) {
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    const at = new Date(`${date}T00:00:00Z`);
    if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(date)) return { value: date };
  }
  return refused(
    'DATE',
    `"${cut(text)}" is not a day of the calendar (dd/mm/yyyy or yyyy-mm-dd)`,
    `"${cut(text)}" không phải ngày có thật (dd/mm/yyyy hoặc yyyy-mm-dd)`,
  );
}

const YES = new Set('co|yes|y|x|true|1|dung'.split('|'));
const NO = new Set('khong|khong co|no|n|false|0|sai'.split('|'));

function readBoolean(raw: unknown): Read {
  if (typeof raw === 'boolean') return { value: raw };
  const text = raw === null || raw === undefined ? '' : plainText(raw);
  const word = fold(text);
  if (YES.has(word)) return { value: true };
  if (NO.has(word)) return { value: false };
  if (isNothing(raw)) return { value: null };
  return refused(
    'YES_NO',
    `"${cut(text)}" is neither yes (có) nor no (không)`,
    `"${cut(text)}" không phải có (yes) hay không (no)`,
  );
}

function readChoice(choices: Readonly<Record<string, readonly string[]>>, raw: unknown): Read {
  const text = plainText(raw);
  const word = fold(text);
  for (const [value, names] of Object.entries(choices))
    if (fold(value) === word || names.includes(word)) return { value };
  const list = Object.keys(choices).join(', ');
  return refused('CHOICE', `"${cut(text)}" is none of ${list}`, `"${cut(text)}" không thuộc: ${list}`);
}

function readOperator(text: string, operators: OperatorNames): Read {
  const code = operators.get(fold(text));
  if (code !== undefined) return { value: code };
  const list = [...new Set(operators.values())].join(', ');
  return refused(
    'OPERATOR',
    `there is no operator "${cut(text)}"; known are ${list}`,
    `không có nhà mạng "${cut(text)}"; hiện có: ${list}`,
  );
}

function readOperators(raw: unknown, operators: OperatorNames): Read {
  const codes: string[] = [];
  for (const item of listOf(raw)) {
    const { value, error } = readOperator(item, operators);
    if (error) return { value: undefined, error };
    codes.push(value as string);
  }
  return { value: [...new Set(codes)] };
}

function readGeometry(raw: unknown): Read {
  if (typeof raw === 'object') return { value: raw };
  try {
    return { value: JSON.parse(plainText(raw)) as unknown };
  } catch {
    return refused('GEOMETRY', 'the boundary is no GeoJSON', 'ranh giới không phải là GeoJSON');
  }
}

function refused(code: string, en: string, vi: string): Read & { error: Said } {
  return { value: undefined, error: { code, en, vi } };
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function round(value: number): number {
  return Math.round(value * 1e7) / 1e7;
}
