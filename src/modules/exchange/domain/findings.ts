export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Conformance: can it be read and stored; quality: is it likely true; information: what was done with it. */
export const GROUPS = ['conformance', 'quality', 'information'] as const;
export type Group = (typeof GROUPS)[number];

/** One thing found in a file. */
export interface Finding {
  severity: Severity;
  group: Group;
  code: string;
  /** As the table program numbers it; null: the file as a whole. */
  row: number | null;
  /** The heading in the file; null: the row as a whole. */
  column: string | null;
  value: string | null;
  message: string;
  messageVi: string;
}

export interface Said {
  code: string;
  en: string;
  vi: string;
}

const QUALITY = new Set([
  'SWAPPED',
  'OUTSIDE',
  'COMMUNE_MISMATCH',
  'DUPLICATE_IN_FILE',
  'NEAR_DUPLICATE',
  'UNIT',
  'NEGATIVE',
  'RANGE',
  'BAND',
  'JURISDICTION',
  'HAMLETS_EXCEED',
  'FUTURE',
]);
const VALUE_CHARS = 200;

export function finding(
  severity: Severity,
  { code, en, vi }: Said,
  at: { row?: number | null; column?: string | null; value?: unknown } = {},
): Finding {
  const text = at.value === null || at.value === undefined ? null : shown(at.value);
  return {
    severity,
    group: severity === 'info' ? 'information' : QUALITY.has(code) ? 'quality' : 'conformance',
    code,
    row: at.row ?? null,
    column: at.column ?? null,
    value: text === null ? null : text.slice(0, VALUE_CHARS),
    message: en,
    messageVi: vi,
  };
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
