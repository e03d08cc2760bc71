/** A day of the calendar from 1000 to 2999, YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^(1[0-9]|2[0-9])\d\d-\d\d-\d\d$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
