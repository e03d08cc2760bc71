import fc from 'fast-check';
import { formatLocal } from '../../src/modules/programmes/domain/local-time.js';
import { occurrencesBetween } from '../../src/modules/programmes/domain/recurrence.js';
import { checkSchedule, type Schedule } from '../../src/modules/programmes/domain/schedule.js';

/** Schedules for tests of rules that use them. */
export function scheduleOf(startsAt: string, rrule: string | null): Schedule {
  return { startsAt, rrule, exdates: [], overrides: [] };
}

const FIRST = Date.UTC(2027, 0, 1);
const localTime = fc
  .integer({ min: 0, max: 3 * 365 * 86_400 - 1 })
  .map((seconds) => formatLocal(FIRST + seconds * 1000));
const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
const list = <T>(item: fc.Arbitrary<T>) =>
  fc.uniqueArray(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(','));
const month = fc.integer({ min: 1, max: 12 });
const monthDay = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.integer({ min: -31, max: -1 }));
const numbered = fc
  .tuple(fc.constantFrom('1', '2', '3', '4', '5', '-1', '-2'), weekday)
  .map(([nth, day]) => nth + day);
const part = (name: string, value: fc.Arbitrary<string>) => value.map((text) => `${name}=${text}`);
const either = (...parts: fc.Arbitrary<string>[]) => fc.oneof(fc.constant(''), ...parts);

const daysOf = fc.oneof(
  fc.tuple(
    fc.constant('FREQ=DAILY'),
    either(part('BYMONTH', list(month))),
    either(part('BYDAY', list(weekday)), part('BYMONTHDAY', list(monthDay))),
  ),
  fc.tuple(
    fc.constant('FREQ=WEEKLY'),
    either(part('BYDAY', list(weekday))),
    either(part('WKST', fc.constantFrom('MO', 'SU', 'WE'))),
  ),
  fc.tuple(
    fc.constant('FREQ=MONTHLY'),
    either(
      part('BYMONTHDAY', list(monthDay)),
      part('BYDAY', list(weekday)),
      part('BYDAY', list(numbered)),
      part('BYDAY', list(weekday)).map((days) => `${days};BYSETPOS=-1`),
      part('BYDAY', list(weekday)).map((days) => `${days};BYSETPOS=1,2`),
    ),
  ),
  fc.tuple(
    fc.constant('FREQ=YEARLY'),
    either(
      part('BYMONTH', list(month)),
      fc
        .tuple(part('BYMONTH', list(month)), part('BYMONTHDAY', list(monthDay)))
        .map((both) => both.join(';')),
      fc.tuple(part('BYMONTH', list(month)), part('BYDAY', list(numbered))).map((both) => both.join(';')),
    ),
  ),
);
const interval = either(fc.integer({ min: 2, max: 4 }).map((n) => `INTERVAL=${n}`));
const end = either(
  fc.integer({ min: 1, max: 60 }).map((n) => `COUNT=${n}`),
  localTime.map((time) => `UNTIL=${time.replace(/[-:]/g, '')}`),
);
const anyRule = fc
  .tuple(daysOf, interval, end)
  .map(([days, every, last]) => [...days, every, last].filter((text) => text !== '').join(';'));

/** A rule and a start that fits it. */
export const anySimpleRule = fc
  .record({ startsAt: localTime, rrule: anyRule })
  .map(({ startsAt, rrule }) => ({ rrule, startsAt: fittingStart(startsAt, rrule) }));

/** The first day of the rule from a start on, or that start when there is none. */
function fittingStart(startsAt: string, rrule: string): string {
  const problems = checkSchedule(scheduleOf(startsAt, rrule));
  return /is (\S+)$/.exec(problems.find((p) => p.code === 'NOT_IN_RULE')?.en ?? '')?.[1] ?? startsAt;
}

/** Any schedule without problems. */
export const anySchedule = fc
  .record({
    rule: fc.oneof(
      anySimpleRule,
      localTime.map((startsAt) => ({ startsAt, rrule: null })),
    ),
    gone: fc.uniqueArray(fc.nat(30), { maxLength: 4 }),
    moved: fc.uniqueArray(fc.tuple(fc.nat(30), localTime), { maxLength: 4, selector: ([index]) => index }),
  })
  .map(({ rule, gone, moved }): Schedule => {
    const schedule = scheduleOf(rule.startsAt, rule.rrule);
    if (checkSchedule(schedule).length > 0) return schedule;
    const ids = occurrencesBetween(schedule, -Infinity, Date.UTC(2034, 0, 1)).map((o) => o.recurrenceId);
    const exdates = gone.flatMap((index) => ids[index] ?? []);
    const overrides = moved.flatMap(([index, startsAt]) => {
      const recurrenceId = ids[index];
      return recurrenceId === undefined || gone.includes(index) ? [] : [{ recurrenceId, startsAt }];
    });
    return { ...schedule, exdates, overrides };
  })
  .filter((schedule) => checkSchedule(schedule).length === 0);
