import { DAY_MS, FIRST_YEAR, formatLocal, LAST_YEAR, parseLocal } from './local-time.js';
import { ruleDays } from './rule-days.js';
import { formatRule, parseRule, type Rule } from './rule.js';

/**
 * When a programme begins. All times are wall-clock times of Việt Nam, `YYYY-MM-DDTHH:mm:ss`. Each occurrence is known by
 * its recurrenceId: the time at which it would begin had nobody moved it.
 */
export interface Schedule {
  /** The first occurrence; the others are at the same time of day. */
  startsAt: string;
  /** The value of an RRULE of RFC 5545 (FREQ of DAILY to YEARLY); null is once. */
  rrule: string | null;
  /** The recurrenceIds that do not take place. */
  exdates: string[];
  /** Occurrences that begin at another time. */
  overrides: ScheduleOverride[];
}

export interface ScheduleOverride {
  recurrenceId: string;
  startsAt: string;
}

export interface ScheduleProblem {
  /** `startsAt`, `rrule`, `exdates.0`, `overrides.2.recurrenceId` … */
  field: string;
  code: string;
  en: string;
  vi: string;
}

const MOST_EXDATES = 1_000;
const MOST_OVERRIDES = 500;

/**
 * Everything wrong with a schedule; none means that it can be reckoned with. A start that its own rule does not name is
 * refused, because calendars do not agree on what it means, and so is an exception that excepts nothing: somebody
 * believes then that the village is silent at a time at which it is not.
 */
export function checkSchedule(schedule: Schedule): ScheduleProblem[] {
  const problems: ScheduleProblem[] = [];
  const startMs = parseLocal(schedule.startsAt);
  if (startMs === undefined) problems.push(notATime('startsAt'));
  const rule = schedule.rrule === null ? undefined : parseRule(schedule.rrule);
  if (rule?.ok === false)
    problems.push({
      field: 'rrule',
      code: rule.wrong.code,
      en: `the rule ${rule.wrong.en}`,
      vi: `quy tắc: ${rule.wrong.vi}`,
    });
  problems.push(
    ...tooMany('exdates', schedule.exdates.length, MOST_EXDATES),
    ...tooMany('overrides', schedule.overrides.length, MOST_OVERRIDES),
  );
  if (problems.length > 0 || startMs === undefined || rule?.ok === false) return problems;
  const series = { startMs, rule: rule?.rule ?? null };
  const first = firstOf(series);
  if (first !== startMs) return [notInRule(first)];
  return [...checkExceptions(schedule, series), ...checkRest(schedule, series)];
}

/** The same schedule written in one way only, so that equal schedules have equal text. Of one without problems. */
export function canonicalSchedule(schedule: Schedule): Schedule {
  const rule = schedule.rrule === null ? null : parseRule(schedule.rrule);
  return {
    startsAt: schedule.startsAt,
    rrule: rule?.ok ? formatRule(rule.rule) : null,
    exdates: [...new Set(schedule.exdates)].sort(),
    overrides: schedule.overrides
      .map(({ recurrenceId, startsAt }) => ({ recurrenceId, startsAt }))
      .sort((a, b) => (a.recurrenceId < b.recurrenceId ? -1 : 1)),
  };
}

/** The times of a rule by the wall clock, before any exception. */
export interface Series {
  startMs: number;
  /** null is once. */
  rule: Rule | null;
}

/** In order, from the first that is not before `fromMs` on (all by the wall clock). It ends with the year 2099 at the latest. */
export function* seriesFrom({ startMs, rule }: Series, fromMs: number): Generator<number> {
  if (rule === null) {
    if (startMs >= fromMs) yield startMs;
    return;
  }
  const startDay = Math.floor(startMs / DAY_MS);
  const timeOfDayMs = startMs - startDay * DAY_MS;
  const fromDay = Math.max(startDay, Math.ceil((fromMs - timeOfDayMs) / DAY_MS));
  for (const day of ruleDays(rule, startDay, timeOfDayMs, fromDay)) yield day * DAY_MS + timeOfDayMs;
}

/** Which of the given times are of the series. */
export function membersOf(series: Series, timesMs: readonly number[]): Set<number> {
  const asked = new Set(timesMs);
  const latest = timesMs.reduce((a, b) => Math.max(a, b), -Infinity);
  const earliest = timesMs.reduce((a, b) => Math.min(a, b), Infinity);
  const members = new Set<number>();
  if (asked.size === 0) return members;
  for (const at of seriesFrom(series, earliest)) {
    if (at > latest) break;
    if (asked.has(at)) members.add(at);
  }
  return members;
}

/** Undefined of a rule that never comes true, such as 30 February. */
function firstOf(series: Series): number | undefined {
  for (const at of seriesFrom(series, series.startMs)) return at;
  return undefined;
}

function checkExceptions({ exdates, overrides }: Schedule, series: Series): ScheduleProblem[] {
  const problems: ScheduleProblem[] = [];
  const named = [...exdates, ...overrides.map((o) => o.recurrenceId)].map(parseLocal);
  const members = membersOf(
    series,
    named.flatMap((at) => at ?? []),
  );
  const checkId = (field: string, id: string) => {
    const at = parseLocal(id);
    if (at === undefined) problems.push(notATime(field));
    else if (!members.has(at)) problems.push(notAnOccurrence(field, id));
  };
  exdates.forEach((id, index) => checkId(`exdates.${index}`, id));
  const gone = new Set(exdates);
  const moved = new Set<string>();
  overrides.forEach(({ recurrenceId, startsAt }, index) => {
    const field = `overrides.${index}`;
    checkId(`${field}.recurrenceId`, recurrenceId);
    if (parseLocal(startsAt) === undefined) problems.push(notATime(`${field}.startsAt`));
    if (gone.has(recurrenceId) || moved.has(recurrenceId)) problems.push(saidTwice(field, recurrenceId));
    moved.add(recurrenceId);
  });
  return problems;
}

/** Something must be left over. */
function checkRest({ exdates }: Schedule, series: Series): ScheduleProblem[] {
  const gone = new Set(exdates.map(parseLocal));
  for (const at of seriesFrom(series, series.startMs)) if (!gone.has(at)) return [];
  return [
    {
      field: 'exdates',
      code: 'NOTHING_LEFT',
      en: 'the exceptions leave no occurrence',
      vi: 'các ngoại lệ không để lại lần phát nào',
    },
  ];
}

function tooMany(field: string, count: number, most: number): ScheduleProblem[] {
  if (count <= most) return [];
  return [
    {
      field,
      code: 'TOO_MANY',
      en: `${field} has ${count} entries; ${most} are allowed`,
      vi: `${field} có ${count} mục; chỉ cho phép ${most}`,
    },
  ];
}

function notATime(field: string): ScheduleProblem {
  return {
    field,
    code: 'LOCAL_TIME',
    en: `${field} must be a real local time as 2027-02-06T05:00:00, of the years ${FIRST_YEAR} to ${LAST_YEAR}`,
    vi: `${field} phải là thời điểm có thật theo giờ Việt Nam, dạng 2027-02-06T05:00:00, trong các năm ${FIRST_YEAR}–${LAST_YEAR}`,
  };
}

function notInRule(first: number | undefined): ScheduleProblem {
  if (first === undefined)
    return {
      field: 'rrule',
      code: 'NEVER',
      en: 'the rule names no day at all from startsAt on',
      vi: 'quy tắc không có ngày nào kể từ startsAt',
    };
  const at = formatLocal(first);
  return {
    field: 'startsAt',
    code: 'NOT_IN_RULE',
    en: `startsAt must be a day of the rule; the first one from then on is ${at}`,
    vi: `startsAt phải là một ngày thuộc quy tắc; ngày đầu tiên kể từ đó là ${at}`,
  };
}

function notAnOccurrence(field: string, id: string): ScheduleProblem {
  return {
    field,
    code: 'NOT_AN_OCCURRENCE',
    en: `${field}: the programme has no occurrence at ${id}`,
    vi: `${field}: chương trình không có lần phát nào vào ${id}`,
  };
}

function saidTwice(field: string, id: string): ScheduleProblem {
  return {
    field,
    code: 'TWICE',
    en: `${field}: ${id} is taken out or moved already`,
    vi: `${field}: lần phát ${id} đã bị bỏ hoặc đã được dời`,
  };
}
