import { AREA_KINDS, mayLieIn, type AreaDraft, type AreaKind, type Violation } from './area-rules.js';
import { periodContains, periodsOverlap, periodWithin, type Period } from './dates.js';

/** A unit that is stored already, as far as the rules between units need it. */
export interface KnownArea extends Period {
  code: string;
  kind: AreaKind;
  parentCode: string | null;
}

/** A refusal of one of several rows. */
export interface RowViolation extends Violation {
  row: number;
}

interface Entry extends KnownArea {
  row: number | null;
}

export function naturalKey(area: { code: string; validFrom: string }): string {
  return `${area.code}|${area.validFrom}`;
}

/**
 * What is wrong with rows as a set, put upon what is stored: a code twice, periods of one code that overlap, a parent that
 * is missing, of the wrong kind, or not in force all the time, and children left without their parent.
 * Rows that are wrong by themselves (`checkArea`) must not be handed in.
 */
export function checkAreaSet(known: readonly KnownArea[], rows: readonly AreaDraft[]): RowViolation[] {
  const found: RowViolation[] = [];
  const entries = new Map<string, Entry>(known.map((area) => [naturalKey(area), { ...area, row: null }]));
  rows.forEach((draft, row) => {
    const before = entries.get(naturalKey(draft));
    if (before && before.row !== null) found.push({ row, ...duplicate(draft) });
    else if (before && before.kind !== draft.kind) found.push({ row, ...otherKind(before.kind) });
    entries.set(naturalKey(draft), { ...draft, kind: draft.kind as AreaKind, row });
  });
  const byCode = new Map<string, Entry[]>();
  for (const entry of entries.values()) byCode.set(entry.code, [...(byCode.get(entry.code) ?? []), entry]);

  const changedCodes = new Set(rows.map(({ code }) => code));
  for (const entry of entries.values()) {
    if (entry.row !== null) {
      const row = entry.row;
      const overlapping = byCode
        .get(entry.code)
        ?.find((other) => other !== entry && periodsOverlap(other, entry));
      if (overlapping) found.push({ row, ...overlap(overlapping) });
      const problem = parentProblem(entry, byCode);
      if (problem) found.push({ row, ...problem });
    } else if (entry.parentCode !== null && changedCodes.has(entry.parentCode)) {
      if (parentProblem(entry, byCode)) found.push({ row: rowOf(entry.parentCode, rows), ...orphan(entry) });
    }
  }
  return found.sort((a, b) => a.row - b.row);
}

/** Row numbers in an order in which parents come before their children. */
export function parentsFirst(rows: readonly { kind: string; validFrom: string }[]): number[] {
  const level = (row: number) => AREA_KINDS.findIndex((kind) => kind === rows[row]?.kind);
  const from = (row: number) => rows[row]?.validFrom ?? '';
  return rows
    .map((_, row) => row)
    .sort((a, b) => level(a) - level(b) || (from(a) < from(b) ? -1 : from(a) > from(b) ? 1 : a - b));
}

function rowOf(code: string, rows: readonly AreaDraft[]): number {
  return rows.findIndex((draft) => draft.code === code);
}

function parentProblem(entry: Entry, byCode: Map<string, Entry[]>): Violation | undefined {
  if (entry.parentCode === null) return undefined;
  const parent = byCode.get(entry.parentCode)?.find((area) => periodContains(area, entry.validFrom));
  if (!parent)
    return {
      field: 'parentCode',
      code: 'PARENT_MISSING',
      en: `no unit has the code "${entry.parentCode}" on ${entry.validFrom}`,
      vi: `không có đơn vị nào mang mã "${entry.parentCode}" vào ngày ${entry.validFrom}`,
    };
  if (!mayLieIn(entry.kind, parent.kind))
    return {
      field: 'parentCode',
      code: 'PARENT_KIND',
      en: `a ${entry.kind} cannot lie in a ${parent.kind}`,
      vi: `cấp ${entry.kind} không thể trực thuộc cấp ${parent.kind}`,
    };
  if (!periodWithin(entry, parent))
    return {
      field: 'validTo',
      code: 'PARENT_PERIOD',
      en: `the parent "${parent.code}" is in force until ${parent.validTo ?? 'further notice'} only`,
      vi: `đơn vị cha "${parent.code}" chỉ có hiệu lực đến ${parent.validTo ?? 'khi có thông báo mới'}`,
    };
  return undefined;
}

function duplicate({ code, validFrom }: AreaDraft): Violation {
  return {
    field: 'code',
    code: 'DUPLICATE',
    en: `the unit "${code}" from ${validFrom} is given twice`,
    vi: `đơn vị "${code}" từ ngày ${validFrom} bị ghi hai lần`,
  };
}

function otherKind(kind: AreaKind): Violation {
  return {
    field: 'kind',
    code: 'IDENTITY',
    en: `this unit is stored as a ${kind}; the kind of a unit cannot change`,
    vi: `đơn vị này đã được lưu là cấp ${kind}; không thể đổi cấp`,
  };
}

function overlap(other: KnownArea): Violation {
  return {
    field: 'validFrom',
    code: 'OVERLAP',
    en: `the code is in use from ${other.validFrom} to ${other.validTo ?? 'further notice'} already`,
    vi: `mã này đã được dùng từ ${other.validFrom} đến ${other.validTo ?? 'khi có thông báo mới'}`,
  };
}

function orphan(child: KnownArea): Violation {
  return {
    field: 'validTo',
    code: 'CHILDREN',
    en: `the unit "${child.code}" in it is in force from ${child.validFrom} to ${child.validTo ?? 'further notice'}`,
    vi: `đơn vị trực thuộc "${child.code}" có hiệu lực từ ${child.validFrom} đến ${child.validTo ?? 'khi có thông báo mới'}`,
  };
}
