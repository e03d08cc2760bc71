import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork, type Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AreasService, type Area, type ImportResult } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import { OperatorsService } from '../sites/index.js';
import { checkFigures, type FibreFigures } from './domain/fibre-rules.js';
import { lastDayOf, parseQuarter } from './domain/quarter.js';
import { assertOpen } from './fibre-closed.js';
import { FIBRE_COLUMNS } from './fibre-sql.js';
import type { FibreInput, FibreRow } from './fibre.types.js';

type FieldName = (row: number, field: string) => string;

/** A row whose commune is known. */
interface Draft extends FibreFigures {
  commune: Area;
  operatorCode: string;
  quarter: string;
  source: string | null;
}

/** Records fibre figures. */
@Injectable()
export class FibreService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly operators: OperatorsService,
  ) {}

  /**
   * Stores many rows by commune, operator and quarter; rows that are as stored already are left alone. All rows or none:
   * throws 400 with every problem of every row (`rows.12.passed`), 409 for a change in a closed quarter.
   */
  async importFibre(rows: readonly FibreInput[], tx?: Tx): Promise<ImportResult> {
    const work = async (in_: Tx): Promise<ImportResult> => {
      const drafts = await this.read(rows, (row, field) => `rows.${row}.${field}`, in_.manager);
      return (await store(in_, drafts)).result;
    };
    return tx ? work(tx) : this.uow.run(work);
  }

  /** Records the figures of one operator in one commune and quarter, over what was there. */
  async put(actor: Actor, input: FibreInput): Promise<FibreRow> {
    return this.uow.run(async (tx) => {
      const drafts = await this.read([input], (_row, field) => field, tx.manager);
      const areaIds = drafts.map(({ commune }) => commune.id);
      await this.areas.assertWithinJurisdiction(actor, areaIds, tx.manager);
      const [row] = (await store(tx, drafts)).rows;
      if (!row) throw new Error('the figures were not stored');
      return row;
    });
  }

  private async read(rows: readonly FibreInput[], name: FieldName, manager: EntityManager): Promise<Draft[]> {
    const problems: FieldProblem[] = [];
    const refuse = (row: number, field: string, code: string, en: string, vi: string) =>
      problems.push(fieldProblem(name(row, field), code, { en, vi }));
    const operators = await this.operators.codes(manager);
    const quarters = rows.map(({ quarter }) => parseQuarter(quarter));
    const communes = await this.communesOf(rows, quarters, manager);
    const first = new Map<string, number>();

    const drafts = rows.flatMap((row, i): Draft[] => {
      const { communeCode, operatorCode, households, passed, connected, source = null } = row;
      for (const violation of checkFigures(row))
        problems.push(fieldProblem(name(i, violation.field), violation.code, violation));
      if (!operators.has(operatorCode))
        refuse(
          i,
          'operatorCode',
          'OPERATOR',
          `there is no operator "${operatorCode}"`,
          `không có nhà mạng "${operatorCode}"`,
        );
      const quarter = quarters[i];
      if (quarter === undefined) {
        refuse(
          i,
          'quarter',
          'QUARTER',
          'quarter must be a year and a quarter, as in 2025Q2',
          'quarter phải gồm năm và quý, như 2025Q2',
        );
        return [];
      }
      const key = `${communeCode}|${operatorCode}|${quarter}`;
      if (first.has(key))
        refuse(
          i,
          'communeCode',
          'DUPLICATE',
          `commune, operator and quarter are those of row ${first.get(key)}`,
          `xã, nhà mạng và quý trùng với dòng ${first.get(key)}`,
        );
      else first.set(key, i);
      const day = lastDayOf(quarter);
      const commune = communes.get(`${communeCode}|${day}`);
      if (commune?.kind !== 'commune') {
        refuse(
          i,
          'communeCode',
          'COMMUNE',
          `no commune has the code "${communeCode}" on ${day}`,
          `không có xã, phường nào mang mã "${communeCode}" vào ngày ${day}`,
        );
        return [];
      }
      return [{ commune, operatorCode, quarter, households, passed, connected, source }];
    });
    if (problems.length > 0) throw Problem.invalid(problems);
    return drafts;
  }

  /** The units that the rows name, by code and last day of the quarter. */
  private async communesOf(
    rows: readonly FibreInput[],
    quarters: readonly (string | undefined)[],
    manager: EntityManager,
  ): Promise<Map<string, Area>> {
    const codes = [...new Set(rows.map(({ communeCode }) => communeCode))];
    const found = new Map<string, Area>();
    for (const quarter of new Set(quarters)) {
      if (quarter === undefined) continue;
      const day = lastDayOf(quarter);
      for (const [code, area] of await this.areas.findManyAt(codes, day, manager))
        found.set(`${code}|${day}`, area);
    }
    return found;
  }
}

const keyOf = (row: { areaId: string; operatorCode: string; quarter: string }): string =>
  `${row.areaId}|${row.operatorCode}|${row.quarter}`;

async function load(manager: EntityManager, keys: readonly object[]): Promise<Map<string, FibreRow>> {
  const rows = await manager.query<FibreRow[]>(
    `select ${FIBRE_COLUMNS} from fibre_coverage f join areas a on a.id = f.area_id
      join jsonb_to_recordset($1::jsonb) as k("areaId" uuid, "operatorCode" text, quarter text)
        on f.area_id = k."areaId" and f.operator_code = k."operatorCode" and f.quarter = k.quarter`,
    [JSON.stringify(keys)],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

async function store(tx: Tx, drafts: readonly Draft[]): Promise<{ result: ImportResult; rows: FibreRow[] }> {
  // One writer at a time: what is told as "before" must be what was there.
  await tx.manager.query('lock table fibre_coverage in share row exclusive mode');
  const rows = drafts.map(({ commune, ...draft }) => ({ ...draft, areaId: commune.id }));
  const before = await load(tx.manager, rows);
  const changed = rows.filter((row) => {
    const was = before.get(keyOf(row));
    return !(
      was &&
      was.households === row.households &&
      was.passed === row.passed &&
      was.connected === row.connected &&
      was.source === row.source
    );
  });
  await assertOpen(
    tx.manager,
    changed.map(({ quarter }) => quarter),
  );
  await tx.manager.query(
    `insert into fibre_coverage (area_id, operator_code, quarter, households, passed, connected, source)
     select "areaId", "operatorCode", quarter, households, passed, connected, source
       from jsonb_to_recordset($1::jsonb) as r("areaId" uuid, "operatorCode" text, quarter text, households int,
                                               passed int, connected int, source text)
     on conflict (area_id, operator_code, quarter) do update set
       households = excluded.households, passed = excluded.passed, connected = excluded.connected,
       source = excluded.source, version = fibre_coverage.version + 1, updated_at = now()`,
    [JSON.stringify(changed)],
  );
  const after = await load(tx.manager, rows);
  for (const row of changed) {
    const was = before.get(keyOf(row)) ?? null;
    const is = after.get(keyOf(row));
    if (!is) throw new Error(`the figures of ${keyOf(row)} were not stored`);
    const action = was ? 'update' : 'create';
    tx.emit(RESOURCE_CHANGED, { resource: 'fibre', id: is.id, action, before: was, after: is });
  }
  const created = changed.filter((row) => !before.has(keyOf(row))).length;
  const result = { created, updated: changed.length - created, unchanged: rows.length - changed.length };
  return { result, rows: rows.flatMap((row) => after.get(keyOf(row)) ?? []) };
}
