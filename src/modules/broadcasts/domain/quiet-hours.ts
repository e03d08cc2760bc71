import { isQuiet, msUntilQuiet, type QuietHours } from '../../../contract/index.js';

/**
 * The first moment of quiet hours within [fromMs, untilMs), or undefined when a play of that time is heard in none. The
 * cluster applies the same rule of the contract by its own clock; this one refuses what would be cut off there.
 */
export function firstQuietMs(
  hours: readonly QuietHours[],
  timeZone: string,
  fromMs: number,
  untilMs: number,
): number | undefined {
  if (isQuiet(hours, timeZone, fromMs)) return fromMs;
  const waitMs = msUntilQuiet(hours, timeZone, fromMs);
  return waitMs !== undefined && fromMs + waitMs < untilMs ? fromMs + waitMs : undefined;
}
