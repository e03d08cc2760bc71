import type { QuietHours } from '../../../contract/index.js';
import { fold } from '../domain/text.js';

const NONE = new Set(['khong', '0', 'none']);

/**
 * Spans of the clock as in `21:00-05:00; 11:30-13:00`, or "không" for none at all. Undefined where the cell is empty; null
 * where it cannot be read.
 */
export function quietHoursOf(raw: unknown): QuietHours[] | null | undefined {
  if (typeof raw !== 'string') return undefined;
  if (NONE.has(fold(raw))) return [];
  const spans = raw.split(/[;,\n]/).map((span) => {
    const match = /^\s*(\d{1,2})[:h](\d{2})?\s*(?:-|–|đến|to)\s*(\d{1,2})[:h](\d{2})?\s*$/i.exec(span);
    if (!match) return null;
    const [, fromH = '', fromM = '00', toH = '', toM = '00'] = match;
    return { from: `${fromH.padStart(2, '0')}:${fromM}`, to: `${toH.padStart(2, '0')}:${toM}` };
  });
  return spans.some((span) => span === null) ? null : spans.filter((span) => span !== null);
}

/** Spans as `quietHoursOf` reads them. */
export function quietHoursText(spans: readonly QuietHours[]): string {
  return spans.length === 0 ? 'không' : spans.map(({ from, to }) => `${from}-${to}`).join('; ');
}
