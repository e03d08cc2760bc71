import { isAreaCode } from '../../../contract/index.js';
import { parseAreaGeometry, polygonsOf, type MultiPolygon } from '../../../geo/index.js';
import { isIsoDate, type Period } from './dates.js';

export const AREA_KINDS = ['province', 'district', 'commune'] as const;
export type AreaKind = (typeof AREA_KINDS)[number];

/** Kinds a unit may lie in. Since 2025-07-01 communes lie directly in a province (Law 72/2025/QH15 has no districts). */
const PARENT_KINDS: Readonly<Record<AreaKind, readonly AreaKind[]>> = {
  province: [],
  district: ['province'],
  commune: ['province', 'district'],
};

/** How a unit of each kind calls itself. */
export const AREA_TYPES: Readonly<Record<AreaKind, readonly string[]>> = {
  province: ['Tỉnh', 'Thành phố'],
  district: ['Huyện', 'Quận', 'Thị xã', 'Thành phố'],
  commune: ['Xã', 'Phường', 'Thị trấn', 'Đặc khu'],
};

/** A value that a rule refuses: which field, and what is right, in both languages. */
export interface Violation {
  field: string;
  code: string;
  en: string;
  vi: string;
}

/** A unit as someone writes it down; the boundary is whatever came. */
export interface AreaDraft extends Period {
  code: string;
  kind: string;
  type: string;
  name: string;
  fullName: string;
  parentCode: string | null;
  population: number | null;
  populationBasis: string;
  households: number | null;
  householdsBasis: string;
  boundary: unknown;
}

/** Codes fit a topic of the broker: the contract's pattern, in small letters. */
export function isUnitCode(code: string): boolean {
  return isAreaCode(code) && code === code.toLowerCase();
}

export function mayLieIn(kind: AreaKind, parentKind: AreaKind): boolean {
  return PARENT_KINDS[kind].includes(parentKind);
}

/** Everything that is wrong with a unit taken by itself; empty when it can be stored. */
export function checkArea(draft: AreaDraft): Violation[] {
  return [
    ...checkIdentity(draft),
    ...checkPeriod(draft),
    ...checkText(draft),
    ...checkCount('population', draft.population),
    ...checkCount('households', draft.households),
  ];
}

function checkIdentity({ code, kind, type, parentCode }: AreaDraft): Violation[] {
  const found: Violation[] = [];
  if (!isUnitCode(code))
    found.push({
      field: 'code',
      code: 'PATTERN',
      en: 'code must be 1 to 32 small letters a–z, digits or hyphens',
      vi: 'code phải gồm 1 đến 32 chữ thường a–z, chữ số hoặc dấu gạch nối',
    });
  const known = AREA_KINDS.find((k) => k === kind);
  if (!known) {
    found.push({
      field: 'kind',
      code: 'KIND',
      en: `kind must be one of ${AREA_KINDS.join(', ')}`,
      vi: `kind phải là một trong: ${AREA_KINDS.join(', ')}`,
    });
    return found;
  }
  if (!AREA_TYPES[known].includes(type))
    found.push({
      field: 'type',
      code: 'TYPE',
      en: `type of a ${known} must be one of ${AREA_TYPES[known].join(', ')}`,
      vi: `type của cấp ${known} phải là một trong: ${AREA_TYPES[known].join(', ')}`,
    });
  if ((known === 'province') !== (parentCode === null))
    found.push({
      field: 'parentCode',
      code: 'PARENT',
      en: known === 'province' ? 'a province has no parent' : `a ${known} needs the code of its parent`,
      vi: known === 'province' ? 'cấp tỉnh không có đơn vị cha' : `cấp ${known} phải có mã đơn vị cha`,
    });
  return found;
}

function checkPeriod({ validFrom, validTo }: Period): Violation[] {
  const found: Violation[] = [];
  for (const [field, date] of Object.entries({ validFrom, validTo }))
    if (date !== null && !isIsoDate(date))
      found.push({
        field,
        code: 'DATE',
        en: `${field} must be a date YYYY-MM-DD`,
        vi: `${field} phải là ngày theo dạng YYYY-MM-DD`,
      });
  if (found.length === 0 && validTo !== null && validTo <= validFrom)
    found.push({
      field: 'validTo',
      code: 'ORDER',
      en: 'validTo must be after validFrom (it is the first day on which the unit is no longer in force)',
      vi: 'validTo phải sau validFrom (là ngày đầu tiên đơn vị không còn hiệu lực)',
    });
  return found;
}

function checkText(draft: AreaDraft): Violation[] {
  return (['name', 'fullName', 'populationBasis', 'householdsBasis'] as const)
    .filter((field) => draft[field].trim() === '' || draft[field].length > 200)
    .map((field) => ({
      field,
      code: 'TEXT',
      en: `${field} must be 1 to 200 characters`,
      vi: `${field} phải có từ 1 đến 200 ký tự`,
    }));
}

function checkCount(field: string, value: number | null): Violation[] {
  if (value === null || (Number.isInteger(value) && value >= 0 && value <= 200_000_000)) return [];
  return [
    {
      field,
      code: 'COUNT',
      en: `${field} must be a whole number from 0, or null when unknown`,
      vi: `${field} phải là số nguyên từ 0, hoặc null nếu chưa biết`,
    },
  ];
}

/** Positions are kept to 7 decimals of a degree, about a centimetre. */
const rounded = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;

/**
 * A boundary from outside as the MultiPolygon that is stored: two coordinates a position, nothing else of the input. Whether
 * its rings cross each other is for the database to say.
 */
export function readBoundary(value: unknown): { boundary: MultiPolygon | null; violations: Violation[] } {
  if (value === null || value === undefined) return { boundary: null, violations: [] };
  const parsed = parseAreaGeometry(value);
  if (!parsed.ok) {
    const field = parsed.path === '' ? 'boundary' : `boundary.${parsed.path}`;
    const { messageEn: en, messageVi: vi } = parsed;
    return { boundary: null, violations: [{ field, code: 'GEOMETRY', en, vi }] };
  }
  const coordinates = polygonsOf(parsed.geometry).map((rings) =>
    rings.map((ring) => ring.map(([lon, lat]): [number, number] => [rounded(lon), rounded(lat)])),
  );
  return { boundary: { type: 'MultiPolygon', coordinates }, violations: [] };
}
