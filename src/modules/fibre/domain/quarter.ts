const QUARTER = /^([12]\d{3})-?[Qq]([1-4])$/;
const LAST_DAYS = ['03-31', '06-30', '09-30', '12-31'];

/** A quarter as it is stored, `2025Q2`; `2025-Q2` and small letters are understood. Undefined for anything else. */
export function parseQuarter(text: string): string | undefined {
  const match = QUARTER.exec(text.trim());
  return match ? `${match[1]}Q${match[2]}` : undefined;
}

/** The last day of a stored quarter: the day on which its communes must be in force. */
export function lastDayOf(quarter: string): string {
  return `${quarter.slice(0, 4)}-${LAST_DAYS[Number(quarter.slice(5)) - 1] ?? ''}`;
}

export function firstDayOf(quarter: string): string {
  return `${quarter.slice(0, 4)}-${['01', '04', '07', '10'][Number(quarter.slice(5)) - 1] ?? ''}-01`;
}
