import type { QuietHours } from './messages/desired.js';

const DAY_MIN = 24 * 60;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether only EMERGENCY may be heard at an instant. `from` is inside, `to` is outside. Throws RangeError for an unknown zone. */
export function isQuiet(hours: readonly QuietHours[], timeZone: string, atMs: number): boolean {
  if (hours.length === 0) return false;
  const now = minuteOfDay(timeZone, atMs);
  return hours.some(({ from, to }) => {
    const start = minutes(from);
    const end = minutes(to);
    if (start === end) return true;
    return start < end ? start <= now && now < end : now >= start || now < end;
  });
}

/**
 * Milliseconds until quiet hours begin: 0 within them, undefined when there are none. Counts by the wall clock of the zone
 * and so is an hour off across a change to or from summer time, which Vietnam has not.
 */
export function msUntilQuiet(
  hours: readonly QuietHours[],
  timeZone: string,
  atMs: number,
): number | undefined {
  if (hours.length === 0) return undefined;
  if (isQuiet(hours, timeZone, atMs)) return 0;
  const now = minuteOfDay(timeZone, atMs);
  const wait = Math.min(...hours.map(({ from }) => (minutes(from) - now + DAY_MIN) % DAY_MIN));
  return wait * 60_000 - (((atMs % 60_000) + 60_000) % 60_000);
}

function minutes(localTime: string): number {
  return Number(localTime.slice(0, 2)) * 60 + Number(localTime.slice(3, 5));
}

function minuteOfDay(timeZone: string, atMs: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  return minutes(format.format(atMs));
}
