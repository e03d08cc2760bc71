import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { csvLine } from './domain/csv-line.js';
import { CORRECTION_COLUMNS } from './domain/sheet.js';
import type { ImportRun } from './import.types.js';
import { StagingStore } from './staging.store.js';

const BATCH = 500;

/** The rows that cannot be stored, as they were, with why: mended, the file can be imported as it is. */
@Injectable()
export class Corrections {
  constructor(private readonly staging: StagingStore) {}

  /** UTF-8 with a byte order mark, which Excel needs to see that it is not in its own encoding. */
  csv(run: ImportRun): Readable {
    return Readable.from(this.lines(run));
  }

  private async *lines(run: ImportRun): AsyncGenerator<string> {
    yield `\uFEFF${csvLine([...run.headings, ...CORRECTION_COLUMNS])}`;
    let after = -1;
    for (;;) {
      const rows = await this.staging.badRows(run.id, after, BATCH);
      for (const { row, raw, reasons } of rows)
        yield csvLine([...run.headings.map((_, i) => raw[i] ?? null), row, reasons.join('; ')]);
      after = rows.at(-1)?.row ?? after;
      if (rows.length < BATCH) return;
    }
  }
}
