import { DAY_MS, formatLocal, instantOf, localOf, parseLocal } from './local-time.js';

/** A sentence on what is wrong, in both languages. */
export interface Wrong {
  code: string;
  en: string;
  vi: string;
}

export const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

export interface WeekdayPart {
  /** The how-manieth of its month or year; negative counts from the end; 0 is every one. */
  nth: number;
  /** 0 is Monday. */
  weekday: number;
}

/**
 * A recurrence rule (RFC 5545, 3.3.10) as far as a programme needs it: days, never hours, so it has one time a day at most.
 * Lists are sorted and without repeats; an empty one says nothing.
 */
export interface Rule {
  frequency: Frequency;
  interval: number;
  /** The last moment that may be one, by the wall clock. */
  untilMs: number | null;
  count: number | null;
  /** 1 to 12 */
  months: number[];
  /** 1 to 31, and -31 to -1 from the end of the month */
  monthDays: number[];
  weekdays: WeekdayPart[];
  setPositions: number[];
  /** 0 is Monday. */
  weekStart: number;
}

export type RuleReading = { ok: true; rule: Rule } | { ok: false; wrong: Wrong };

const LONGEST_TEXT = 500;
const MOST_COUNT = 10_000;
const MOST_INTERVAL = 1_000;

/** Reads the value of an RRULE. What is not understood is refused, never left out: a rule half read plays at wrong times. */
export function parseRule(text: string): RuleReading {
  if (text.length > LONGEST_TEXT)
    return no('TOO_LONG', `has more than ${LONGEST_TEXT} characters`, `dài quá ${LONGEST_TEXT} ký tự`);
  const parts = new Map<string, string>();
  for (const part of text.toUpperCase().split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (name === '' || value === '' || rest.length > 0)
      return no('SYNTAX', `is not NAME=VALUE at "${part}"`, `không có dạng TÊN=GIÁ TRỊ tại "${part}"`);
    if (parts.has(name)) return no('TWICE', `says ${name} twice`, `ghi ${name} hai lần`);
    parts.set(name, value);
  }
  const rule: Rule = {
    frequency: 'DAILY',
    interval: 1,
    untilMs: null,
    count: null,
    months: [],
    monthDays: [],
    weekdays: [],
    setPositions: [],
    weekStart: 0,
  };
  if (!parts.has('FREQ')) return no('FREQ', 'must say FREQ', 'phải có FREQ');
  for (const [name, value] of parts) {
    const read = PARTS[name];
    if (!read)
      return no(
        'NOT_SUPPORTED',
        `says ${name}, which is not supported: a programme begins once a day at most, at the time of startsAt`,
        `có ${name}, không được hỗ trợ: chương trình bắt đầu nhiều nhất một lần mỗi ngày, vào giờ của startsAt`,
      );
    const wrong = read(rule, value);
    if (wrong) return { ok: false, wrong };
  }
  return checked(rule);
}

type PartReader = (rule: Rule, value: string) => Wrong | undefined;

const PARTS: Record<string, PartReader | undefined> = {
  FREQ: (rule, value) => {
    const frequency = FREQUENCIES.find((known) => known === value);
    if (!frequency)
      return wrong(
        'FREQ',
        `FREQ must be one of ${FREQUENCIES.join(', ')}`,
        `FREQ phải là một trong ${FREQUENCIES.join(', ')}`,
      );
    rule.frequency = frequency;
  },
  INTERVAL: (rule, value) => {
    const interval = wholeNumber(value, 1, MOST_INTERVAL);
    if (interval === undefined) return outside('INTERVAL', 1, MOST_INTERVAL);
    rule.interval = interval;
  },
  COUNT: (rule, value) => {
    const count = wholeNumber(value, 1, MOST_COUNT);
    if (count === undefined) return outside('COUNT', 1, MOST_COUNT);
    rule.count = count;
  },
  UNTIL: (rule, value) => {
    const untilMs = parseUntil(value);
    if (untilMs === undefined)
      return wrong(
        'UNTIL',
        'UNTIL must be a day or a time of the years 2000 to 2099, as 20271231, 20271231T235959 or 20271231T165959Z',
        'UNTIL phải là ngày hoặc thời điểm trong các năm 2000–2099, như 20271231, 20271231T235959 hoặc 20271231T165959Z',
      );
    rule.untilMs = untilMs;
  },
  BYMONTH: (rule, value) => {
    const months = numbers(value, 1, 12);
    if (!months || months.some((month) => month < 0)) return outside('BYMONTH', 1, 12);
    rule.months = months;
  },
  BYMONTHDAY: (rule, value) => {
    const days = numbers(value, 1, 31);
    if (!days) return outside('BYMONTHDAY', 1, 31, true);
    rule.monthDays = days;
  },
  BYSETPOS: (rule, value) => {
    const positions = numbers(value, 1, 366);
    if (!positions) return outside('BYSETPOS', 1, 366, true);
    rule.setPositions = positions;
  },
  BYDAY: (rule, value) => {
    const days = value.split(',').map(parseWeekday);
    if (days.some((day) => day === undefined) || days.length > 400)
      return wrong(
        'BYDAY',
        'BYDAY must list days as MO, TU, WE, TH, FR, SA, SU, where fitting with a number before, as 1MO or -1FR',
        'BYDAY phải liệt kê ngày dạng MO, TU, WE, TH, FR, SA, SU, khi phù hợp có số phía trước, như 1MO hoặc -1FR',
      );
    const known = new Map(days.flatMap((day) => (day ? [[day.nth * 7 + day.weekday, day] as const] : [])));
    rule.weekdays = [...known].sort(([a], [b]) => a - b).map(([, day]) => day);
  },
  WKST: (rule, value) => {
    const weekday = WEEKDAYS.findIndex((known) => known === value);
    if (weekday < 0) return wrong('WKST', 'WKST must be a day as MO', 'WKST phải là một ngày như MO');
    rule.weekStart = weekday;
  },
};

/** What the standard forbids between parts. */
function checked(rule: Rule): RuleReading {
  const { frequency, monthDays, weekdays, setPositions, months } = rule;
  if (rule.count !== null && rule.untilMs !== null)
    return no('COUNT_AND_UNTIL', 'may not have both COUNT and UNTIL', 'không được có cả COUNT và UNTIL');
  if (frequency === 'WEEKLY' && monthDays.length > 0)
    return no(
      'BYMONTHDAY',
      'may not have BYMONTHDAY with FREQ=WEEKLY',
      'không được có BYMONTHDAY cùng FREQ=WEEKLY',
    );
  if (weekdays.some(({ nth }) => nth !== 0) && frequency !== 'MONTHLY' && frequency !== 'YEARLY')
    return no(
      'BYDAY',
      'may number the days of BYDAY with FREQ=MONTHLY or YEARLY only',
      'chỉ được đánh số ngày trong BYDAY với FREQ=MONTHLY hoặc YEARLY',
    );
  if (weekdays.some(({ nth }) => nth !== 0) && monthDays.length > 0)
    return no(
      'BYDAY',
      'may not number the days of BYDAY beside BYMONTHDAY',
      'không được đánh số ngày trong BYDAY khi có BYMONTHDAY',
    );
  if (setPositions.length > 0 && monthDays.length + weekdays.length + months.length === 0)
    return no(
      'BYSETPOS',
      'must have another BY part for BYSETPOS',
      'phải có thêm một thành phần BY khác cho BYSETPOS',
    );
  return { ok: true, rule };
}

/** The value of an RRULE. UNTIL in UTC, as the standard wants it beside a start with a zone. */
export function formatRule(rule: Rule): string {
  const parts = [`FREQ=${rule.frequency}`];
  if (rule.interval !== 1) parts.push(`INTERVAL=${rule.interval}`);
  if (rule.months.length > 0) parts.push(`BYMONTH=${rule.months.join(',')}`);
  if (rule.monthDays.length > 0) parts.push(`BYMONTHDAY=${rule.monthDays.join(',')}`);
  if (rule.weekdays.length > 0) parts.push(`BYDAY=${rule.weekdays.map(weekdayText).join(',')}`);
  if (rule.setPositions.length > 0) parts.push(`BYSETPOS=${rule.setPositions.join(',')}`);
  if (rule.weekStart !== 0) parts.push(`WKST=${WEEKDAYS[rule.weekStart]}`);
  if (rule.count !== null) parts.push(`COUNT=${rule.count}`);
  if (rule.untilMs !== null)
    parts.push(`UNTIL=${formatLocal(instantOf(rule.untilMs)).replace(/[-:]/g, '')}Z`);
  return parts.join(';');
}

function weekdayText({ nth, weekday }: WeekdayPart): string {
  return `${nth === 0 ? '' : nth}${WEEKDAYS[weekday]}`;
}

const UNTIL = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/;

/** By the wall clock. A day alone counts to its end. */
function parseUntil(value: string): number | undefined {
  const parts = UNTIL.exec(value);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, utc] = parts;
  if (hour === undefined) {
    const midnight = parseLocal(`${year}-${month}-${day}T00:00:00`);
    return midnight === undefined ? undefined : midnight + DAY_MS - 1000;
  }
  const written = parseLocal(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
  if (written === undefined) return undefined;
  return utc === 'Z' ? localOf(written) : written;
}

function parseWeekday(text: string): WeekdayPart | undefined {
  const parts = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text);
  if (!parts) return undefined;
  const nth = parts[1] === undefined ? 0 : Number(parts[1]);
  if (parts[1] !== undefined && (nth === 0 || Math.abs(nth) > 53)) return undefined;
  return { nth, weekday: WEEKDAYS.findIndex((known) => known === parts[2]) };
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  if (!/^\d{1,6}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

/** Of a list with signs; sorted, without repeats. */
function numbers(text: string, least: number, most: number): number[] | undefined {
  const found = new Set<number>();
  for (const item of text.split(',')) {
    if (!/^[+-]?\d{1,3}$/.test(item)) return undefined;
    const value = Number(item);
    if (Math.abs(value) < least || Math.abs(value) > most) return undefined;
    found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function wrong(code: string, en: string, vi: string): Wrong {
  return { code, en, vi };
}

function no(code: string, en: string, vi: string): RuleReading {
  return { ok: false, wrong: { code, en, vi } };
}

function outside(name: string, least: number, most: number, signed = false): Wrong {
  const also = signed ? { en: ', or the same negative', vi: ', hoặc số âm tương ứng' } : { en: '', vi: '' };
  return {
    code: name,
    en: `${name} must be from ${least} to ${most}${also.en}`,
    vi: `${name} phải từ ${least} đến ${most}${also.vi}`,
  };
}
