import fc from 'fast-check';
import ICAL from 'ical.js';
import { anySchedule } from '../../../../test/support/schedules.js';
import { occurrencesBetween } from '../domain/recurrence.js';
import { canonicalSchedule, type Schedule } from '../domain/schedule.js';
import { calendarText, type CalendarEntry } from './calendar-text.js';
import { readCalendar } from './read-calendar.js';

function fileOf(...events: string[][]): string {
  const lines = events.flatMap((event) => ['BEGIN:VEVENT', 'SUMMARY:Bản tin sáng', ...event, 'END:VEVENT']);
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}
const ONE = ['UID:a@b', 'DTSTART;TZID=Asia/Ho_Chi_Minh:20270201T050000'];
const DAILY = [...ONE, 'RRULE:FREQ=DAILY;COUNT=5'];
const scheduleIn = (text: string) => {
  const { programmes, problems } = readCalendar(text);
  expect(problems).toEqual([]);
  expect(programmes).toHaveLength(1);
  return programmes[0]!.schedule;
};
const codesIn = (text: string) => {
  const { programmes, problems } = readCalendar(text);
  for (const { en, vi } of problems) expect(vi === '' || vi === en).toBe(false);
  return [programmes.length, ...problems.map((p) => `${p.field} ${p.code}`)];
};

describe('readCalendar', () => {
  it('reads a series with exceptions, in any order', () => {
    const moved = [
      'UID:a@b',
      'RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20270203T050000',
      'DTSTART;TZID=Asia/Ho_Chi_Minh:20270203T170000',
    ];
    const cancelled = [
      'UID:a@b',
      'RECURRENCE-ID:20270203T220000Z',
      'DTSTART:20270203T220000Z',
      'STATUS:CANCELLED',
    ];
    const series = [...DAILY, 'EXDATE;VALUE=DATE:20270202', 'CATEGORIES:Thông tin,priority'];
    const text = fileOf(moved, series, cancelled);
    expect(readCalendar(text)).toEqual({
      programmes: [
        {
          uid: 'a@b',
          title: 'Bản tin sáng',
          class: 'PRIORITY',
          schedule: {
            startsAt: '2027-02-01T05:00:00',
            rrule: 'FREQ=DAILY;COUNT=5',
            exdates: ['2027-02-02T05:00:00', '2027-02-04T05:00:00'],
            overrides: [{ recurrenceId: '2027-02-03T05:00:00', startsAt: '2027-02-03T17:00:00' }],
          },
        },
      ],
      problems: [],
    });
  });

  it.each([
    ['floating', 'DTSTART:20270201T050000', '2027-02-01T05:00:00'],
    ['UTC', 'DTSTART:20270131T220000Z', '2027-02-01T05:00:00'],
    ['the same clocks by another name', 'DTSTART;TZID=Asia/Saigon:20270201T050000', '2027-02-01T05:00:00'],
    ['Windows', 'DTSTART;TZID="SE Asia Standard Time":20270201T050000', '2027-02-01T05:00:00'],
    ['Evolution', 'DTSTART;TZID=/x.org/Asia/Ho_Chi_Minh:20270201T050000', '2027-02-01T05:00:00'],
    ['Tokyo', 'DTSTART;TZID=Asia/Tokyo:20270201T050000', '2027-02-01T03:00:00'],
    ['Paris in winter', 'DTSTART;TZID=Europe/Paris:20270201T050000', '2027-02-01T11:00:00'],
    ['Paris in summer', 'DTSTART;TZID=europe/paris:20270701T050000', '2027-07-01T10:00:00'],
    // 28 March 2027, 02:00 to 03:00 does not exist; 31 October 02:00 to 03:00 is there twice.
    ['an hour passed over', 'DTSTART;TZID=Europe/Paris:20270328T023000', '2027-03-28T08:30:00'],
    ['an hour shown twice', 'DTSTART;TZID=Europe/Paris:20271031T023000', '2027-10-31T07:30:00'],
    ['the very second before', 'DTSTART;TZID=Europe/Paris:20270328T015959', '2027-03-28T07:59:59'],
    ['the very second after', 'DTSTART;TZID=Europe/Paris:20270328T030000', '2027-03-28T08:00:00'],
    [
      'the hour after the one shown twice',
      'DTSTART;TZID=Europe/Paris:20271031T030000',
      '2027-10-31T09:00:00',
    ],
  ])('takes a time of %s', (_name, start, local) => {
    expect(scheduleIn(fileOf(['UID:a@b', start])).startsAt).toBe(local);
  });

  it('takes a rule in UTC while its days are the same days here', () => {
    const rule = (start: string, rrule: string) => fileOf(['UID:a@b', `DTSTART:${start}`, `RRULE:${rrule}`]);
    expect(scheduleIn(rule('20270201T100000Z', 'FREQ=WEEKLY;BYDAY=MO'))).toMatchObject({
      startsAt: '2027-02-01T17:00:00',
      rrule: 'FREQ=WEEKLY;BYDAY=MO',
    });
    expect(scheduleIn(rule('20270131T220000Z', 'FREQ=DAILY;UNTIL=20270202T220000Z'))).toMatchObject({
      startsAt: '2027-02-01T05:00:00',
      rrule: 'FREQ=DAILY;UNTIL=20270202T220000Z',
    });
    expect(codesIn(rule('20270131T220000Z', 'FREQ=WEEKLY;BYDAY=SU'))).toEqual([0, 'events.0 (a@b) ZONE']);
    expect(codesIn(rule('20270131T220000Z', 'FREQ=MONTHLY'))).toEqual([0, 'events.0 (a@b) ZONE']);
  });

  it.each([
    ['no calendar', 'hello', 'file UNREADABLE'],
    ['nothing', '', 'file UNREADABLE'],
    ['a card', 'BEGIN:VCARD\r\nVERSION:4.0\r\nEND:VCARD', 'file UNREADABLE'],
    ['half a calendar', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT', 'file UNREADABLE'],
    ['no events', 'BEGIN:VCALENDAR\r\nEND:VCALENDAR', 'file NO_EVENTS'],
    ['a rule by the hour', fileOf([...ONE, 'RRULE:FREQ=HOURLY']), 'events.0 (a@b) FREQ'],
    ['a rule by the second', fileOf([...ONE, 'RRULE:FREQ=SECONDLY']), 'events.0 (a@b) FREQ'],
    ['an empty rule', fileOf([...ONE, 'RRULE:']), 'events.0 (a@b) SYNTAX'],
    ['two rules', fileOf([...DAILY, 'RRULE:FREQ=WEEKLY']), 'events.0 (a@b) NOT_SUPPORTED'],
    ['BYHOUR', fileOf([...ONE, 'RRULE:FREQ=DAILY;BYHOUR=5,17']), 'events.0 (a@b) NOT_SUPPORTED'],
    ['RDATE', fileOf([...ONE, 'RDATE:20270301T050000']), 'events.0 (a@b) NOT_SUPPORTED'],
    ['a start off its rule', fileOf([...ONE, 'RRULE:FREQ=WEEKLY;BYDAY=TU']), 'events.0 (a@b) NOT_IN_RULE'],
    ['all day', fileOf(['UID:a@b', 'DTSTART;VALUE=DATE:20270201']), 'events.0 (a@b) ALL_DAY'],
    ['no start', fileOf(['UID:a@b']), 'events.0 (a@b) NO_START'],
    ['no time', fileOf(['UID:a@b', 'DTSTART:20270231T050000']), 'events.0 (a@b) TIME'],
    ['another century', fileOf(['UID:a@b', 'DTSTART:19700101T050000']), 'events.0 (a@b) TIME'],
    ['an unknown zone', fileOf(['UID:a@b', 'DTSTART;TZID=Mars/Base:20270201T050000']), 'events.0 (a@b) ZONE'],
    [
      'a rule of another zone',
      fileOf(['UID:a@b', 'DTSTART;TZID=Asia/Tokyo:20270201T100000', 'RRULE:FREQ=DAILY']),
      'events.0 (a@b) ZONE',
    ],
    ['no UID', fileOf(['DTSTART:20270201T050000']), 'events.0 NO_UID'],
    ['no title', fileOf([...ONE]).replace('SUMMARY:Bản tin sáng', 'SUMMARY:'), 'events.0 (a@b) TITLE'],
    ['an emergency', fileOf([...ONE, 'CATEGORIES:EMERGENCY']), 'events.0 (a@b) CLASS'],
    [
      'all following',
      fileOf(DAILY, [
        'UID:a@b',
        'RECURRENCE-ID;RANGE=THISANDFUTURE:20270202T050000',
        'DTSTART:20270202T060000',
      ]),
      'events.0 (a@b) NOT_SUPPORTED',
    ],
    ['all excluded', fileOf([...ONE, 'EXDATE:20270201T050000']), 'events.0 (a@b) NOTHING_LEFT'],
  ])('refuses %s, and says which event', (_name, text, problem) => {
    const expected =
      problem === 'events.0 (a@b) NOT_SUPPORTED' && text.includes('RANGE')
        ? 'events.1 (a@b) NOT_SUPPORTED'
        : problem;
    expect(codesIn(text)).toEqual([0, expected]);
  });

  it('tells every event that is amiss and reads the others', () => {
    const other = ['UID:c@d', 'DTSTART:20270201T050000'];
    const stray = ['UID:e@f', 'RECURRENCE-ID:20270201T050000', 'DTSTART:20270201T060000'];
    expect(codesIn(fileOf(ONE, ONE, other, stray, [...other.slice(0, 0), 'UID:g@h']))).toEqual([
      2,
      'events.1 (a@b) TWICE',
      'events.3 (e@f) NO_SERIES',
      'events.4 (g@h) NO_START',
    ]);
    expect(codesIn(fileOf([...ONE, 'STATUS:CANCELLED']))).toEqual([0]);
  });

  it('forgets exceptions that except nothing, as calendars leave them', () => {
    const text = fileOf([...DAILY, 'EXDATE:20270201T060000,20270301T050000', 'EXDATE:20270202T050000']);
    expect(scheduleIn(text).exdates).toEqual(['2027-02-02T05:00:00']);
  });

  it('refuses what is too large before reading it', () => {
    expect(codesIn('x'.repeat(600_000))).toEqual([0, 'file TOO_LARGE']);
    expect(codesIn('\n'.repeat(30_000))).toEqual([0, 'file TOO_LARGE']);
    const many = Array.from({ length: 600 }, (_, i) => [`UID:${i}`, 'DTSTART:20270201T050000']);
    expect(codesIn(fileOf(...many))).toEqual([0, 'file TOO_MANY']);
    const nested = `${'BEGIN:VCALENDAR\r\n'.repeat(9_000)}${'END:VCALENDAR\r\n'.repeat(9_000)}`;
    expect(codesIn(nested)).toEqual([0, 'file NO_EVENTS']);
  });

  it('never throws, whatever the file says', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('BEGIN:VEVENT', 'END:VEVENT', 'RRULE:FREQ=DAILY', 'DTSTART:2027', 'EXDATE:x', 'UID:'),
      fc
        .tuple(fc.constantFrom('DTSTART', 'EXDATE', 'RECURRENCE-ID', 'RRULE', 'UID', 'SUMMARY'), fc.string())
        .map(([name, value]) => `${name}:${value}`),
      fc
        .tuple(fc.constantFrom('DTSTART', 'EXDATE'), fc.string())
        .map(([n, zone]) => `${n};TZID=${zone}:20270101T000000`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.boolean(), (lines, whole) => {
        const { problems, programmes } = readCalendar(
          whole ? fileOf([...ONE, ...lines]) : lines.join('\r\n'),
        );
        expect(problems.length + programmes.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('calendarText', () => {
  function entryOf(schedule: Schedule, more: Partial<CalendarEntry> = {}): CalendarEntry {
    return {
      uid: '0f6c@phu-song',
      title: 'Bản tin sáng',
      description: null,
      class: 'NORMAL',
      status: 'CONFIRMED',
      durationS: 899.2,
      schedule,
      version: 3,
      changedAt: new Date('2027-01-15T02:03:04.567Z'),
      ...more,
    };
  }
  const weekly: Schedule = {
    startsAt: '2027-02-01T05:00:00',
    rrule: 'FREQ=WEEKLY;BYDAY=MO;UNTIL=20270331T165959Z',
    exdates: ['2027-02-08T05:00:00'],
    overrides: [{ recurrenceId: '2027-02-15T05:00:00', startsAt: '2027-02-15T17:00:00' }],
  };

  it('writes what calendars read', () => {
    const text = calendarText('Xã Vị Đông', [entryOf(weekly)]);
    expect(text.split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'PRODID:-//Phủ Sóng//Programmes//VI',
      'VERSION:2.0',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
      'X-WR-CALNAME:Xã Vị Đông',
      'X-WR-TIMEZONE:Asia/Ho_Chi_Minh',
      'X-PUBLISHED-TTL:PT1H',
      'BEGIN:VTIMEZONE',
      'TZID:Asia/Ho_Chi_Minh',
      'BEGIN:STANDARD',
      'DTSTART:19760101T000000',
      'TZOFFSETFROM:+0700',
      'TZOFFSETTO:+0700',
      'TZNAME:+07',
      'END:STANDARD',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'UID:0f6c@phu-song',
      'DTSTAMP:20270115T020304Z',
      'LAST-MODIFIED:20270115T020304Z',
      'SEQUENCE:2',
      'DTSTART;TZID=Asia/Ho_Chi_Minh:20270201T050000',
      'DURATION:PT15M',
      'SUMMARY:Bản tin sáng',
      'CATEGORIES:NORMAL',
      'STATUS:CONFIRMED',
      'TRANSP:TRANSPARENT',
      'RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20270331T165959Z',
      'EXDATE;TZID=Asia/Ho_Chi_Minh:20270208T050000',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:0f6c@phu-song',
      'DTSTAMP:20270115T020304Z',
      'LAST-MODIFIED:20270115T020304Z',
      'SEQUENCE:2',
      'DTSTART;TZID=Asia/Ho_Chi_Minh:20270215T170000',
      'DURATION:PT15M',
      'SUMMARY:Bản tin sáng',
      'CATEGORIES:NORMAL',
      'STATUS:CONFIRMED',
      'TRANSP:TRANSPARENT',
      'RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20270215T050000',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('is read by another parser as the times that are played', () => {
    const calendar = ICAL.Component.fromString(calendarText('x', [entryOf(weekly)]));
    const [series, exception] = calendar.getAllSubcomponents('vevent');
    ICAL.TimezoneService.register(calendar.getFirstSubcomponent('vtimezone')!);
    const event = new ICAL.Event(series, { exceptions: [exception!] });
    const iterator = event.iterator() as unknown as { next: () => ICAL.Time | null };
    const starts: number[] = [];
    for (let next = iterator.next(); next; next = iterator.next()) {
      const { startDate } = event.getOccurrenceDetails(next) as unknown as { startDate: ICAL.Time };
      starts.push(startDate.toUnixTime() * 1000);
    }
    expect(starts).toEqual(occurrencesBetween(weekly, 0, 8e12).map((o) => o.startMs));
    expect(event.duration.toSeconds()).toBe(900);
  });

  it('reads back as it was written, whatever the schedule and the title', () => {
    const title = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(anySchedule, title, fc.constantFrom('NORMAL', 'PRIORITY'), (schedule, name, kind) => {
        const written = `x${name}x`.normalize('NFC').replace(/[\s\p{Cc}]+/gu, ' ');
        const text = calendarText(name, [entryOf(schedule, { title: written, class: kind })]);
        const { programmes, problems } = readCalendar(text);
        expect(problems).toEqual([]);
        const [read] = programmes;
        expect(read).toMatchObject({ uid: '0f6c@phu-song', title: written, class: kind });
        const kept = {
          ...schedule,
          overrides: schedule.overrides.filter((o) => o.startsAt !== o.recurrenceId),
        };
        if (schedule.rrule !== null) expect(read?.schedule).toEqual(canonicalSchedule(kept));
        const starts = (of: Schedule) => occurrencesBetween(of, -Infinity, Infinity).map((o) => o.startMs);
        if (schedule.rrule === null) expect(starts(read!.schedule)).toEqual(starts(schedule));
      }),
    );
  });

  it('folds lines and keeps control characters out', () => {
    const text = calendarText('x', [
      entryOf(weekly, { title: `Bản tin ${'dài '.repeat(60)}`, description: 'a\u0007b\r\nc' }),
    ]);
    expect(text).toContain('DESCRIPTION:a b\\nc');
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(76);
  });
});
