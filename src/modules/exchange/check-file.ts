import { Injectable } from '@nestjs/common';
import { finding, type Finding } from './domain/findings.js';
import { headingScore, mapColumns, type ParsedRow, parseRow } from './domain/sheet.js';
import type { CodeCount, ImportCounts, ImportRun } from './import.types.js';
import type { Change, Importer, RowChecker } from './importers/importer.js';
import { Importers } from './importers/registry.js';
import { OperatorNamesReader } from './operator-names.js';
import { FileRefused, type RawRow } from './readers/limits.js';
import { openTable } from './readers/open-table.js';
import { type BadRow, StagingStore } from './staging.store.js';

/** Rows are looked up and written down this many at a time: few enough that a batch is soon garbage, and no more. */
const BATCH = 200;
/** Beyond this many a report helps nobody; what is left out is counted all the same. */
const MOST_FINDINGS = 100_000;

export interface CheckedFile {
  counts: ImportCounts;
  headings: string[];
  hasErrors: boolean;
}

/** Checks every row of a file and writes down what was found and what it would change; the register is only read. */
@Injectable()
export class FileCheck {
  constructor(
    private readonly importers: Importers,
    private readonly operators: OperatorNamesReader,
    private readonly staging: StagingStore,
  ) {}

  /** Throws `FileRefused` for a file that cannot be read to its end. */
  async run(
    run: ImportRun,
    file: string,
    signal: AbortSignal,
    onRows: (count: number) => void,
  ): Promise<CheckedFile> {
    const importer = this.importers.of(run.resource);
    const sheet = await this.importers.sheetOf(run.resource);
    await this.staging.clear(run.id);
    const open = () =>
      openTable(file, (values) => headingScore(sheet, run.mapping, values), run.sheetName ?? undefined);
    const table = await open();
    const columns = mapColumns(sheet, table.columns, run.mapping);
    const tally = new Tally(this.staging, run.id);
    await tally.add(columns.findings);
    const lacksColumn = columns.findings.some(({ severity }) => severity === 'error');
    if (!lacksColumn) {
      const operators = await this.operators.read();
      const checker = await importer.checker(columns, run.actor);
      if (checker.foresee)
        for await (const rows of inBatches((await open()).rows)) {
          signal.throwIfAborted();
          await checker.foresee(rows.map((row) => parseRow(columns, row, operators)));
        }
      const batch = new Batch(importer, checker, tally);
      try {
        for await (const raw of inBatches(table.rows)) {
          signal.throwIfAborted();
          const parsed = raw.map((row) => parseRow(columns, row, operators));
          await batch.check(parsed, raw);
          onRows(tally.counts.rows);
        }
      } finally {
        await tally.written();
      }
      if (tally.counts.rows === 0)
        throw new FileRefused('EMPTY', 'The file holds no rows.', 'Tệp không có dòng dữ liệu nào.');
    }
    await tally.add(table.notes.map((note) => finding('info', note)));
    await tally.written();
    await this.staging.measure(tally.counts.created + tally.counts.updated);
    return {
      counts: tally.total(),
      headings: columns.headings,
      hasErrors: lacksColumn || tally.counts.badRows > 0,
    };
  }
}

async function* inBatches(rows: AsyncIterable<RawRow>): AsyncGenerator<RawRow[]> {
  let batch: RawRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Rows of a file in their order; a key that came before makes a row a duplicate. */
class Batch {
  private readonly keys = new Map<string, number>();

  constructor(
    private readonly importer: Importer,
    private readonly checker: RowChecker,
    private readonly tally: Tally,
  ) {}

  async check(rows: readonly ParsedRow[], raw: readonly RawRow[]): Promise<void> {
    const results = await this.checker.check(rows);
    const findings: Finding[] = [];
    const changes: Change[] = [];
    const bad: BadRow[] = [];
    rows.forEach((row, i) => {
      const result = results[i];
      if (!result) throw new Error(`row ${row.row} was not checked`);
      const own = [...row.findings, ...this.twice(row), ...result.findings];
      findings.push(...own);
      const refused = result.change === undefined || own.some(({ severity }) => severity === 'error');
      if (refused) bad.push({ row: row.row, raw: raw[i]?.values ?? [] });
      else if (result.change === 'unchanged') this.tally.counts.unchanged += 1;
      else if (result.change) changes.push(result.change);
    });
    this.tally.counts.rows += rows.length;
    await this.tally.addRows(findings, bad, changes);
  }

  private twice(row: ParsedRow): Finding[] {
    const key = this.importer.keyOf(row.values);
    if (key === undefined) return [];
    const first = this.keys.get(key);
    if (first === undefined) {
      this.keys.set(key, row.row);
      return [];
    }
    return [
      finding(
        'error',
        {
          code: 'DUPLICATE_IN_FILE',
          en: `"${key}" is in row ${first} already`,
          vi: `"${key}" đã có ở dòng ${first}`,
        },
        { row: row.row, value: key },
      ),
    ];
  }
}

/** Counts at once; what it is told of is written down while the next rows are read and looked up. */
class Tally {
  readonly counts = { rows: 0, badRows: 0, created: 0, updated: 0, unchanged: 0 };
  private readonly codes = new Map<string, CodeCount>();
  private findings = 0;
  private changes = 0;
  private writing: Promise<void> | undefined;

  constructor(
    private readonly staging: StagingStore,
    private readonly importId: string,
  ) {}

  async add(findings: readonly Finding[]): Promise<void> {
    await this.addRows(findings, [], []);
  }

  /** Resolves when the rows before these are written. */
  async addRows(
    findings: readonly Finding[],
    bad: readonly BadRow[],
    changes: readonly Change[],
  ): Promise<void> {
    await this.written();
    for (const { group, severity, code } of findings) {
      const key = `${severity} ${code}`;
      const counted = this.codes.get(key) ?? { group, severity, code, count: 0 };
      counted.count += 1;
      this.codes.set(key, counted);
    }
    const kept = findings.slice(0, Math.max(0, MOST_FINDINGS - this.findings));
    const [findingsFrom, changesFrom] = [this.findings, this.changes];
    this.findings += kept.length;
    this.changes += changes.length;
    this.counts.badRows += bad.length;
    this.counts.created += changes.filter(({ action }) => action === 'create').length;
    this.counts.updated += changes.filter(({ action }) => action === 'update').length;
    this.writing = (async () => {
      await this.staging.addFindings(this.importId, findingsFrom, kept);
      await this.staging.addBadRows(this.importId, bad);
      await this.staging.addChanges(this.importId, changesFrom, changes);
    })();
    // Whoever waits for it is told; until then it is nobody's to catch.
    this.writing.catch(() => undefined);
  }

  /** Everything so far is written down. */
  async written(): Promise<void> {
    const { writing } = this;
    this.writing = undefined;
    await writing;
  }

  total(): ImportCounts {
    return { ...this.counts, findings: [...this.codes.values()].sort((a, b) => b.count - a.count) };
  }
}
