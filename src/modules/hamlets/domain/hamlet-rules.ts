import { isLonLat } from '../../../geo/index.js';

/** ấp (in a xã) and khu vực (in a phường or thị trấn). */
export const HAMLET_KINDS = ['ap', 'khu_vuc'] as const;
export type HamletKind = (typeof HAMLET_KINDS)[number];

/** Mobile signal as it was reported: there, weak (lõm sóng), none (trắng sóng). What nobody reported is null. */
export const HAMLET_SIGNALS = ['served', 'weak', 'none'] as const;
export type HamletSignal = (typeof HAMLET_SIGNALS)[number];

/** A hamlet with every field said; null is unknown. */
export interface HamletRecord {
  code: string;
  name: string;
  kind: HamletKind;
  /** Of the community house, WGS84 degrees. */
  lon: number;
  lat: number;
  households: number | null;
  population: number | null;
  signal: HamletSignal | null;
  /** The day, YYYY-MM-DD, and who, of the report on the signal. */
  signalReportedOn: string | null;
  signalSource: string | null;
  source: string | null;
  /** Custom attributes by name; what they may be the module `attributes` says. */
  attributes: Readonly<Record<string, string | number | boolean | string[]>>;
}

/** What must be said of a hamlet; the rest is unknown when left out. */
export type HamletInput = Pick<HamletRecord, 'code' | 'name' | 'kind' | 'lon' | 'lat'> &
  Partial<Omit<HamletRecord, 'attributes'>> & { attributes?: Readonly<Record<string, unknown>> };

/** A value that a rule refuses: which field, and what is right, in both languages. */
export interface Violation {
  field: string;
  code: string;
  en: string;
  vi: string;
}

const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MOST_PEOPLE = 1_000_000;

/** A hamlet with every field said; whatever else the input carries is left behind. */
export function hamletRecord(input: HamletInput): HamletRecord {
  return {
    code: input.code,
    name: input.name,
    kind: input.kind,
    lon: input.lon,
    lat: input.lat,
    households: input.households ?? null,
    population: input.population ?? null,
    signal: input.signal ?? null,
    signalReportedOn: input.signalReportedOn ?? null,
    signalSource: input.signalSource ?? null,
    source: input.source ?? null,
    attributes: inOrder(input.attributes ?? {}),
  };
}

function inOrder(given: Readonly<Record<string, unknown>>): HamletRecord['attributes'] {
  const known = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1))) as HamletRecord['attributes'];
}

export function isSameHamlet(a: HamletRecord, b: HamletRecord): boolean {
  return JSON.stringify(hamletRecord(a)) === JSON.stringify(hamletRecord(b));
}

/** Everything that is wrong with a hamlet taken by itself; empty when it can be stored. */
export function checkHamlet(hamlet: HamletRecord): Violation[] {
  const { code, kind, signal, signalReportedOn } = hamlet;
  const found: Violation[] = [];
  if (!CODE.test(code))
    found.push({
      field: 'code',
      code: 'PATTERN',
      en: 'code must be 1 to 64 letters a–z, digits, dots, hyphens or underscores, the first a letter or digit',
      vi: 'code phải gồm 1 đến 64 chữ cái a–z, chữ số, dấu chấm, gạch nối hoặc gạch dưới, bắt đầu bằng chữ hoặc số',
    });
  found.push(
    ...text('name', hamlet.name, 200),
    ...oneOf('kind', kind, HAMLET_KINDS),
    ...place(hamlet),
    ...count('households', hamlet.households),
    ...count('population', hamlet.population),
    ...oneOf('signal', signal, HAMLET_SIGNALS),
    ...text('signalSource', hamlet.signalSource, 500),
    ...text('source', hamlet.source, 500),
  );
  if (signalReportedOn !== null && !isDay(signalReportedOn))
    found.push({
      field: 'signalReportedOn',
      code: 'DATE',
      en: 'signalReportedOn must be a day of the calendar, YYYY-MM-DD',
      vi: 'signalReportedOn phải là một ngày có thật, dạng YYYY-MM-DD',
    });
  if (signal === null)
    for (const field of ['signalReportedOn', 'signalSource'] as const)
      if (hamlet[field] !== null)
        found.push({
          field,
          code: 'SIGNAL',
          en: `${field} is of a report on the signal: signal must be told as well`,
          vi: `${field} thuộc báo cáo sóng di động: phải có cả signal`,
        });
  return found;
}

/** Where on earth. Coordinates of Vietnam that were swapped are named as such. */
function place({ lon, lat }: HamletRecord): Violation[] {
  if (isLonLat(lon, lat)) return [];
  if (lon >= 8 && lon <= 24 && lat >= 102 && lat <= 118)
    return [
      {
        field: 'lat',
        code: 'SWAPPED',
        en: `lat ${lat} and lon ${lon} look swapped`,
        vi: `lat ${lat} và lon ${lon} có vẻ bị đổi chỗ cho nhau`,
      },
    ];
  return [['lon', lon, 180] as const, ['lat', lat, 90] as const]
    .filter(([, value, most]) => !(Math.abs(value) <= most))
    .map(([field, , most]) => ({
      field,
      code: 'RANGE',
      en: `${field} must be a number from -${most} to ${most} °`,
      vi: `${field} phải là số từ -${most} đến ${most} °`,
    }));
}

function text(field: string, value: string | null, maxLength: number): Violation[] {
  if (value === null || (value.trim() !== '' && value.length <= maxLength)) return [];
  return [
    {
      field,
      code: 'TEXT',
      en: `${field} must be 1 to ${maxLength} characters`,
      vi: `${field} phải có từ 1 đến ${maxLength} ký tự`,
    },
  ];
}

function oneOf(field: string, value: string | null, allowed: readonly string[]): Violation[] {
  if (value === null || allowed.includes(value)) return [];
  const list = allowed.join(', ');
  return [
    {
      field,
      code: 'ONE_OF',
      en: `${field} must be one of ${list}`,
      vi: `${field} phải là một trong: ${list}`,
    },
  ];
}

function count(field: string, value: number | null): Violation[] {
  if (value === null || (Number.isInteger(value) && value >= 0 && value <= MOST_PEOPLE)) return [];
  return [
    {
      field,
      code: 'COUNT',
      en: `${field} must be a whole number from 0 to ${MOST_PEOPLE}, or null when unknown`,
      vi: `${field} phải là số nguyên từ 0 đến ${MOST_PEOPLE}, hoặc null nếu chưa biết`,
    },
  ];
}

function isDay(value: string): boolean {
  if (!/^(19|2\d)\d\d-\d\d-\d\d$/.test(value)) return false;
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}
