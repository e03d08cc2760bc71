import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { CORRECTION_COLUMNS } from './domain/sheet.js';
import { BYTE_ORDER_MARK, csvOfRaw } from './export/csv.js';
import type { ImportRun } from './import.types.js';
import { StagingStore } from './staging.store.js';

const BATCH = 500;

/** The rows that cannot be stored, as they were, with why: mended, the file can be imported as it is. */
@Injectable()
export class Corrections {
  constructor(private readonly staging: StagingStore) {}

  csv(run: ImportRun): Readable {
    return Readable.from(this.lines(run));
  }

  private async *lines(run: ImportRun): AsyncGenerator<string> {
    yield BYTE_ORDER_MARK + csvOfRaw([...run.headings, ...CORRECTION_COLUMNS]);
    let after = -1;
    for (;;) {
      const rows = await this.staging.badRows(run.id, after, BATCH);
      for (const { row, raw, reasons } of rows)
        yield csvOfRaw([...run.headings.map((_, i) => raw[i] ?? null), row, reasons.join('; ')]);
      after = rows.at(-1)?.row ?? after;
      if (rows.length < BATCH) return;
    }
  }
}
