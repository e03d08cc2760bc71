import type { QuarterUnit } from '../../fibre/index.js';
import type { Said } from '../domain/findings.js';
import { fold } from '../domain/text.js';
import { bareUnit } from './unit-names.js';

/** The unit that a row is about; a hamlet always with its commune. */
export interface FibreUnit {
  commune: QuarterUnit;
  hamlet: { id: string; code: string; name: string } | null;
}

/** What a row says of its unit; null or undefined: nothing. */
export interface NamedUnit {
  communeCode?: unknown;
  communeName?: unknown;
  hamletCode?: unknown;
  hamletName?: unknown;
}

type Answer = { unit: FibreUnit } | { field: keyof NamedUnit; said: Said };

const MOST_CANDIDATES = 10;

/** The communes of a quarter with their hamlets, by what people write for them. */
export class FibreUnits {
  constructor(
    private readonly units: readonly QuarterUnit[],
    private readonly day: string,
  ) {}

  /** A code goes before a name; a hamlet's code is enough. */
  find(row: NamedUnit): Answer {
    const [communeCode, communeName, hamletCode, hamletName] = [
      textOf(row.communeCode),
      textOf(row.communeName),
      textOf(row.hamletCode),
      textOf(row.hamletName),
    ];
    const byHamlet =
      hamletCode === null
        ? undefined
        : this.units.find(({ hamlets }) => hamlets.some(({ code }) => code === hamletCode));
    if (hamletCode !== null && !byHamlet)
      return told(
        'hamletCode',
        'HAMLET',
        `no commune in force on ${this.day} has the hamlet "${hamletCode}"`,
        `không có ấp, khu vực mang mã "${hamletCode}" vào ngày ${this.day}`,
      );
    const named =
      communeCode === null && communeName === null ? byHamlet : this.commune(communeCode, communeName);
    if (named === undefined)
      return told(
        'communeCode',
        'REQUIRED',
        'the row names neither a commune nor a hamlet',
        'dòng này không nêu xã, phường hay ấp, khu vực',
      );
    if ('said' in named) return named;
    if (byHamlet && byHamlet.id !== named.id)
      return told(
        'hamletCode',
        'HAMLET_COMMUNE',
        `the hamlet "${hamletCode}" lies in ${byHamlet.name}, not in ${named.name}`,
        `ấp, khu vực "${hamletCode}" thuộc ${byHamlet.name}, không thuộc ${named.name}`,
      );
    if (hamletCode === null && hamletName === null) return { unit: { commune: named, hamlet: null } };
    return this.hamlet(named, hamletCode, hamletName);
  }

  private commune(
    code: string | null,
    name: string | null,
  ): QuarterUnit | Exclude<Answer, { unit: FibreUnit }> {
    const field = code === null ? 'communeName' : 'communeCode';
    const text = code ?? name ?? '';
    const byCode = this.units.find((unit) => unit.code === text);
    if (byCode) return byCode;
    const exact = this.units.filter((unit) => fold(unit.name) === fold(text));
    const alike =
      exact.length > 0 ? exact : this.units.filter((unit) => bareUnit(unit.name) === bareUnit(text));
    const [only] = alike;
    if (only && alike.length === 1) return only;
    if (!only)
      return told(
        field,
        'COMMUNE',
        `there is no commune "${text}" on ${this.day}`,
        `không có xã, phường "${text}" vào ngày ${this.day}`,
      );
    const list = alike
      .slice(0, MOST_CANDIDATES)
      .map((unit) => `${unit.chain.map(({ name: part }) => part).join(', ')} (${unit.code})`)
      .join('; ');
    return told(
      field,
      'COMMUNE_AMBIGUOUS',
      `"${text}" may be ${alike.length} communes; give the code: ${list}`,
      `"${text}" có thể là ${alike.length} đơn vị; hãy ghi mã: ${list}`,
    );
  }

  private hamlet(commune: QuarterUnit, code: string | null, name: string | null): Answer {
    const alike = commune.hamlets.filter((hamlet) =>
      code === null ? fold(hamlet.name) === fold(name ?? '') : hamlet.code === code,
    );
    const [only] = alike;
    if (only && alike.length === 1) return { unit: { commune, hamlet: only } };
    if (!only)
      return told(
        'hamletName',
        'HAMLET',
        `${commune.name} has no hamlet "${name}"`,
        `${commune.name} không có ấp, khu vực "${name}"`,
      );
    const list = alike.map((hamlet) => `${hamlet.name} (${hamlet.code})`).join('; ');
    return told(
      'hamletName',
      'HAMLET_AMBIGUOUS',
      `"${name}" may be ${alike.length} hamlets; give the code: ${list}`,
      `"${name}" có thể là ${alike.length} ấp, khu vực; hãy ghi mã: ${list}`,
    );
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function told(
  field: keyof NamedUnit,
  code: string,
  en: string,
  vi: string,
): Exclude<Answer, { unit: FibreUnit }> {
  return { field, said: { code, en, vi } };
}
