/** Where the administrative day begins at midnight. */
export const LOCAL_TIME_ZONE = 'Asia/Ho_Chi_Minh';

const format = new Intl.DateTimeFormat('en-CA', {
  timeZone: LOCAL_TIME_ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The day (YYYY-MM-DD) that an instant falls on in Vietnam. */
export function localDate(at: Date): string {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** Says whether a text is a day of the calendar written YYYY-MM-DD, of the years 1900 to 2999. */
export function isIsoDate(text: string): boolean {
  if (!/^(19|2\d)\d\d-\d\d-\d\d$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** A half-open period of days: `validFrom` is inside, `validTo` is outside; null = without an end. */
export interface Period {
  validFrom: string;
  validTo: string | null;
}

export function periodContains(period: Period, date: string): boolean {
  return period.validFrom <= date && (period.validTo === null || date < period.validTo);
}

export function periodsOverlap(a: Period, b: Period): boolean {
  return (b.validTo === null || a.validFrom < b.validTo) && (a.validTo === null || b.validFrom < a.validTo);
}

/** Says whether every day of `inner` is a day of `outer`. */
export function periodWithin(inner: Period, outer: Period): boolean {
  if (inner.validFrom < outer.validFrom) return false;
  return outer.validTo === null || (inner.validTo !== null && inner.validTo <= outer.validTo);
}
