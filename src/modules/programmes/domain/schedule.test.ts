import fc from 'fast-check';
import { canonicalSchedule, checkSchedule, type Schedule } from './schedule.js';
import { anySchedule, scheduleOf } from '../../../../test/support/schedules.js';

const START = '2027-03-01T05:00:00';
const found = (schedule: Schedule) => checkSchedule(schedule).map(({ field, code }) => `${field} ${code}`);
const ofRule = (rrule: string) => found(scheduleOf(START, rrule));

describe('checkSchedule', () => {
  it('accepts what broadcasters plan', () => {
    for (const rrule of [
      'FREQ=DAILY',
      'freq=daily;until=20271231',
      'FREQ=WEEKLY;BYDAY=MO,WE,FR;WKST=SU',
      'FREQ=MONTHLY;BYMONTHDAY=1,15,-1',
      'FREQ=MONTHLY;BYDAY=+1MO',
      'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1;COUNT=10',
    ])
      expect([rrule, ofRule(rrule)]).toEqual([rrule, []]);
    expect(found(scheduleOf(START, null))).toEqual([]);
  });

  it.each([
    ['', 'rrule SYNTAX'],
    ['FREQ', 'rrule SYNTAX'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'rrule TWICE'],
    ['COUNT=3', 'rrule FREQ'],
    ['FREQ=SECONDLY', 'rrule FREQ'],
    ['FREQ=MINUTELY', 'rrule FREQ'],
    ['FREQ=HOURLY;INTERVAL=24', 'rrule FREQ'],
    ['FREQ=DAILY;BYHOUR=5,17', 'rrule NOT_SUPPORTED'],
    ['FREQ=DAILY;BYSECOND=0', 'rrule NOT_SUPPORTED'],
    ['FREQ=YEARLY;BYWEEKNO=9', 'rrule NOT_SUPPORTED'],
    ['FREQ=DAILY;INTERVAL=0', 'rrule INTERVAL'],
    ['FREQ=DAILY;COUNT=0', 'rrule COUNT'],
    ['FREQ=DAILY;COUNT=1e9', 'rrule COUNT'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20271231', 'rrule COUNT_AND_UNTIL'],
    ['FREQ=DAILY;UNTIL=20270230', 'rrule UNTIL'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'rrule BYMONTHDAY'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'rrule BYDAY'],
    ['FREQ=MONTHLY;BYDAY=0MO', 'rrule BYDAY'],
    ['FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1', 'rrule BYDAY'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'rrule BYMONTHDAY'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'rrule BYSETPOS'],
    ['FREQ=YEARLY;BYMONTH=-1', 'rrule BYMONTH'],
    ['FREQ=DAILY;UNTIL=20270228', 'rrule NEVER'],
    ['FREQ=WEEKLY;BYDAY=TU', 'startsAt NOT_IN_RULE'],
    [`FREQ=DAILY;BYMONTHDAY=${'1,'.repeat(400)}1`, 'rrule TOO_LONG'],
  ])('refuses %s', (rrule, problem) => {
    expect(ofRule(rrule)).toEqual([problem]);
  });

  it('names the first day that would fit', () => {
    expect(checkSchedule(scheduleOf(START, 'FREQ=WEEKLY;BYDAY=TU'))[0]).toMatchObject({
      en: 'startsAt must be a day of the rule; the first one from then on is 2027-03-02T05:00:00',
      vi: 'startsAt phải là một ngày thuộc quy tắc; ngày đầu tiên kể từ đó là 2027-03-02T05:00:00',
    });
  });

  it('refuses times that no clock of Việt Nam shows', () => {
    for (const startsAt of [
      '',
      '2027-02-29T05:00:00',
      '2027-03-01T24:00:00',
      '2027-03-01T05:00:60',
      '2027-03-01T05:00:00Z',
      '2027-03-01 05:00:00',
      '1999-12-31T05:00:00',
      '2100-01-01T05:00:00',
    ])
      expect(found(scheduleOf(startsAt, null))).toEqual(['startsAt LOCAL_TIME']);
  });

  it('refuses exceptions that except nothing or contradict each other', () => {
    const daily = scheduleOf(START, 'FREQ=DAILY;COUNT=3');
    const id = '2027-03-02T05:00:00';
    expect(found({ ...daily, exdates: ['2027-03-02T05:01:00', 'x', '2027-03-04T05:00:00'] })).toEqual([
      'exdates.0 NOT_AN_OCCURRENCE',
      'exdates.1 LOCAL_TIME',
      'exdates.2 NOT_AN_OCCURRENCE',
    ]);
    expect(found({ ...daily, exdates: [id], overrides: [{ recurrenceId: id, startsAt: id }] })).toEqual([
      'overrides.0 TWICE',
    ]);
    expect(
      found({
        ...daily,
        overrides: [
          { recurrenceId: id, startsAt: 'soon' },
          { recurrenceId: id, startsAt: id },
        ],
      }),
    ).toEqual(['overrides.0.startsAt LOCAL_TIME', 'overrides.1 TWICE']);
    const all = ['2027-03-01', '2027-03-02', '2027-03-03'].map((day) => `${day}T05:00:00`);
    expect(found({ ...daily, exdates: all })).toEqual(['exdates NOTHING_LEFT']);
    expect(found({ ...scheduleOf(START, null), exdates: [START] })).toEqual(['exdates NOTHING_LEFT']);
    expect(found({ ...daily, exdates: Array<string>(1001).fill(id) })).toEqual(['exdates TOO_MANY']);
  });

  it('never throws, whatever is written', () => {
    const text = fc.oneof(fc.string(), fc.constant(START), fc.constantFrom('FREQ=DAILY', 'FREQ=YEARLY'));
    const anything = fc.record({
      startsAt: text,
      rrule: fc.option(text),
      exdates: fc.array(text, { maxLength: 3 }),
      overrides: fc.array(fc.record({ recurrenceId: text, startsAt: text }), { maxLength: 3 }),
    });
    fc.assert(fc.property(anything, (schedule) => Array.isArray(checkSchedule(schedule))));
  });

  it('says every problem in both languages', () => {
    for (const problem of [
      ...checkSchedule(scheduleOf('x', 'FREQ=HOURLY')),
      ...checkSchedule({ ...scheduleOf(START, null), exdates: ['x'] }),
    ]) {
      expect(problem.en).not.toBe('');
      expect(problem.vi).toMatch(/[^\x20-\x7e]/);
    }
  });
});

describe('canonicalSchedule', () => {
  it('writes equal schedules equally, and its own outcome as it is', () => {
    const one = canonicalSchedule({
      ...scheduleOf(START, 'byday=th,mo;freq=weekly;until=20271231T165959Z;interval=1'),
      exdates: ['2027-03-08T05:00:00', '2027-03-04T05:00:00', '2027-03-08T05:00:00'],
    });
    expect(one).toEqual({
      startsAt: START,
      rrule: 'FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20271231T165959Z',
      exdates: ['2027-03-04T05:00:00', '2027-03-08T05:00:00'],
      overrides: [],
    });
    fc.assert(
      fc.property(anySchedule, (schedule) => {
        const canonical = canonicalSchedule(schedule);
        expect(canonicalSchedule(canonical)).toEqual(canonical);
        expect(checkSchedule(canonical)).toEqual([]);
      }),
    );
  });
});
