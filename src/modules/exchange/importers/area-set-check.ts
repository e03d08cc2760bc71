import { checkAreaSet, type KnownArea, naturalKey, periodContains } from '../../areas/index.js';
import type { Finding } from '../domain/findings.js';
import type { Columns, ParsedRow } from '../domain/sheet.js';
import { type AreaStaged, draftOf } from './area-draft.js';
import { atField } from './row-rules.js';

/** A row that is right by itself, without its boundary. */
export interface SetRow {
  row: ParsedRow;
  record: AreaStaged;
}

/**
 * What is wrong with the rows of a file as a set, by row number. A row that is refused takes those with it that cannot be
 * without it: what is left can be stored as it is. `own`: keys of the units that the importer may change; null: all.
 */
export function checkRowsAsSet(
  columns: Columns,
  known: readonly KnownArea[],
  rows: readonly SetRow[],
  own: ReadonlySet<string> | null,
): Map<number, Finding[]> {
  const found = new Map<number, Finding[]>();
  const add = ({ row }: SetRow, said: { field: string; code: string; en: string; vi: string }) =>
    found.set(row.row, [...(found.get(row.row) ?? []), atField(columns, row, said.field, said)]);
  const mayChange = own === null ? () => true : jurisdiction(known, rows, own);
  let left = rows.filter((entry) => {
    if (mayChange(entry.record)) return true;
    add(entry, {
      field: 'code',
      code: 'JURISDICTION',
      en: 'the unit lies outside of the area you are responsible for',
      vi: 'đơn vị nằm ngoài địa bàn bạn phụ trách',
    });
    return false;
  });
  for (;;) {
    const violations = checkAreaSet(
      known,
      left.map(({ record }) => draftOf(record)),
    );
    if (violations.length === 0) return found;
    const refused = new Set(violations.map(({ row }) => row));
    for (const violation of violations) {
      const entry = left[violation.row];
      if (entry) add(entry, violation);
    }
    left = left.filter((_, i) => !refused.has(i));
  }
}

/** A unit of one's own may be changed, and units may be added in one's own; moved, when both are one's own. */
function jurisdiction(
  known: readonly KnownArea[],
  rows: readonly SetRow[],
  own: ReadonlySet<string>,
): (record: AreaStaged) => boolean {
  const stored = new Map(known.map((area) => [naturalKey(area), area]));
  const inFile = rows.map(({ record }) => record).filter((record) => !stored.has(naturalKey(record)));
  const mayAddTo = (code: string | null, date: string, depth = 0): boolean => {
    if (code === null || depth > 3) return false;
    const holds = (area: { code: string; validFrom: string; validTo: string | null }) =>
      area.code === code && periodContains(area, date);
    const parent = known.find(holds);
    if (parent) return own.has(naturalKey(parent));
    const added = inFile.find(holds);
    return added !== undefined && mayAddTo(added.parentCode, added.validFrom, depth + 1);
  };
  return (record) => {
    const before = stored.get(naturalKey(record));
    if (before && !own.has(naturalKey(record))) return false;
    if (before && before.parentCode === record.parentCode) return true;
    return mayAddTo(record.parentCode, record.validFrom);
  };
}
