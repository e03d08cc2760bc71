/** What sites can be counted by. */
export const COUNT_DIMENSIONS = [
  'operator',
  'technology',
  'band',
  'owner',
  'status',
  'reason',
  'confidence',
  'structure',
  'mastClass',
  'power',
  'backhaul',
  'tenants',
  'certificate',
  'commune',
  'district',
  'province',
] as const;
export type CountDimension = (typeof COUNT_DIMENSIONS)[number];
/** A custom attribute of sites: its name stands behind the dot. */
export type AttributeDimension = `attr.${string}`;

/** The dimensions that are read from the cells: a site is counted once for each value that its cells have. */
export const CELL_DIMENSIONS: readonly CountDimension[] = ['technology', 'band'];
export const UNIT_DIMENSIONS: readonly CountDimension[] = ['commune', 'district', 'province'];

/** Of an inspection certificate on a day. `due`: it expires within the days that are asked for. */
export const CERTIFICATE_STATES = ['expired', 'due', 'none', 'valid'] as const;
export type CertificateState = (typeof CERTIFICATE_STATES)[number];

const LONGEST_DAYS = 3660;

/** A span of days as it is written in a query: `90d` or `90`. Undefined for anything else, or more than ten years. */
export function parseDays(text: string): number | undefined {
  const match = /^(\d{1,4})d?$/.exec(text);
  const days = Number(match?.[1]);
  return match && days <= LONGEST_DAYS ? days : undefined;
}
