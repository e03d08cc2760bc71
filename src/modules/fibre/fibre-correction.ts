import { randomUUID } from 'node:crypto';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { checkAttributes, mergeAttributes, type Attribute } from '../attributes/index.js';
import { checkFigures, type FibreFigures } from './domain/fibre-rules.js';
import { compareRows, rowKey } from './domain/snapshot.js';
import type { SnapshotEntry } from './fibre-snapshots.store.js';
import { isSameFibre } from './fibre-store.js';
import type { FibreRow } from './fibre.types.js';
import type { QuarterUnit } from './quarter-figures.js';

export interface CorrectionKey {
  communeCode: string;
  hamletCode?: string | null;
  operatorCode: string;
}

/** What is to be right in a closed quarter. */
export interface Correction {
  /** The version that is corrected: it must be the latest. */
  predecessor: number;
  reason: string;
  /** Rows as they are right, over those of the predecessor. */
  rows: readonly (CorrectionKey &
    FibreFigures & { source?: string | null; attributes?: Readonly<Record<string, unknown>> })[];
  /** Rows that should not be there. */
  remove?: readonly CorrectionKey[];
}

export interface Corrected {
  rows: FibreRow[];
  changes: {
    id: string;
    action: 'create' | 'update' | 'delete';
    before: FibreRow | null;
    after: FibreRow | null;
  }[];
}

/** The predecessor's rows with the correction put in. Throws 400 with every problem of it. */
export function corrected(
  quarter: string,
  entries: readonly SnapshotEntry[],
  units: readonly QuarterUnit[],
  operators: ReadonlySet<string>,
  definitions: readonly Attribute[],
  { rows: given, remove = [] }: Correction,
): Corrected {
  const before = new Map(
    entries.map(({ nr: _nr, parents: _parents, ...row }): [string, FibreRow] => [rowKey(row), row]),
  );
  const rows = new Map(before);
  const problems: FieldProblem[] = [];
  const refuse = (field: string, code: string, en: string, vi: string) =>
    problems.push(fieldProblem(field, code, { en, vi }));
  const named = new Set<string>();
  const once = (field: string, key: string) => {
    if (named.has(key)) refuse(field, 'DUPLICATE', 'the row is named twice', 'dòng này được nêu hai lần');
    named.add(key);
  };
  remove.forEach((key, i) => {
    once(`remove.${i}`, rowKey(key));
    if (!rows.delete(rowKey(key)))
      refuse(`remove.${i}`, 'UNKNOWN', 'the snapshot has no such row', 'bản chốt không có dòng này');
  });
  given.forEach((row, i) => {
    once(`rows.${i}`, rowKey(row));
    for (const { field, code, en, vi } of checkFigures(row)) refuse(`rows.${i}.${field}`, code, en, vi);
    if (!operators.has(row.operatorCode))
      refuse(
        `rows.${i}.operatorCode`,
        'OPERATOR',
        `there is no operator "${row.operatorCode}"`,
        `không có nhà mạng "${row.operatorCode}"`,
      );
    const commune = units.find(({ code }) => code === row.communeCode);
    const hamlet = commune?.hamlets.find(({ code }) => code === row.hamletCode);
    if (!commune || ((row.hamletCode ?? null) !== null && !hamlet)) {
      const [field, code] = commune ? ['hamletCode', row.hamletCode] : ['communeCode', row.communeCode];
      refuse(
        `rows.${i}.${field}`,
        'UNIT',
        `the snapshot has no unit "${code}"`,
        `bản chốt không có đơn vị "${code}"`,
      );
      return;
    }
    const was = before.get(rowKey(row));
    const is: FibreRow = {
      id: was?.id ?? randomUUID(),
      areaId: commune.id,
      communeCode: commune.code,
      communeName: commune.name,
      hamletId: hamlet?.id ?? null,
      hamletCode: hamlet?.code ?? null,
      hamletName: hamlet?.name ?? null,
      operatorCode: row.operatorCode,
      quarter,
      households: row.households,
      passed: row.passed,
      connected: row.connected,
      passed25Mbps: row.passed25Mbps ?? null,
      passed100Mbps: row.passed100Mbps ?? null,
      source: row.source ?? null,
      attributes: mergeAttributes(was?.attributes ?? {}, row.attributes),
      version: (was?.version ?? 0) + 1,
    };
    if (was && isSameFibre(was, is)) return;
    for (const { field, code, en, vi } of checkAttributes(definitions, is.attributes, was?.attributes))
      refuse(`rows.${i}.${field}`, code, en, vi);
    rows.set(rowKey(row), is);
  });
  if (problems.length > 0) throw Problem.invalid(problems);
  const changes = [...named].flatMap((key): Corrected['changes'] => {
    const [was, is] = [before.get(key) ?? null, rows.get(key) ?? null];
    const id = (is ?? was)?.id;
    if (id === undefined || was === is) return [];
    return [{ id, action: was ? (is ? 'update' : 'delete') : 'create', before: was, after: is }];
  });
  if (changes.length === 0)
    throw Problem.invalidField('rows', 'NO_CHANGE', {
      en: 'the correction changes nothing',
      vi: 'bản đính chính không thay đổi gì',
    });
  return { rows: [...rows.values()].sort(compareRows), changes };
}
