import { parseRule } from '../domain/rule.js';
import { namedByRule } from '../domain/recurrence.js';
import { canonicalSchedule, checkSchedule, type Schedule } from '../domain/schedule.js';
import { openCalendar, type CalendarProblem, type RawEvent, type RawProperty } from './calendar-file.js';
import { toVietNam, zoneOf, type Zone } from './zones.js';

/** A programme as a calendar file tells it. */
export interface CalendarProgramme {
  uid: string;
  title: string;
  class: 'NORMAL' | 'PRIORITY';
  schedule: Schedule;
}

export interface CalendarReading {
  programmes: CalendarProgramme[];
  /** What of the file was not understood. An event with a problem is no programme. */
  problems: CalendarProblem[];
}

const LONGEST_TITLE = 200;

/**
 * The programmes of an iCalendar file (RFC 5545). Times of other zones become times of Việt Nam; floating times are taken
 * as such. Cancelled events are left out. What cannot be said as a schedule is refused: all-day events, RDATE, rules
 * by the hour, THISANDFUTURE, and rules of other zones whose days would be other days here.
 */
export function readCalendar(text: string): CalendarReading {
  const file = openCalendar(text);
  if (!file.ok) return { programmes: [], problems: [file.problem] };
  const reading: CalendarReading = { programmes: [], problems: [] };
  for (const { master, exceptions } of bySeries(file.events, reading.problems)) {
    try {
      const programme = programmeOf(master, exceptions);
      if (programme) reading.programmes.push(programme);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      reading.problems.push(...error.problems);
    }
  }
  return reading;
}

class NotUnderstood extends Error {
  constructor(readonly problems: CalendarProblem[]) {
    super(problems.map((p) => p.en).join('; '));
  }
}

interface SeriesOfEvents {
  master: RawEvent;
  exceptions: RawEvent[];
}

/** Events of one UID belong together: the series and its moved occurrences, in any order. */
function bySeries(events: readonly RawEvent[], problems: CalendarProblem[]): SeriesOfEvents[] {
  const series = new Map<string, SeriesOfEvents>();
  const exceptions: [string, RawEvent][] = [];
  for (const event of events) {
    const uid = event.first('uid')?.values[0] ?? '';
    if (uid === '') problems.push(problem(event, 'NO_UID', 'the event has no UID', 'sự kiện không có UID'));
    else if (event.first('recurrence-id')) exceptions.push([uid, event]);
    else if (series.has(uid))
      problems.push(
        problem(event, 'TWICE', 'another event has the same UID', 'một sự kiện khác có cùng UID'),
      );
    else series.set(uid, { master: event, exceptions: [] });
  }
  for (const [uid, event] of exceptions) {
    const known = series.get(uid);
    if (known) known.exceptions.push(event);
    else
      problems.push(
        problem(
          event,
          'NO_SERIES',
          'the event is an exception of a series that the file does not have',
          'sự kiện là ngoại lệ của một chuỗi không có trong tệp',
        ),
      );
  }
  return [...series.values()];
}

/** Undefined when it is cancelled. @throws NotUnderstood */
function programmeOf(master: RawEvent, exceptions: readonly RawEvent[]): CalendarProgramme | undefined {
  if (isCancelled(master)) return undefined;
  for (const name of ['rdate', 'exrule'])
    if (master.first(name))
      fail(
        master,
        'NOT_SUPPORTED',
        `${name.toUpperCase()} is not supported: make each such date an event of its own`,
        `không hỗ trợ ${name.toUpperCase()}: hãy tạo sự kiện riêng cho từng ngày đó`,
      );
  const start = startOf(master);
  const startsAt = localTime(master, 'DTSTART', start, start.values[0]);
  const rrule = ruleOf(master, start, startsAt);
  const series: Schedule = { startsAt, rrule, exdates: [], overrides: [] };
  check(master, series);
  const schedule = withExceptions(master, series, exceptions);
  check(master, schedule);
  return {
    uid: master.first('uid')?.values[0] ?? '',
    title: titleOf(master),
    class: classOf(master),
    schedule: canonicalSchedule(schedule),
  };
}

function withExceptions(master: RawEvent, series: Schedule, exceptions: readonly RawEvent[]): Schedule {
  const gone = new Set<string>();
  for (const property of master.all('exdate'))
    for (const value of property.values)
      gone.add(
        property.type === 'date'
          ? `${value}${series.startsAt.slice(10)}`
          : localTime(master, 'EXDATE', property, value),
      );
  const overrides: Schedule['overrides'] = [];
  for (const exception of exceptions) {
    const id = exception.first('recurrence-id');
    if (!id) continue;
    if (id.range !== undefined)
      fail(exception, 'NOT_SUPPORTED', 'RANGE is not supported', 'không hỗ trợ RANGE');
    const recurrenceId = localTime(exception, 'RECURRENCE-ID', id, id.values[0]);
    const start = startOf(exception);
    if (isCancelled(exception)) gone.add(recurrenceId);
    else
      overrides.push({
        recurrenceId,
        startsAt: localTime(exception, 'DTSTART', start, start.values[0]),
      });
  }
  // By the standard, an EXDATE at which nothing takes place means nothing: programs leave them when a series is shortened.
  const exdates = namedByRule(series, [...gone]);
  // An occurrence left where it was, with another title say, is no exception of the schedule.
  return { ...series, exdates, overrides: overrides.filter((o) => o.startsAt !== o.recurrenceId) };
}

function ruleOf(event: RawEvent, start: RawProperty, startsAt: string): string | null {
  const rules = event.all('rrule');
  const text = rules[0]?.values[0];
  if (text === undefined) return null;
  if (rules.length > 1)
    fail(event, 'NOT_SUPPORTED', 'there is more than one RRULE', 'có nhiều hơn một RRULE');
  const reading = parseRule(text);
  const zone = zoneOfProperty(event, 'DTSTART', start, start.values[0] ?? '');
  if (!reading.ok || zone.kind === 'LOCAL') return text;
  const { frequency, weekdays, months, monthDays } = reading.rule;
  const sameDay = startsAt.slice(0, 10) === start.values[0]?.slice(0, 10);
  const onlyCounts =
    (frequency === 'DAILY' || frequency === 'WEEKLY') &&
    weekdays.length + months.length + monthDays.length === 0;
  if (zone.kind === 'OTHER' || !(sameDay || onlyCounts))
    fail(
      event,
      'ZONE',
      'a repeated event must be in the time of Asia/Ho_Chi_Minh: its days in another zone are not the same days here',
      'sự kiện lặp lại phải theo giờ Asia/Ho_Chi_Minh: ngày ở múi giờ khác không trùng ngày ở đây',
    );
  return text;
}

function startOf(event: RawEvent): RawProperty {
  const start = event.first('dtstart');
  if (!start) fail(event, 'NO_START', 'the event has no DTSTART', 'sự kiện không có DTSTART');
  if (start.type !== 'date-time')
    fail(
      event,
      'ALL_DAY',
      'the event lasts all day: a programme begins at a time',
      'sự kiện cả ngày: chương trình phải có giờ bắt đầu',
    );
  return start;
}

function localTime(event: RawEvent, name: string, property: RawProperty, value = ''): string {
  const zone = zoneOfProperty(event, name, property, value);
  const local = toVietNam(value.replace(/Z$/, ''), zone);
  if (local === undefined)
    fail(
      event,
      'TIME',
      `${name} is not a time of the years 2000 to 2099: "${value.slice(0, 40)}"`,
      `${name} không phải là thời điểm trong các năm 2000–2099: "${value.slice(0, 40)}"`,
    );
  return local;
}

function zoneOfProperty(event: RawEvent, name: string, property: RawProperty, value: string): Zone {
  if (value.endsWith('Z')) return { kind: 'UTC' };
  const zone = zoneOf(property.tzid);
  if (!zone) {
    const tzid = property.tzid?.slice(0, 100);
    fail(
      event,
      'ZONE',
      `${name} is in a zone that is not known: ${tzid}`,
      `${name} thuộc múi giờ không rõ: ${tzid}`,
    );
  }
  return zone;
}

function titleOf(event: RawEvent): string {
  const title = (event.first('summary')?.values[0] ?? '').normalize('NFC').replace(/\s+/g, ' ').trim();
  if (title === '' || title.length > LONGEST_TITLE || /\p{Cc}/u.test(title))
    fail(
      event,
      'TITLE',
      `SUMMARY must have 1 to ${LONGEST_TITLE} characters, without control characters`,
      `SUMMARY phải có từ 1 đến ${LONGEST_TITLE} ký tự, không có ký tự điều khiển`,
    );
  return title;
}

/** By CATEGORIES, in which calendars keep what they do not know. */
function classOf(event: RawEvent): 'NORMAL' | 'PRIORITY' {
  const named = event
    .all('categories')
    .flatMap((property) => property.values.map((v) => v.trim().toUpperCase()));
  if (named.includes('EMERGENCY'))
    fail(
      event,
      'CLASS',
      'an EMERGENCY is not planned by a calendar',
      'bản tin khẩn cấp không được lên lịch trước',
    );
  return named.includes('PRIORITY') ? 'PRIORITY' : 'NORMAL';
}

function isCancelled(event: RawEvent): boolean {
  return event.first('status')?.values[0]?.toUpperCase() === 'CANCELLED';
}

function check(event: RawEvent, schedule: Schedule): void {
  const problems = checkSchedule(schedule);
  if (problems.length > 0)
    throw new NotUnderstood(problems.map(({ code, en, vi }) => problem(event, code, en, vi)));
}

function fail(event: RawEvent, code: string, en: string, vi: string): never {
  throw new NotUnderstood([problem(event, code, en, vi)]);
}

function problem({ field }: RawEvent, code: string, en: string, vi: string): CalendarProblem {
  return { field, code, en, vi };
}
