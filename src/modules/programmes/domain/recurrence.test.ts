import fc from 'fast-check';
import ICAL from 'ical.js';
import { formatLocal, instantOf, localMsOf } from './local-time.js';
import { lastStartMs, occurrencesBetween, skipDays, splitSchedule } from './recurrence.js';
import { checkSchedule, type Schedule } from './schedule.js';
import { anySchedule, anySimpleRule, scheduleOf } from '../../../../test/support/schedules.js';

/**
 * What ical.js does not do as the standard says: it hangs on days of the month from its end in rules by days, and rules by
 * years make days up (1 March for 29 February), repeat them or leave them out.
 */
const AMISS_THERE = /FREQ=DAILY.*BYMONTHDAY=[-,0-9]*-|FREQ=YEARLY/;

const at = (local: string) => instantOf(localMsOf(local));
const between = (schedule: Schedule, from: string, to: string) =>
  occurrencesBetween(schedule, at(from), at(to)).map((o) => formatLocal(o.startMs + 7 * 3600 * 1000));
const days = (schedule: Schedule, from: string, to: string) =>
  between(schedule, `${from}T00:00:00`, `${to}T00:00:00`).map((time) => time.slice(0, 10));

describe('golden cases', () => {
  it('knows Việt Nam’s clocks: 05:00 is 22:00 UTC of the day before', () => {
    const once = scheduleOf('2027-02-06T05:00:00', null);
    expect(occurrencesBetween(once, 0, 8e12)).toEqual([
      { recurrenceId: '2027-02-06T05:00:00', startMs: Date.UTC(2027, 1, 5, 22), moved: false },
    ]);
  });

  it('keeps to the wall clock’s day around midnight', () => {
    const late = scheduleOf('2027-03-01T23:59:59', 'FREQ=WEEKLY;BYDAY=MO');
    expect(days(late, '2027-03-01', '2027-03-16')).toEqual(['2027-03-01', '2027-03-08', '2027-03-15']);
    const early = scheduleOf('2027-03-02T00:00:00', 'FREQ=WEEKLY;BYDAY=TU');
    expect(days(early, '2027-03-02', '2027-03-10')).toEqual(['2027-03-02', '2027-03-09']);
    // The range is half-open: the second of midnight belongs to the new day alone.
    expect(days(early, '2027-03-01', '2027-03-02')).toEqual([]);
    expect(between(early, '2027-03-02T00:00:00', '2027-03-02T00:00:01')).toHaveLength(1);
  });

  it('leaves out the 31st of short months, and takes the last day where that is said', () => {
    expect(days(scheduleOf('2027-01-31T05:00:00', 'FREQ=MONTHLY'), '2027-01-01', '2027-08-01')).toEqual([
      '2027-01-31',
      '2027-03-31',
      '2027-05-31',
      '2027-07-31',
    ]);
    const last = scheduleOf('2028-01-31T05:00:00', 'FREQ=MONTHLY;BYMONTHDAY=-1');
    expect(days(last, '2028-01-01', '2028-05-01')).toEqual([
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
      '2028-04-30',
    ]);
    const both = scheduleOf('2027-01-31T05:00:00', 'FREQ=MONTHLY;BYMONTHDAY=30,31,-1');
    expect(days(both, '2027-02-01', '2027-05-01')).toEqual([
      '2027-02-28',
      '2027-03-30',
      '2027-03-31',
      '2027-04-30',
    ]);
  });

  it('plays on 29 February in leap years only', () => {
    const leap = scheduleOf('2028-02-29T05:00:00', 'FREQ=YEARLY');
    expect(days(leap, '2027-01-01', '2041-01-01')).toEqual([
      '2028-02-29',
      '2032-02-29',
      '2036-02-29',
      '2040-02-29',
    ]);
    const month = scheduleOf('2027-01-29T05:00:00', 'FREQ=MONTHLY;COUNT=3');
    expect(days(month, '2027-01-01', '2028-01-01')).toEqual(['2027-01-29', '2027-03-29', '2027-04-29']);
    expect(checkSchedule(scheduleOf('2027-02-28T05:00:00', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'))).toEqual([
      expect.objectContaining({ field: 'rrule', code: 'NEVER' }),
    ]);
  });

  it('is silent on the days of Tết, also for what was moved onto them, and goes on afterwards', () => {
    const daily: Schedule = {
      ...scheduleOf('2027-01-01T05:00:00', 'FREQ=DAILY'),
      overrides: [
        { recurrenceId: '2027-02-03T05:00:00', startsAt: '2027-02-07T09:00:00' },
        { recurrenceId: '2027-02-06T05:00:00', startsAt: '2027-02-04T17:00:00' },
      ],
    };
    const skipped = skipDays(daily, '2027-02-05', '2027-02-11');
    expect(checkSchedule(skipped)).toEqual([]);
    expect(between(skipped, '2027-02-02T00:00:00', '2027-02-14T00:00:00')).toEqual([
      '2027-02-02T05:00:00',
      '2027-02-04T05:00:00',
      // Moved out of the holidays beforehand, so it is no play of the holidays.
      '2027-02-04T17:00:00',
      '2027-02-12T05:00:00',
      '2027-02-13T05:00:00',
    ]);
    expect(skipDays(skipped, '2027-02-05', '2027-02-11')).toEqual(skipped);
  });

  it('changes this one, or this and all following', () => {
    const weekly: Schedule = {
      startsAt: '2027-03-01T05:30:00',
      rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=6',
      exdates: ['2027-03-04T05:30:00', '2027-03-29T05:30:00'],
      overrides: [{ recurrenceId: '2027-03-18T05:30:00', startsAt: '2027-03-02T17:00:00' }],
    };
    expect(days(weekly, '2027-03-01', '2027-12-01')).toEqual([
      '2027-03-01',
      '2027-03-02',
      '2027-03-15',
      '2027-04-01',
    ]);
    const split = splitSchedule(weekly, '2027-03-15T05:30:00');
    expect(split?.before).toEqual({
      startsAt: '2027-03-01T05:30:00',
      rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;UNTIL=20270303T223000Z',
      exdates: ['2027-03-04T05:30:00'],
      overrides: [],
    });
    expect(split?.following).toEqual({
      startsAt: '2027-03-15T05:30:00',
      rrule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=4',
      exdates: ['2027-03-29T05:30:00'],
      overrides: weekly.overrides,
    });
    expect(splitSchedule(weekly, weekly.startsAt)).toEqual({ before: null, following: weekly });
    expect(splitSchedule(weekly, '2027-03-16T05:30:00')).toBeUndefined();
    expect(splitSchedule(weekly, '2027-03-29T05:30:00')).toBeUndefined();
  });

  it('tells two at the very second apart: one moved onto, or over, another', () => {
    const daily: Schedule = {
      ...scheduleOf('2027-05-01T05:00:00', 'FREQ=DAILY;COUNT=4'),
      overrides: [
        { recurrenceId: '2027-05-01T05:00:00', startsAt: '2027-05-03T05:00:00' },
        { recurrenceId: '2027-05-02T05:00:00', startsAt: '2027-05-04T06:00:00' },
      ],
    };
    expect(checkSchedule(daily)).toEqual([]);
    expect(occurrencesBetween(daily, at('2027-05-01T00:00:00'), at('2027-06-01T00:00:00'))).toEqual([
      { recurrenceId: '2027-05-01T05:00:00', startMs: at('2027-05-03T05:00:00'), moved: true },
      { recurrenceId: '2027-05-03T05:00:00', startMs: at('2027-05-03T05:00:00'), moved: false },
      { recurrenceId: '2027-05-04T05:00:00', startMs: at('2027-05-04T05:00:00'), moved: false },
      { recurrenceId: '2027-05-02T05:00:00', startMs: at('2027-05-04T06:00:00'), moved: true },
    ]);
  });

  it('counts UNTIL as a day to its end, as a local time and as UTC to the second', () => {
    const until = (text: string) =>
      days(scheduleOf('2027-03-01T05:00:00', `FREQ=DAILY;UNTIL=${text}`), '2027-01-01', '2028-01-01').length;
    expect(until('20270303')).toBe(3);
    expect(until('20270303T050000')).toBe(3);
    expect(until('20270303T045959')).toBe(2);
    expect(until('20270302T220000Z')).toBe(3);
    expect(until('20270302T215959Z')).toBe(2);
  });

  it('knows the first Monday, the last Friday, the last working day and the first weekend of a month', () => {
    const of = (start: string, rule: string) =>
      days(scheduleOf(`${start}T05:00:00`, rule), '2027-01-01', '2027-04-01');
    expect(of('2027-01-04', 'FREQ=MONTHLY;BYDAY=1MO')).toEqual(['2027-01-04', '2027-02-01', '2027-03-01']);
    expect(of('2027-01-29', 'FREQ=MONTHLY;BYDAY=-1FR')).toEqual(['2027-01-29', '2027-02-26', '2027-03-26']);
    expect(of('2027-01-29', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1')).toEqual([
      '2027-01-29',
      '2027-02-26',
      '2027-03-31',
    ]);
    expect(of('2027-01-15', 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13,14,15')).toEqual(['2027-01-15']);
  });

  // Reckoned by python-dateutil.
  it.each([
    ['2032-02-29', 'FREQ=YEARLY;BYMONTH=2', ['2036-02-29', '2040-02-29']],
    ['2032-01-02', 'FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=-30,-3;INTERVAL=4', ['2032-01-29', '2036-01-02']],
    ['2030-03-21', 'FREQ=YEARLY;BYMONTH=11,3;BYDAY=-2TH,3TH', ['2030-11-21', '2031-03-20']],
    ['2029-01-01', 'FREQ=YEARLY;BYDAY=1MO,-1SU', ['2029-12-30', '2030-01-07']],
    ['2027-04-13', 'FREQ=YEARLY;BYMONTHDAY=13;INTERVAL=2;BYMONTH=4,12', ['2027-12-13', '2029-04-13']],
    ['2027-08-13', 'FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR', ['2028-10-13', '2029-04-13']],
  ])('goes on after %s by %s', (start, rule, next) => {
    const found = days(scheduleOf(`${start}T05:00:00`, rule), '2027-01-01', '2045-01-01');
    expect(found.slice(0, 3)).toEqual([start, ...next]);
  });

  it('ends with the calendar, however the rule goes on', () => {
    const daily = scheduleOf('2000-01-01T05:00:00', 'FREQ=DAILY');
    expect(occurrencesBetween(daily, -Infinity, Infinity)).toHaveLength(36_525);
    expect(lastStartMs(daily)).toBeNull();
    expect(lastStartMs(scheduleOf('2027-03-01T05:00:00', 'FREQ=DAILY;COUNT=3'))).toBe(
      at('2027-03-03T05:00:00'),
    );
    expect(lastStartMs(scheduleOf('2027-03-01T05:00:00', null))).toBe(at('2027-03-01T05:00:00'));
  });
});

describe('properties', () => {
  const instants = fc.tuple(
    ...[0, 1, 2].map(() => fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2031, 0, 1) })),
  );

  it('is sorted, within the range, of unique recurrenceIds, and a range is the sum of its parts', () => {
    fc.assert(
      fc.property(anySchedule, instants, (schedule, times) => {
        const [from = 0, middle = 0, to = 0] = [...times].sort((a, b) => a - b);
        const all = occurrencesBetween(schedule, from, to);
        expect(all.every((o) => o.startMs >= from && o.startMs < to)).toBe(true);
        expect(all.every((o, i) => i === 0 || all[i - 1]!.startMs <= o.startMs)).toBe(true);
        expect(new Set(all.map((o) => o.recurrenceId)).size).toBe(all.length);
        expect([
          ...occurrencesBetween(schedule, from, middle),
          ...occurrencesBetween(schedule, middle, to),
        ]).toEqual(all);
      }),
    );
  });

  it('splits into two schedules without problems that together have what the one had', () => {
    fc.assert(
      fc.property(anySchedule, fc.nat(40), (schedule, index) => {
        const [from, to] = [Date.UTC(2020, 0, 1), Date.UTC(2034, 0, 1)];
        const all = occurrencesBetween(schedule, from, to);
        fc.pre(all.length > 0);
        const { recurrenceId } = all[index % all.length]!;
        const split = splitSchedule(schedule, recurrenceId)!;
        const parts = [split.before, split.following].flatMap((part) => part ?? []);
        expect(parts.flatMap(checkSchedule)).toEqual([]);
        const together = parts.flatMap((part) => occurrencesBetween(part, from, to));
        const inOrder = together.sort(
          (a, b) => a.startMs - b.startMs || (a.recurrenceId < b.recurrenceId ? -1 : 1),
        );
        expect(inOrder).toEqual(all);
        expect(split.following.startsAt).toBe(recurrenceId);
      }),
    );
  });

  it('finds what another implementation of the standard finds', () => {
    fc.assert(
      fc.property(anySimpleRule, ({ startsAt, rrule }) => {
        const schedule = scheduleOf(startsAt, rrule);
        fc.pre(checkSchedule(schedule).length === 0 && !AMISS_THERE.test(rrule));
        const ours = occurrencesBetween(schedule, -Infinity, at('2037-01-01T00:00:00')).slice(0, 40);
        const iterator = ICAL.Recur.fromString(rrule).iterator(ICAL.Time.fromDateTimeString(startsAt));
        const theirs: string[] = [];
        while (theirs.length < ours.length) {
          const next = iterator.next() as ICAL.Time | null;
          if (!next) break;
          theirs.push(next.toString());
        }
        expect(ours.map((o) => o.recurrenceId)).toEqual(theirs);
      }),
      { numRuns: 500, seed: 20270206 },
    );
  });
});
