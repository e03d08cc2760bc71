import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork, type Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { fieldProblem, Problem } from '../../common/http/problem.js';
import type { ImportResult } from '../areas/index.js';
import { checkPattern, checkText } from './domain/checks.js';
import { OPERATOR_CODE } from './domain/site-rules.js';
import type { Operator } from './site.types.js';

const COLUMNS = 'code, name, brand, source';

/** The operators that sites, cells and fibre refer to by code. */
@Injectable()
export class OperatorsService {
  constructor(private readonly uow: UnitOfWork) {}

  /** By code. */
  async list(limit: number, cursor?: string): Promise<Page<Operator>> {
    const rows = await this.uow.reader.query<Operator[]>(
      `select ${COLUMNS} from operators where $1::text is null or code > $1 order by code limit $2`,
      [decodeCursor(cursor) ?? null, limit + 1],
    );
    return toPage(rows, limit, ({ code }) => code);
  }

  /** The codes there are. */
  async codes(manager: EntityManager = this.uow.reader): Promise<ReadonlySet<string>> {
    const rows = await manager.query<{ code: string }[]>(`select code from operators`);
    return new Set(rows.map(({ code }) => code));
  }

  /** Stores many operators by code. All or none: throws 400 with every problem of every row. */
  async importOperators(
    rows: readonly (Pick<Operator, 'code' | 'name'> & Partial<Operator>)[],
    tx?: Tx,
  ): Promise<ImportResult> {
    const operators = rows.map(({ code, name, brand, source }): Operator => ({
      code,
      name,
      brand: brand ?? null,
      source: source ?? null,
    }));
    const violations = operators.flatMap((operator, i) =>
      [
        ...checkPattern('code', operator.code, OPERATOR_CODE, {
          en: '1 to 40 small letters a–z, digits or hyphens',
          vi: '1 đến 40 chữ thường a–z, chữ số hoặc gạch nối',
        }),
        ...checkText('name', operator.name, 200),
        ...checkText('brand', operator.brand, 200),
        ...(operators.findIndex(({ code }) => code === operator.code) < i ? [twice(operator.code)] : []),
      ].map((violation) => fieldProblem(`rows.${i}.${violation.field}`, violation.code, violation)),
    );
    if (violations.length > 0) throw Problem.invalid(violations);
    return tx ? this.store(tx, operators) : this.uow.run((own) => this.store(own, operators));
  }

  private async store(tx: Tx, operators: readonly Operator[]): Promise<ImportResult> {
    const codes = operators.map(({ code }) => code);
    const stored = await tx.manager.query<Operator[]>(
      `select ${COLUMNS} from operators where code = any($1::text[]) for update`,
      [codes],
    );
    const before = new Map(stored.map((operator) => [operator.code, operator]));
    const changed = operators.filter(
      (operator) => JSON.stringify(before.get(operator.code)) !== JSON.stringify(operator),
    );
    await tx.manager.query(
      `insert into operators (${COLUMNS})
       select ${COLUMNS} from jsonb_to_recordset($1::jsonb) as r(code text, name text, brand text, source text)
       on conflict (code) do update set
         name = excluded.name, brand = excluded.brand, source = excluded.source, updated_at = now()`,
      [JSON.stringify(changed)],
    );
    for (const after of changed) {
      const was = before.get(after.code) ?? null;
      const action = was ? 'update' : 'create';
      tx.emit(RESOURCE_CHANGED, { resource: 'operator', id: after.code, action, before: was, after });
    }
    const created = changed.filter(({ code }) => !before.has(code)).length;
    return { created, updated: changed.length - created, unchanged: operators.length - changed.length };
  }
}

function twice(code: string) {
  return {
    field: 'code',
    code: 'DUPLICATE',
    en: `the operator "${code}" is given twice`,
    vi: `nhà mạng "${code}" bị ghi hai lần`,
  };
}
