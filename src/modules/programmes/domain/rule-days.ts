import { civilOf, DAY_MS, dayNumber, daysInMonth, LAST_DAY, weekdayOf, type CivilDay } from './local-time.js';
import type { Rule, WeekdayPart } from './rule.js';

/**
 * The days on which a rule falls (RFC 5545, 3.3.10), from the day of its start on, in order. UNTIL and COUNT are kept; the
 * calendar ends with the year 2099, so it always comes to an end. Periods before `fromDay` are passed over in one step,
 * except with COUNT, which has to count them.
 *
 * @param timeOfDayMs of the start, to compare with UNTIL
 */
export function* ruleDays(
  rule: Rule,
  startDay: number,
  timeOfDayMs: number,
  fromDay: number,
): Generator<number> {
  const untilDay = rule.untilMs === null ? LAST_DAY : Math.floor((rule.untilMs - timeOfDayMs) / DAY_MS);
  const lastDay = Math.min(LAST_DAY, untilDay);
  const counted = rule.count !== null;
  let left = rule.count ?? Infinity;
  const start = civilOf(startDay);
  let step = counted ? 0 : firstStep(rule, startDay, fromDay);
  for (; ; step += 1) {
    const period = periodAt(rule, start, startDay, step);
    if (period.firstDay > lastDay) return;
    for (const day of daysOf(rule, period, start, startDay)) {
      if (day < startDay) continue;
      if (day > lastDay || left === 0) return;
      left -= 1;
      if (day >= fromDay) yield day;
    }
    if (left === 0) return;
  }
}

interface Period {
  firstDay: number;
  year: number;
  month: number;
}

/** A step whose period does not end after `fromDay` begins. */
function firstStep(rule: Rule, startDay: number, fromDay: number): number {
  const days = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 }[rule.frequency];
  return Math.max(0, Math.floor((fromDay - startDay) / (days * rule.interval)) - 1);
}

function periodAt(rule: Rule, start: CivilDay, startDay: number, step: number): Period {
  const ahead = step * rule.interval;
  switch (rule.frequency) {
    case 'DAILY':
      return { firstDay: startDay + ahead, year: 0, month: 0 };
    case 'WEEKLY': {
      const weekStart = startDay - ((weekdayOf(startDay) - rule.weekStart + 7) % 7);
      return { firstDay: weekStart + ahead * 7, year: 0, month: 0 };
    }
    case 'MONTHLY': {
      const months = start.year * 12 + start.month - 1 + ahead;
      const year = Math.floor(months / 12);
      const month = (months % 12) + 1;
      return { firstDay: dayNumber(year, month, 1), year, month };
    }
    case 'YEARLY': {
      const year = start.year + ahead;
      return { firstDay: dayNumber(year, 1, 1), year, month: 0 };
    }
  }
}

/** All days of the period that the rule names, in order, also those before its start: BYSETPOS counts among them. */
function daysOf(rule: Rule, period: Period, start: CivilDay, startDay: number): number[] {
  const days = inPeriod(rule, period, start, startDay);
  if (rule.setPositions.length === 0) return days;
  const chosen = new Set(rule.setPositions.map((at) => (at > 0 ? at - 1 : days.length + at)));
  return days.filter((_day, index) => chosen.has(index));
}

function inPeriod(rule: Rule, period: Period, start: CivilDay, startDay: number): number[] {
  switch (rule.frequency) {
    case 'DAILY':
      return matches(rule, period.firstDay) ? [period.firstDay] : [];
    case 'WEEKLY': {
      const named = rule.weekdays.length > 0 ? rule.weekdays.map((w) => w.weekday) : [weekdayOf(startDay)];
      const week = named.map((weekday) => period.firstDay + ((weekday - rule.weekStart + 7) % 7));
      return week.filter((day) => inMonths(rule, civilOf(day).month)).sort((a, b) => a - b);
    }
    case 'MONTHLY':
      return inMonths(rule, period.month) ? inMonth(rule, period.year, period.month, start.day) : [];
    case 'YEARLY':
      return inYear(rule, period.year, start);
  }
}

function inYear(rule: Rule, year: number, start: CivilDay): number[] {
  const { months, monthDays, weekdays } = rule;
  if (months.length === 0 && monthDays.length === 0 && weekdays.length > 0)
    return byWeekday(weekdays, dayNumber(year, 1, 1), dayNumber(year + 1, 1, 1));
  // Days of the month without months are days of every month; with nothing said at all, the day and month of the start.
  const every = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  const named = months.length > 0 ? months : monthDays.length > 0 ? every : [start.month];
  return named.flatMap((month) => inMonth(rule, year, month, start.day));
}

function inMonth(rule: Rule, year: number, month: number, startsOn: number): number[] {
  const first = dayNumber(year, month, 1);
  const length = daysInMonth(year, month);
  const { monthDays, weekdays } = rule;
  if (monthDays.length === 0 && weekdays.length > 0) return byWeekday(weekdays, first, first + length);
  const named = monthDays.length > 0 ? monthDays : [startsOn];
  // A day that a short month does not have is left out, not moved (RFC 5545).
  const real = named.map((day) => (day > 0 ? day : length + 1 + day)).filter((d) => d >= 1 && d <= length);
  const days = [...new Set(real)].sort((a, b) => a - b).map((day) => first + day - 1);
  if (weekdays.length === 0) return days;
  const allowed = new Set(byWeekday(weekdays, first, first + length));
  return days.filter((day) => allowed.has(day));
}

/** The named weekdays from `first` until before `end`. */
function byWeekday(weekdays: readonly WeekdayPart[], first: number, end: number): number[] {
  const found = new Set<number>();
  for (const { nth, weekday } of weekdays) {
    const earliest = first + ((weekday - weekdayOf(first) + 7) % 7);
    const number = Math.ceil((end - earliest) / 7);
    if (nth === 0) for (let at = 0; at < number; at += 1) found.add(earliest + at * 7);
    else if (Math.abs(nth) <= number) found.add(earliest + (nth > 0 ? nth - 1 : number + nth) * 7);
  }
  return [...found].sort((a, b) => a - b);
}

/** For a rule by days all parts are limits. */
function matches(rule: Rule, day: number): boolean {
  const { months, monthDays, weekdays } = rule;
  if (weekdays.length > 0 && !weekdays.some((named) => named.weekday === weekdayOf(day))) return false;
  if (months.length === 0 && monthDays.length === 0) return true;
  const civil = civilOf(day);
  if (!inMonths(rule, civil.month)) return false;
  const fromEnd = civil.day - daysInMonth(civil.year, civil.month) - 1;
  return monthDays.length === 0 || monthDays.includes(civil.day) || monthDays.includes(fromEnd);
}

function inMonths(rule: Rule, month: number): boolean {
  return rule.months.length === 0 || rule.months.includes(month);
}
