import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import type { Finding, Group, Severity } from './domain/findings.js';
import type { Change, FieldChange, UndoRecord } from './importers/importer.js';

export interface BadRow {
  row: number;
  raw: unknown[];
}
export interface ChangeView {
  row: number;
  key: string;
  action: 'create' | 'update';
  fields: FieldChange[];
}

/** From so many on, the plans of queries suffer from not knowing of them. */
export const MANY_ROWS = 5_000;

/** What an import found and would do, row by row, beside the register. */
@Injectable()
export class StagingStore {
  constructor(private readonly uow: UnitOfWork) {}

  async clear(importId: string): Promise<void> {
    await this.uow.run(async ({ manager }) => {
      for (const table of ['import_findings', 'import_bad_rows', 'import_changes', 'import_undo'])
        await manager.query(`delete from ${table} where import_id = $1`, [importId]);
    });
  }

  async addFindings(importId: string, from: number, findings: readonly Finding[]): Promise<void> {
    if (findings.length === 0) return;
    await this.uow.reader.query(
      `insert into import_findings (import_id, nr, severity, "group", code, row, "column", value, message, message_vi)
       select $1, nr, severity, "group", code, "row", "column", value, message, "messageVi"
         from jsonb_to_recordset($2::jsonb) as r(nr int, severity text, "group" text, code text, "row" int,
                "column" text, value text, message text, "messageVi" text)`,
      [importId, JSON.stringify(findings.map((found, i) => ({ nr: from + i, ...found })))],
    );
  }

  async addBadRows(importId: string, rows: readonly BadRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.uow.reader.query(
      `insert into import_bad_rows (import_id, row, raw)
       select $1, "row", raw from jsonb_to_recordset($2::jsonb) as r("row" int, raw jsonb)
       on conflict do nothing`,
      [importId, JSON.stringify(rows)],
    );
  }

  async addChanges(importId: string, from: number, changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    await this.uow.reader.query(
      `insert into import_changes (import_id, nr, row, key, action, fields, record, version)
       select $1, nr, "row", key, action, fields, record, version
         from jsonb_to_recordset($2::jsonb)
           as r(nr int, "row" int, key text, action text, fields jsonb, record jsonb, version int)`,
      [importId, JSON.stringify(changes.map((change, i) => ({ nr: from + i, ...change })))],
    );
  }

  /** Many changes are soon read by their keys, sooner than PostgreSQL would have counted them by itself. */
  async measure(changes: number): Promise<void> {
    if (changes >= MANY_ROWS) await this.uow.reader.query('analyze import_changes');
  }

  /** Changes by key, so that what belongs together comes together. */
  async changesAfter(
    manager: EntityManager,
    importId: string,
    key: string,
    limit: number,
  ): Promise<Change[]> {
    return manager.query<Change[]>(
      `select row, key, action, fields, record, version from import_changes
        where import_id = $1 and key collate "C" > $2 order by key collate "C" limit $3`,
      [importId, key, limit],
    );
  }

  async addUndo(
    manager: EntityManager,
    importId: string,
    records: readonly UndoRecord[],
    from: number,
  ): Promise<void> {
    await manager.query(
      `insert into import_undo (import_id, nr, key, before, version_after)
       select $1, nr, key, nullif(before, 'null'::jsonb), "versionAfter"
         from jsonb_to_recordset($2::jsonb) as r(nr int, key text, before jsonb, "versionAfter" int)`,
      [importId, JSON.stringify(records.map((record, i) => ({ nr: from + i, ...record })))],
    );
  }

  /** The latest first, so many at a time (default: all at once). */
  async *undoOf(manager: EntityManager, importId: string, size?: number): AsyncGenerator<UndoRecord[]> {
    let last: number | null = null;
    for (;;) {
      const rows: (UndoRecord & { nr: number })[] = await manager.query(
        `select nr, key, before, version_after as "versionAfter" from import_undo
          where import_id = $1 and ($2::int is null or nr < $2) order by nr desc limit $3`,
        [importId, last, size ?? null],
      );
      last = rows.at(-1)?.nr ?? null;
      if (last === null) return;
      yield rows.map(({ nr: _nr, ...record }) => record);
      if (size === undefined) return;
    }
  }

  /** In the order of the file. */
  async findings(
    importId: string,
    filter: { severity?: Severity; group?: Group; code?: string; limit: number; cursor?: string },
  ): Promise<Page<Finding>> {
    const rows = await this.uow.reader.query<(Finding & { nr: number })[]>(
      `select nr, severity, "group", code, row, "column", value, message, message_vi as "messageVi"
         from import_findings
        where import_id = $1 and nr > $2 and ($3::text is null or severity = $3)
          and ($4::text is null or "group" = $4) and ($5::text is null or code = $5)
        order by nr limit $6`,
      [
        importId,
        numberOf(filter.cursor),
        filter.severity ?? null,
        filter.group ?? null,
        filter.code ?? null,
        filter.limit + 1,
      ],
    );
    const page = toPage(rows, filter.limit, ({ nr }) => String(nr));
    return { ...page, items: page.items.map(({ nr: _nr, ...found }) => found) };
  }

  async changes(importId: string, limit: number, cursor?: string): Promise<Page<ChangeView>> {
    const rows = await this.uow.reader.query<(ChangeView & { nr: number })[]>(
      `select nr, row, key, action, fields from import_changes where import_id = $1 and nr > $2 order by nr limit $3`,
      [importId, numberOf(cursor), limit + 1],
    );
    const page = toPage(rows, limit, ({ nr }) => String(nr));
    return { ...page, items: page.items.map(({ nr: _nr, ...change }) => change) };
  }

  /** Rows that cannot be stored, with what is wrong with each, after a row. */
  async badRows(
    importId: string,
    afterRow: number,
    limit: number,
  ): Promise<(BadRow & { reasons: string[] })[]> {
    return this.uow.reader.query(
      `select b.row, b.raw,
              array(select concat_ws(': ', f."column", f.message_vi || ' / ' || f.message) from import_findings f
                     where f.import_id = b.import_id and f.row = b.row and f.severity = 'error' order by f.nr) as reasons
         from import_bad_rows b where b.import_id = $1 and b.row > $2 order by b.row limit $3`,
      [importId, afterRow, limit],
    );
  }
}

function numberOf(cursor: string | undefined): number {
  const key = decodeCursor(cursor);
  if (key === undefined) return -1;
  if (/^\d{1,9}$/.test(key)) return Number(key);
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}
