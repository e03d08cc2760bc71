import { DAY_MS, formatLocal, instantOf, localMsOf, localOf, parseLocal } from './local-time.js';
import { formatRule, parseRule } from './rule.js';
import { membersOf, seriesFrom, type Schedule, type Series } from './schedule.js';

export interface Occurrence {
  /** The local time at which it would begin had nobody moved it. */
  recurrenceId: string;
  /** When it begins, in milliseconds since 1970 UTC. */
  startMs: number;
  /** It begins at another time than its rule says. */
  moved: boolean;
}

/**
 * The occurrences that begin at or after `fromMs` and before `toMs`, by their beginning, then by recurrenceId. Of a schedule
 * without problems (`checkSchedule`). There is one a day at most, besides those moved there, and none after 2099: a rule
 * without end is no work without end.
 */
export function occurrencesBetween(schedule: Schedule, fromMs: number, toMs: number): Occurrence[] {
  const found: Occurrence[] = [];
  const gone = new Set(schedule.exdates);
  for (const { recurrenceId, startsAt } of schedule.overrides) {
    gone.add(recurrenceId);
    const startMs = instantOf(localMsOf(startsAt));
    if (startMs >= fromMs && startMs < toMs) found.push({ recurrenceId, startMs, moved: true });
  }
  const before = localOf(toMs);
  for (const localMs of seriesFrom(seriesOf(schedule), localOf(fromMs))) {
    if (!(localMs < before)) break;
    const recurrenceId = formatLocal(localMs);
    if (!gone.has(recurrenceId)) found.push({ recurrenceId, startMs: instantOf(localMs), moved: false });
  }
  return found.sort((a, b) => a.startMs - b.startMs || (a.recurrenceId < b.recurrenceId ? -1 : 1));
}

/** Which of some local times its rule names, before any exception; in order. */
export function namedByRule(schedule: Schedule, times: readonly string[]): string[] {
  const members = membersOf(
    seriesOf(schedule),
    times.flatMap((time) => parseLocal(time) ?? []),
  );
  return [...members].map(formatLocal);
}

/** When its last occurrence begins, or null if it has no end before the end of the calendar. For what is over or not. */
export function lastStartMs(schedule: Schedule): number | null {
  const series = seriesOf(schedule);
  if (series.rule !== null && series.rule.count === null && series.rule.untilMs === null) return null;
  const all = occurrencesBetween(schedule, -Infinity, Infinity);
  return all.at(-1)?.startMs ?? null;
}

export interface SplitSchedule {
  /** null when nothing is left before the named one. */
  before: Schedule | null;
  following: Schedule;
}

/**
 * "This and all following": two schedules that together have the occurrences of the one, the second beginning with the
 * named one, so it can be changed apart. Exceptions go to the side of the occurrence they are about. Undefined when
 * there is no such occurrence.
 */
export function splitSchedule(schedule: Schedule, recurrenceId: string): SplitSchedule | undefined {
  const series = seriesOf(schedule);
  const at = localMsOf(recurrenceId);
  if (!membersOf(series, [at]).has(at) || schedule.exdates.includes(recurrenceId)) return undefined;
  let last: number | undefined;
  let count = 0;
  for (const each of seriesFrom(series, series.startMs)) {
    if (each >= at) break;
    last = each;
    count += 1;
  }
  const { rule } = series;
  if (last === undefined || rule === null) return { before: null, following: schedule };
  const left = rule.count === null ? null : rule.count - count;
  const before: Schedule = {
    startsAt: schedule.startsAt,
    rrule: formatRule({ ...rule, count: null, untilMs: last }),
    exdates: schedule.exdates.filter((id) => id < recurrenceId),
    overrides: schedule.overrides.filter((o) => o.recurrenceId < recurrenceId),
  };
  return {
    before: before.exdates.length < count ? before : null,
    following: {
      startsAt: recurrenceId,
      rrule: formatRule({ ...rule, count: left }),
      exdates: schedule.exdates.filter((id) => id >= recurrenceId),
      overrides: schedule.overrides.filter((o) => o.recurrenceId >= recurrenceId),
    },
  };
}

/**
 * Without what would begin on the days from `firstDay` to `lastDay` (`YYYY-MM-DD`, both included): the days of Tết, say. A
 * moved occurrence counts where it was moved to.
 */
export function skipDays(schedule: Schedule, firstDay: string, lastDay: string): Schedule {
  const fromMs = instantOf(localMsOf(`${firstDay}T00:00:00`));
  const toMs = instantOf(localMsOf(`${lastDay}T00:00:00`) + DAY_MS);
  const gone = new Set(occurrencesBetween(schedule, fromMs, toMs).map((o) => o.recurrenceId));
  return {
    ...schedule,
    exdates: [...new Set([...schedule.exdates, ...gone])].sort(),
    overrides: schedule.overrides.filter((o) => !gone.has(o.recurrenceId)),
  };
}

function seriesOf(schedule: Schedule): Series {
  const startMs = localMsOf(schedule.startsAt);
  if (schedule.rrule === null) return { startMs, rule: null };
  const reading = parseRule(schedule.rrule);
  if (!reading.ok) throw new RangeError(`not a rule: ${reading.wrong.en}`);
  return { startMs, rule: reading.rule };
}
