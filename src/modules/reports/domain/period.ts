/** Việt Nam has been seven hours ahead of UTC, without summer time, since before there were records of plays. */
export const LOCAL_OFFSET = '+07:00';
const DAY_MS = 24 * 3600_000;

/** Days of Việt Nam, both included, and the instants they make up: from `fromMs`, before `toMs`. */
export interface ReportPeriod {
  firstDay: string;
  lastDay: string;
  fromMs: number;
  toMs: number;
}

/** `firstDay` and `lastDay` are days of the calendar, YYYY-MM-DD. Empty where the last is before the first. */
export function periodOfDays(firstDay: string, lastDay: string): ReportPeriod {
  return { firstDay, lastDay, fromMs: midnight(firstDay), toMs: midnight(lastDay) + DAY_MS };
}

/** `month` is YYYY-MM. */
export function periodOfMonth(month: string): ReportPeriod {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const lastDay = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  return periodOfDays(`${month}-01`, lastDay);
}

/** How many days the period has. */
export function daysOf({ fromMs, toMs }: ReportPeriod): number {
  return Math.round((toMs - fromMs) / DAY_MS);
}

/** `YYYY-MM-DD HH:mm:ss` in Việt Nam; null for no time, and for one that no calendar has. */
export function localText(at: Date | null): string | null {
  if (at === null) return null;
  const local = new Date(at.getTime() + 7 * 3600_000);
  if (Number.isNaN(local.getTime())) return null;
  return local.toISOString().slice(0, 19).replace('T', ' ');
}

function midnight(day: string): number {
  return Date.parse(`${day}T00:00:00${LOCAL_OFFSET}`);
}
