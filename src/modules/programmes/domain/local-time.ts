/**
 * Wall-clock time of Việt Nam: Asia/Ho_Chi_Minh, +07:00 all year (no summer time; nothing before 1976 is ever asked).
 * A local time is text `YYYY-MM-DDTHH:mm:ss`; reckoned, it is milliseconds as if the wall clock showed UTC, and a day is
 * the number of days since 1970-01-01.
 */
export const ZONE_ID = 'Asia/Ho_Chi_Minh';
const OFFSET_MS = 7 * 3600 * 1000;
export const DAY_MS = 24 * 3600 * 1000;

/** Schedules live within these years, so no rule can go on for ever. */
export const FIRST_YEAR = 2000;
export const LAST_YEAR = 2099;
export const LAST_DAY = dayNumber(LAST_YEAR, 12, 31);

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/;

/** Of a real time of the years of the calendar, else undefined: 30 February and 24:00:00 are none. */
export function parseLocal(text: string): number | undefined {
  const parts = LOCAL.exec(text);
  if (!parts) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second);
  return formatLocal(localMs) === text ? localMs : undefined;
}

/** Like {@link parseLocal}, of a time that was checked before. @throws RangeError on what is none */
export function localMsOf(text: string): number {
  const localMs = parseLocal(text);
  if (localMs === undefined) throw new RangeError(`not a local time: ${text.slice(0, 40)}`);
  return localMs;
}

/** `YYYY-MM-DDTHH:mm:ss` */
export function formatLocal(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 19);
}

/** The instant (milliseconds since 1970 UTC) at which clocks of Việt Nam show it. */
export function instantOf(localMs: number): number {
  return localMs - OFFSET_MS;
}

/** What clocks of Việt Nam show at an instant. */
export function localOf(instantMs: number): number {
  return instantMs + OFFSET_MS;
}

export function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

export interface CivilDay {
  year: number;
  /** 1 to 12 */
  month: number;
  /** 1 to 31 */
  day: number;
}

export function civilOf(day: number): CivilDay {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Monday, 6 is Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
}
