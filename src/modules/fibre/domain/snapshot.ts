import type { FibreFigures } from './fibre-rules.js';

/** A unit by its code and name, as it was called when the quarter was closed. */
export interface NamedUnit {
  code: string;
  name: string;
}

/** What a snapshot keeps of one operator in one commune or hamlet. */
export interface SnapshotRow extends FibreFigures {
  communeCode: string;
  communeName: string;
  hamletCode: string | null;
  hamletName: string | null;
  operatorCode: string;
  source: string | null;
  /** Custom attributes by name; what they may be the module `attributes` says. */
  attributes: Readonly<Record<string, string | number | boolean | string[]>>;
}

/** The row of one commune or hamlet and operator within its quarter. */
export function rowKey(row: {
  communeCode: string;
  hamletCode?: string | null;
  operatorCode: string;
}): string {
  return JSON.stringify([row.communeCode, row.hamletCode ?? '', row.operatorCode]);
}

/** By commune, hamlet and operator, as code points order them: the commune's own row before those of its hamlets. */
export function compareRows(a: SnapshotRow, b: SnapshotRow): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return (
    order(a.communeCode, b.communeCode) ||
    order(a.hamletCode ?? '', b.hamletCode ?? '') ||
    order(a.operatorCode, b.operatorCode)
  );
}

/**
 * The text whose SHA-256 stands for a snapshot: a line per row in the order of `compareRows`, with a line feed between them.
 * A line is a JSON array without blanks: quarter, commune code and name, hamlet code and name, units above the commune from
 * below ([[code, name], …]), operator, households, passed, connected, with 25/3, with 100/20,  source; null is unknown.
 * A row with custom attributes has them last: [[name, value], …] in the order of the names. Others have nothing there: quarters
 * that were closed before there were attributes keep their sums.
 */
export function canonicalText(
  quarter: string,
  rows: readonly SnapshotRow[],
  parentsOf: (communeCode: string) => readonly NamedUnit[],
): string {
  return rows
    .map((row) =>
      JSON.stringify([
        quarter,
        row.communeCode,
        row.communeName,
        row.hamletCode,
        row.hamletName,
        parentsOf(row.communeCode).map(({ code, name }) => [code, name]),
        row.operatorCode,
        row.households,
        row.passed,
        row.connected,
        row.passed25Mbps ?? null,
        row.passed100Mbps ?? null,
        row.source,
        ...attributesOf(row),
      ]),
    )
    .join('\n');
}

function attributesOf({ attributes }: SnapshotRow): unknown[] {
  const entries = Object.entries(attributes);
  return entries.length === 0 ? [] : [entries.sort(([a], [b]) => (a < b ? -1 : 1))];
}
