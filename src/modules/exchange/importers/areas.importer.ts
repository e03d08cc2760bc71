import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import { Problem } from '../../../common/http/problem.js';
import {
  type AreaImportRow,
  AreasService,
  AreasWriter,
  crossedRings,
  type FullArea,
  fullAreas,
  knownAreas,
  lockAreas,
  removeAreas,
  type Standing,
  standingOn,
} from '../../areas/index.js';
import type { Finding } from '../domain/findings.js';
import type { Columns, ParsedRow } from '../domain/sheet.js';
import { AREAS_SHEET } from '../sheets/area-sheet.js';
import { type AreaRow, areaRow, type AreaStaged, boundaryInWords, keyOf } from './area-draft.js';
import { checkRowsAsSet, type SetRow } from './area-set-check.js';
import { differences } from './differences.js';
import type { Change, ImportActor, Importer, RowChecker, UndoRecord } from './importer.js';
import { atField, changedMeanwhile } from './row-rules.js';
import { type RowAttributes, SheetAttributes } from './sheet-attributes.js';

/** More than the country has, of all levels before and after 2025; and what a server can hold at once. */
const MOST_UNITS = 20_000;
const MOST_POSITIONS = 1_000_000;

/**
 * Units by code and first day, through the rules of areas: a merger is a file in which old units end and new ones begin. A
 * column that is not in the file leaves the field as it is, and so does a row without a boundary.
 */
@Injectable()
export class AreasImporter implements Importer {
  readonly sheet = AREAS_SHEET;
  readonly permission = 'areas:write';

  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly writer: AreasWriter,
    private readonly attributes: SheetAttributes,
  ) {}

  keyOf(values: Readonly<Record<string, unknown>>): string | undefined {
    return keyOf(values);
  }

  /** The rules look at units as a set: all changes are applied together. */
  groupOf(): string {
    return 'all';
  }

  async checker(columns: Columns, actor: ImportActor): Promise<RowChecker> {
    const rows: SetRow[] = [];
    const keys = new Set<string>();
    const alone = new Map<number, Finding[]>();
    const attributes = await this.attributes.of('areas');
    let positions = 0;
    let asSet: Map<number, Finding[]> | undefined;
    const foresee = async (batch: readonly ParsedRow[]) => {
      const drafts = await this.draft(columns, batch, attributes);
      const crossed = await crossedRings(
        this.uow.reader,
        drafts.map(({ record }) => ({ boundary: record.boundary ?? null })),
      );
      for (const { row, reason } of crossed)
        drafts[row]?.findings.push(crossing(columns, drafts[row].row, reason));
      for (const draft of drafts) {
        positions += draft.positions;
        if (keys.size >= MOST_UNITS || positions > MOST_POSITIONS)
          draft.findings.push(tooMany(columns, draft.row));
        alone.set(draft.row.row, draft.findings);
        const isRight = draft.findings.length === 0 && draft.row.findings.every(isNoError);
        // Of a unit that is there twice the second is refused elsewhere.
        if (!isRight || draft.key === undefined || keys.has(draft.key)) continue;
        keys.add(draft.key);
        const { boundary: _large, ...record } = draft.record;
        const { boundary: _alsoLarge, ...values } = draft.row.values;
        rows.push({ row: { ...draft.row, values }, record });
      }
    };
    return {
      foresee,
      check: async (batch) => {
        asSet ??= checkRowsAsSet(columns, await knownAreas(this.uow.reader), rows, await this.ownKeys(actor));
        const drafts = await this.draft(columns, batch, attributes);
        return drafts.map((draft) => {
          const nr = draft.row.row;
          const findings = [...(alone.get(nr) ?? []), ...(asSet?.get(nr) ?? [])];
          return { findings, change: findings.every(isNoError) ? changeOf(draft) : undefined };
        });
      },
    };
  }

  async apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    await lockAreas(tx.manager);
    const keys = changes.map(({ key }) => key);
    const before = await fullAreas(tx.manager, keys);
    const moved = changes.filter(({ key, version }) => (before.get(key)?.version ?? null) !== version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(({ key }) => key));
    await this.writer.importAreas(
      changes.map(({ key, record }): AreaImportRow => {
        const staged = record as AreaStaged;
        return { ...staged, boundary: staged.boundary ?? before.get(key)?.boundary };
      }),
      tx,
      'exact',
    );
    return changes.map(({ key, version }) => ({
      key,
      before: before.get(key) ?? null,
      versionAfter: (version ?? 0) + 1,
    }));
  }

  /** Units as they were before; new ones are taken out. 409, saying what, when something stands on one of those. */
  async undo(records: readonly UndoRecord[], tx: Tx): Promise<{ changedSince: string[] }> {
    await lockAreas(tx.manager);
    const stored = await fullAreas(
      tx.manager,
      records.map(({ key }) => key),
    );
    const changedSince = records
      .filter(({ key, versionAfter }) => stored.get(key)?.version !== versionAfter)
      .map(({ key }) => key);
    if (changedSince.length > 0) return { changedSince };
    const gone = records.filter(({ before }) => before === null).flatMap(({ key }) => stored.get(key) ?? []);
    const standing = await standingOn(
      tx.manager,
      gone.map(({ id }) => id),
    );
    if (standing.length > 0) throw inUse(standing);
    await removeAreas(tx, gone);
    const back = records.flatMap(({ before }) => (before === null ? [] : [before as FullArea]));
    if (back.length > 0) await this.writer.importAreas(back, tx, 'restore');
    return { changedSince: [] };
  }

  private async draft(
    columns: Columns,
    rows: readonly ParsedRow[],
    attributes: RowAttributes,
  ): Promise<AreaRow[]> {
    const stored = await fullAreas(
      this.uow.reader,
      rows.flatMap(({ values }) => keyOf(values) ?? []),
    );
    return rows.map((row) => {
      const draft = areaRow(columns, row, stored.get(keyOf(row.values) ?? ''), attributes);
      if (changeOf(draft) !== 'unchanged')
        draft.findings.push(
          ...attributes.check(columns, row, draft.record.attributes, draft.stored?.attributes),
        );
      return draft;
    });
  }

  private async ownKeys({ jurisdictionAreaId }: ImportActor): Promise<Set<string> | null> {
    if (jurisdictionAreaId === null) return null;
    const rows = await this.uow.reader.query<{ key: string }[]>(
      `select code || '|' || valid_from::text as key from areas where id = any($1::uuid[])`,
      [await this.areas.descendantIds(jurisdictionAreaId)],
    );
    return new Set(rows.map(({ key }) => key));
  }
}

const isNoError = ({ severity }: Finding) => severity !== 'error';

function crossing(columns: Columns, row: ParsedRow, reason: string): Finding {
  return atField(
    columns,
    row,
    'boundary',
    {
      code: 'GEOMETRY',
      en: `the boundary must be made of rings that do not cross (${reason})`,
      vi: `ranh giới phải gồm các đường bao không cắt nhau (${reason})`,
    },
    reason,
  );
}

function tooMany(columns: Columns, row: ParsedRow): Finding {
  return atField(columns, row, 'code', {
    code: 'TOO_LARGE',
    en: `a file may hold ${MOST_UNITS} units with ${MOST_POSITIONS} positions in all: this row is beyond that`,
    vi: `một tệp tối đa ${MOST_UNITS} đơn vị và tổng cộng ${MOST_POSITIONS} điểm ranh giới: dòng này vượt quá`,
  });
}

function changeOf({ row, key, stored, record }: AreaRow): Change | 'unchanged' {
  const { boundary, ...plain } = record;
  const fields = stored ? differences(stored, plain) : [];
  if (stored && boundary)
    fields.push({
      field: 'boundary',
      before: boundaryInWords(stored.boundary),
      after: boundaryInWords(boundary),
    });
  if (stored && fields.length === 0) return 'unchanged';
  return {
    row: row.row,
    key: key ?? '',
    action: stored ? 'update' : 'create',
    fields,
    record,
    version: stored?.version ?? null,
  };
}

const WORDS: Readonly<Record<string, readonly [string, string]>> = {
  areas: ['administrative units in them', 'đơn vị trực thuộc'],
  users: ['users responsible for them', 'người dùng phụ trách'],
  api_keys: ['API keys', 'khóa API'],
  clusters: ['loudspeaker clusters', 'cụm loa'],
  plain_loudspeakers: ['counts of plain loudspeakers', 'số liệu loa thường'],
  coverage_figures: ['coverage figures', 'số liệu vùng phủ'],
};

function inUse(standing: readonly Standing[]): Problem {
  const byTable = new Map<string, Standing[]>();
  for (const item of standing) byTable.set(item.table, [...(byTable.get(item.table) ?? []), item]);
  const list = (language: 0 | 1) =>
    [...byTable]
      .map(([table, items]) => {
        const count = items.reduce((sum, item) => sum + item.count, 0);
        const units = items.slice(0, 5).map(({ unitCode }) => unitCode);
        const more = items.length > units.length ? ', …' : '';
        return `${WORDS[table]?.[language] ?? table}: ${count} (${units.join(', ')}${more})`;
      })
      .join('; ');
  return Problem.conflict('IN_USE', {
    en: `Not taken back: on the new units stand ${list(0)}.`,
    vi: `Không hoàn tác: các đơn vị mới đang có ${list(1)}.`,
  });
}
