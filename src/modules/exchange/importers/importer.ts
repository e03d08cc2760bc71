import type { Tx } from '../../../common/database/unit-of-work.js';
import type { Actor, Permission } from '../../identity/index.js';
import type { Finding } from '../domain/findings.js';
import type { Columns, ParsedRow, Sheet } from '../domain/sheet.js';

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** What a row would do to the register. */
export interface Change {
  row: number;
  key: string;
  action: 'create' | 'update';
  /** Of an update: what differs. */
  fields: FieldChange[];
  /** What is stored, in the importer's own shape. */
  record: object;
  /** Of the stored object that the change is based on; null for a new one. */
  version: number | null;
}

export interface Checked {
  findings: Finding[];
  /** Undefined: the row cannot be stored. */
  change: Change | 'unchanged' | undefined;
}

/** How one stored object was before; null: it was not there. */
export interface UndoRecord {
  key: string;
  before: object | null;
  versionAfter: number;
}

/** Who asked, as far as the rules need it. */
export type ImportActor = Pick<Actor, 'jurisdictionAreaId' | 'name' | 'id' | 'kind'>;

/** Checks the rows of one file, batch after batch in their order. Writes nothing. */
export interface RowChecker {
  /** Where rows depend upon later ones: all rows are shown here, batch after batch, before the first is checked. */
  foresee?(rows: readonly ParsedRow[]): Promise<void>;
  check(rows: readonly ParsedRow[]): Promise<Checked[]>;
}

/** What can be imported: its table, its rules, and how it is stored and taken back. */
export interface Importer {
  readonly sheet: Sheet;
  readonly permission: Permission;
  /** Natural key of a row; undefined when it lacks one. Two rows of a file must not have the same. */
  keyOf(values: Readonly<Record<string, unknown>>): string | undefined;
  /** Changes of one group are applied together; default: each by itself. */
  groupOf?(key: string): string;
  checker(columns: Columns, actor: ImportActor): Promise<RowChecker>;
  /** Stores changes through the module's own service. Throws 409 when one is based on what is no longer so. */
  apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]>;
  /** Where much of it is stored, if it can be much. */
  readonly tables?: readonly string[];
  /** What is put back in batches of so many, each by itself; default: all at once. */
  readonly undoBatch?: number;
  /** Names what was changed since, or puts everything back. */
  undo(records: readonly UndoRecord[], tx: Tx): Promise<{ changedSince: string[] }>;
}
