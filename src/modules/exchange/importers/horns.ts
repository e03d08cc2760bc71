import { parseNumber } from '../domain/parse-value.js';
import type { Said } from '../domain/findings.js';
import { fold } from '../domain/text.js';

interface Horn {
  powerW: number;
  azimuthDeg: number;
}

export interface HornColumns {
  hornCount?: unknown;
  hornPowersW?: unknown;
  hornAzimuthsDeg?: unknown;
}

/** What a cell of horns cannot mean, in the column that it stands in. */
export interface HornFault extends Said {
  field: keyof HornColumns;
}

/** More than any cluster has: a list is not made longer than that, the rule on horns tells the rest. */
const MOST = 1000;
const SIDES: Readonly<Record<string, number>> = {
  bac: 0,
  'dong bac': 45,
  dong: 90,
  'dong nam': 135,
  nam: 180,
  'tay nam': 225,
  tay: 270,
  'tay bac': 315,
};

/**
 * The horns that a row means. A column that is not there, or is empty, leaves what is stored; one power stands for every
 * horn; each horn must have a direction.
 */
export function hornsOf(
  columns: HornColumns,
  stored: readonly Horn[],
): { horns: Horn[]; faults: HornFault[] } {
  const faults: HornFault[] = [];
  const powers = listOf('hornPowersW', columns.hornPowersW, /[;|/\n]|,\s+/, faults);
  const azimuths = listOf('hornAzimuthsDeg', columns.hornAzimuthsDeg, /[;|/,\n]/, faults);
  if (faults.length > 0) return { horns: [...stored], faults };
  const { hornCount } = columns;
  const count = typeof hornCount === 'number' ? hornCount : (azimuths?.length ?? stored.length);
  if (!Number.isInteger(count) || count < 0 || count > MOST)
    return {
      horns: [],
      faults: [
        {
          field: 'hornCount',
          code: 'RANGE',
          en: 'the number of horns must be a whole number from 0 to 64',
          vi: 'số loa phải là số nguyên từ 0 đến 64',
        },
      ],
    };
  if (count === 0) return { horns: [], faults };
  const each = <T>(field: keyof HornColumns, given: readonly T[] | undefined, kept: readonly T[]) => {
    if (given && given.length !== count) faults.push(unequal(field, given.length, count));
    else if (!given && kept.length !== count) faults.push(untold(field, count));
    return given ?? kept;
  };
  const onePower = powers?.length === 1 ? powers[0] : undefined;
  const all = each(
    'hornPowersW',
    onePower === undefined ? powers : Array.from({ length: count }, () => onePower),
    stored.map(({ powerW }) => powerW),
  );
  const sides = each(
    'hornAzimuthsDeg',
    azimuths,
    stored.map(({ azimuthDeg }) => azimuthDeg),
  );
  if (faults.length > 0) return { horns: [...stored], faults };
  return { horns: all.map((powerW, i) => ({ ...stored[i], powerW, azimuthDeg: sides[i] ?? 0 })), faults };
}

/** Horns as the columns have them: what `hornsOf` reads back. */
export function hornColumns(horns: readonly Horn[]): Required<HornColumns> {
  return {
    hornCount: horns.length,
    hornPowersW: horns.map(({ powerW }) => powerW).join('; '),
    hornAzimuthsDeg: horns.map(({ azimuthDeg }) => azimuthDeg).join('; '),
  };
}

function listOf(
  field: 'hornPowersW' | 'hornAzimuthsDeg',
  raw: unknown,
  separator: RegExp,
  faults: HornFault[],
): number[] | undefined {
  if (typeof raw !== 'string' || raw.trim() === '') return undefined;
  return raw.split(separator).map((part) => {
    const bare = part.replace(/\s*(w|°|độ|deg)\s*$/i, '').trim();
    const value = (field === 'hornAzimuthsDeg' ? SIDES[fold(bare)] : undefined) ?? parseNumber(bare, false);
    if (value === undefined)
      faults.push({
        field,
        code: 'NUMBER',
        en: `"${part.trim().slice(0, 80)}" is not a number; several stand with ; between them`,
        vi: `"${part.trim().slice(0, 80)}" không phải là số; nhiều giá trị cách nhau bằng dấu ;`,
      });
    return value ?? 0;
  });
}

function unequal(field: keyof HornColumns, given: number, count: number): HornFault {
  return {
    field,
    code: 'HORNS',
    en: `${given} values are given for ${count} horns`,
    vi: `có ${given} giá trị cho ${count} loa`,
  };
}

function untold(field: keyof HornColumns, count: number): HornFault {
  return {
    field,
    code: 'HORNS',
    en: `each of the ${count} horns must have a value, with ; between them`,
    vi: `mỗi loa trong ${count} loa phải có giá trị, cách nhau bằng dấu ;`,
  };
}
