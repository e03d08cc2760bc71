import ICAL from 'ical.js';

/** What is wrong with a calendar file, and with which of its events. */
export interface CalendarProblem {
  /** `file`, or the event by its place in the file and its UID: `events.0 (a@b)`. */
  field: string;
  code: string;
  en: string;
  vi: string;
}

/** A property as it was written, its value not interpreted. */
export interface RawProperty {
  tzid: string | undefined;
  /** RECURRENCE-ID only: whether all following are meant too. */
  range: string | undefined;
  /** `date-time`, `date`, `text` … */
  type: string;
  /** `2027-02-06T05:00:00`, with Z when UTC; `2027-02-06`; a rule as `FREQ=DAILY;COUNT=3`. */
  values: string[];
}

/** One VEVENT. */
export interface RawEvent {
  field: string;
  all: (name: string) => RawProperty[];
  first: (name: string) => RawProperty | undefined;
}

export type CalendarFile = { ok: true; events: RawEvent[] } | { ok: false; problem: CalendarProblem };

export const MOST_CALENDAR_CHARACTERS = 512 * 1024;
const MOST_LINES = 20_000;
const MOST_EVENTS = 500;

/** Takes a file apart, as RFC 5545 writes it. What is too large is refused before it is read. */
export function openCalendar(text: string): CalendarFile {
  if (text.length > MOST_CALENDAR_CHARACTERS)
    return refused(
      'TOO_LARGE',
      `the calendar has more than ${MOST_CALENDAR_CHARACTERS} characters`,
      `tệp lịch dài quá ${MOST_CALENDAR_CHARACTERS} ký tự`,
    );
  if (countLines(text) > MOST_LINES)
    return refused(
      'TOO_LARGE',
      `the calendar has more than ${MOST_LINES} lines`,
      `tệp lịch có hơn ${MOST_LINES} dòng`,
    );
  const read = parse(text);
  if (typeof read === 'string')
    return refused(
      'UNREADABLE',
      `the file is no calendar that can be read: ${read}`,
      `tệp không phải là lịch đọc được: ${read}`,
    );
  const events = read.flatMap((calendar) => calendar.getAllSubcomponents('vevent'));
  if (events.length === 0)
    return refused('NO_EVENTS', 'the calendar has no events', 'tệp lịch không có sự kiện nào');
  if (events.length > MOST_EVENTS)
    return refused(
      'TOO_MANY',
      `the calendar has ${events.length} events; ${MOST_EVENTS} are allowed`,
      `tệp lịch có ${events.length} sự kiện; chỉ cho phép ${MOST_EVENTS}`,
    );
  return { ok: true, events: events.map(rawEvent) };
}

/** The calendars of a file, or why there are none. */
function parse(text: string): ICAL.Component[] | string {
  try {
    const parsed = ICAL.parse(text.replace(/^\uFEFF/, '')) as unknown[];
    const calendars = typeof parsed[0] === 'string' ? [parsed] : (parsed as unknown[][]);
    const components = calendars.map((each) => new ICAL.Component(each));
    const stranger = components.find((component) => component.name !== 'vcalendar');
    if (stranger) return `BEGIN:${stranger.name.slice(0, 40).toUpperCase()}`;
    return components.length === 0 ? 'BEGIN:VCALENDAR' : components;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 200) : 'unknown';
  }
}

function rawEvent(event: ICAL.Component, index: number): RawEvent {
  const all = (name: string) => event.getAllProperties(name).map(rawProperty);
  const first = (name: string) => all(name)[0];
  const uid = first('uid')?.values[0];
  return { field: `events.${index}${uid === undefined ? '' : ` (${uid.slice(0, 100)})`}`, all, first };
}

/** From jCal (RFC 7265): name, parameters, type, values. */
function rawProperty(property: ICAL.Property): RawProperty {
  const [, parameters, type, ...values] = property.jCal as [
    string,
    Record<string, unknown>,
    string,
    ...unknown[],
  ];
  return {
    tzid: asText(parameters['tzid']),
    range: asText(parameters['range']),
    type,
    values: values.map((value) => (type === 'recur' ? ruleText(value) : String(value))),
  };
}

function ruleText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, each]) => {
      return `${name.toUpperCase()}=${ruleValue(name, String(each))}`;
    })
    .join(';');
}

/** jCal has the first day of the week as a number, 1 for Sunday, and an end with dashes and colons. */
function ruleValue(name: string, text: string): string {
  if (name === 'until') return text.replace(/[-:]/g, '');
  if (name === 'wkst') return ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'][Number(text) - 1] ?? text;
  return text;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function refused(code: string, en: string, vi: string): CalendarFile {
  return { ok: false, problem: { field: 'file', code, en, vi } };
}
