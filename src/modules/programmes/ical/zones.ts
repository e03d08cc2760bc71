import { formatLocal, localOf, parseLocal } from '../domain/local-time.js';

/** How the times of a property are meant. */
export type Zone =
  /** By the clocks of Việt Nam, or by no clock in particular. */
  | { kind: 'LOCAL' }
  | { kind: 'UTC' }
  /** A zone of the IANA database. */
  | { kind: 'OTHER'; id: string };

/** Zones with the clocks of Việt Nam; what Windows calls it too. */
const LIKE_VIET_NAM = new Set([
  'asia/ho_chi_minh',
  'asia/saigon',
  'asia/bangkok',
  'asia/phnom_penh',
  'asia/vientiane',
  'indian/christmas',
  'etc/gmt-7',
  'se asia standard time',
]);
const UTC = new Set(['utc', 'etc/utc', 'gmt', 'etc/gmt', 'z']);

/** Undefined for a zone that nobody knows. Some programs put words before the name: `/example.org/Asia/Ho_Chi_Minh`. */
export function zoneOf(tzid: string | undefined): Zone | undefined {
  if (tzid === undefined) return { kind: 'LOCAL' };
  const id = tzid.startsWith('/') ? tzid.split('/').slice(-2).join('/') : tzid;
  const key = id.toLowerCase();
  if (LIKE_VIET_NAM.has(key)) return { kind: 'LOCAL' };
  if (UTC.has(key)) return { kind: 'UTC' };
  return formatOf(id) === undefined ? undefined : { kind: 'OTHER', id };
}

/**
 * A wall-clock time of a zone as the clocks of Việt Nam show the same instant. An hour that the zone's clocks show twice is
 * taken as the first of them; one that they pass over as if they had not (RFC 5545, 3.3.5). Undefined when it is no time.
 */
export function toVietNam(text: string, zone: Zone): string | undefined {
  const wallMs = parseLocal(text);
  if (wallMs === undefined) return undefined;
  if (zone.kind === 'LOCAL') return text;
  const instantMs = zone.kind === 'UTC' ? wallMs : instantIn(zone.id, wallMs);
  const local = formatLocal(localOf(instantMs));
  return parseLocal(local) === undefined ? undefined : local;
}

const HOUR_MS = 3_600_000;

function instantIn(id: string, wallMs: number): number {
  // With what the clock is ahead of UTC well before and well after, it is one of two instants.
  const before = wallMs - aheadMs(id, wallMs - 24 * HOUR_MS);
  const after = wallMs - aheadMs(id, wallMs + 24 * HOUR_MS);
  const shown = [before, after].sort((a, b) => a - b).filter((at) => at + aheadMs(id, at) === wallMs);
  return shown[0] ?? before;
}

function aheadMs(id: string, instantMs: number): number {
  const shown = formatOf(id)?.format(instantMs).replace(' ', 'T') ?? '';
  return Date.parse(`${shown}Z`) - instantMs;
}

/** As many as there are zones, whatever files are read. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(id: string): Intl.DateTimeFormat | undefined {
  const key = id.toLowerCase();
  const known = formats.get(key);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: id,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(key, format);
    return format;
  } catch {
    return undefined;
  }
}
