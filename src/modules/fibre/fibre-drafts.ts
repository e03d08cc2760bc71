import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AreasService, type Area } from '../areas/index.js';
import { AttributesService, mergeAttributes } from '../attributes/index.js';
import { HamletsReader, type HamletRef } from '../hamlets/index.js';
import { OperatorsService } from '../sites/index.js';
import { checkFigures } from './domain/fibre-rules.js';
import { lastDayOf, parseQuarter } from './domain/quarter.js';
import { assertAttributes } from './fibre-attributes.js';
import { keyOf, loadFibre } from './fibre-store.js';
import type { FibreDraft, FibreInput } from './fibre.types.js';

type FieldName = (row: number, field: string) => string;

/** Reads rows as they come in against the units and operators that there are. */
@Injectable()
export class FibreDrafts {
  constructor(
    private readonly areas: AreasService,
    private readonly hamlets: HamletsReader,
    private readonly operators: OperatorsService,
    private readonly attributes: AttributesService,
  ) {}

  /**
   * The rows with custom attributes put over what is stored, which must not change meanwhile. Throws 400 with every problem of
   * every row; `name` is how the caller knows a field.
   */
  async read(rows: readonly FibreInput[], name: FieldName, manager: EntityManager): Promise<FibreDraft[]> {
    const problems: FieldProblem[] = [];
    const operators = await this.operators.codes(manager);
    const quarters = rows.map(({ quarter }) => parseQuarter(quarter));
    const { communes, hamlets } = await this.unitsOf(rows, quarters, manager);
    const first = new Map<string, number>();

    const drafts = rows.flatMap((row, i): FibreDraft[] => {
      const refuse = (field: string, code: string, en: string, vi: string) =>
        problems.push(fieldProblem(name(i, field), code, { en, vi }));
      for (const violation of checkFigures(row))
        refuse(violation.field, violation.code, violation.en, violation.vi);
      const { operatorCode, hamletCode = null } = row;
      if (!operators.has(operatorCode))
        refuse(
          'operatorCode',
          'OPERATOR',
          `there is no operator "${operatorCode}"`,
          `không có nhà mạng "${operatorCode}"`,
        );
      const quarter = quarters[i];
      if (quarter === undefined) {
        refuse(
          'quarter',
          'QUARTER',
          'quarter must be a year and a quarter, as in 2025Q2',
          'quarter phải gồm năm và quý, như 2025Q2',
        );
        return [];
      }
      const day = lastDayOf(quarter);
      const hamlet = hamletCode === null ? null : hamlets.get(`${hamletCode}|${day}`);
      if (hamlet === undefined || hamlet?.commune === null) {
        refuse(
          'hamletCode',
          'HAMLET',
          hamlet === undefined
            ? `there is no hamlet "${hamletCode}"`
            : `no commune in force on ${day} holds the hamlet "${hamletCode}"`,
          hamlet === undefined
            ? `không có ấp, khu vực "${hamletCode}"`
            : `không có xã, phường nào vào ngày ${day} chứa ấp, khu vực "${hamletCode}"`,
        );
        return [];
      }
      const communeCode = row.communeCode ?? hamlet?.commune?.code ?? '';
      const key = `${hamletCode === null ? communeCode : `hamlet ${hamletCode}`}|${operatorCode}|${quarter}`;
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, i);
      else
        refuse(
          'communeCode',
          'DUPLICATE',
          `unit, operator and quarter are those of row ${earlier}`,
          `đơn vị, nhà mạng và quý trùng với dòng ${earlier}`,
        );
      const commune = communes.get(`${communeCode}|${day}`);
      if (commune?.kind !== 'commune') {
        refuse(
          'communeCode',
          'COMMUNE',
          `no commune has the code "${communeCode}" on ${day}`,
          `không có xã, phường nào mang mã "${communeCode}" vào ngày ${day}`,
        );
        return [];
      }
      if (hamlet && hamlet.commune?.id !== commune.id) {
        refuse(
          'hamletCode',
          'HAMLET_COMMUNE',
          `the hamlet "${hamletCode}" lies in ${hamlet.commune?.name}, not in ${commune.fullName}`,
          `ấp, khu vực "${hamletCode}" thuộc ${hamlet.commune?.name}, không thuộc ${commune.fullName}`,
        );
        return [];
      }
      const { households, passed, connected, passed25Mbps = null, passed100Mbps = null, source = null } = row;
      const figures = { households, passed, connected, passed25Mbps, passed100Mbps };
      return [
        {
          ...figures,
          areaId: commune.id,
          hamletId: hamlet?.id ?? null,
          operatorCode,
          quarter,
          source,
          attributes: {},
        },
      ];
    });
    if (problems.length > 0) throw Problem.invalid(problems);
    const stored = await loadFibre(manager, drafts);
    const merged = drafts.map((draft, i) => ({
      ...draft,
      attributes: mergeAttributes(stored.get(keyOf(draft))?.attributes ?? {}, rows[i]?.attributes),
    }));
    await assertAttributes(this.attributes, merged, stored, name, manager);
    return merged;
  }

  /** The units that the rows name, by code and last day of the quarter. */
  private async unitsOf(
    rows: readonly FibreInput[],
    quarters: readonly (string | undefined)[],
    manager: EntityManager,
  ): Promise<{ communes: Map<string, Area>; hamlets: Map<string, HamletRef> }> {
    const hamletCodes = [...new Set(rows.flatMap(({ hamletCode }) => hamletCode ?? []))];
    const communes = new Map<string, Area>();
    const hamlets = new Map<string, HamletRef>();
    for (const quarter of new Set(quarters)) {
      if (quarter === undefined) continue;
      const day = lastDayOf(quarter);
      const found = hamletCodes.length === 0 ? [] : await this.hamlets.byCodes(manager, hamletCodes, day);
      for (const [code, hamlet] of found) hamlets.set(`${code}|${day}`, hamlet);
      const codes = [
        ...rows.flatMap(({ communeCode }) => communeCode ?? []),
        ...[...found].flatMap(([, { commune }]) => commune?.code ?? []),
      ];
      for (const [code, area] of await this.areas.findManyAt([...new Set(codes)], day, manager))
        communes.set(`${code}|${day}`, area);
    }
    return { communes, hamlets };
  }
}
