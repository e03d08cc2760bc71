import { Injectable } from '@nestjs/common';
import { runInContext } from '../../common/context/request-context.js';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import type { JobContext } from '../../common/jobs/job-runner.js';
import type { ImportCounts, ImportRun } from './import.types.js';
import type { Change, Importer } from './importers/importer.js';
import { Importers } from './importers/registry.js';
import { ImportsStore } from './imports.store.js';
import { MANY_ROWS, StagingStore } from './staging.store.js';

const BATCH = 200;

/** The import was cancelled before its transaction ended. */
class Cancelled extends Error {}

/** Writes what an import would change: all of it in one transaction, with what is needed to take it back. */
@Injectable()
export class ApplyChanges {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly store: ImportsStore,
    private readonly staging: StagingStore,
    private readonly importers: Importers,
  ) {}

  /**
   * False when it was cancelled meanwhile and nothing was written. The import's id groups its changes in the audit trail,
   * under the name of whoever asked for it.
   */
  async apply(run: ImportRun, counts: ImportCounts, context: JobContext): Promise<boolean> {
    try {
      await runInContext({ correlationId: run.id, actor: run.actor }, () =>
        this.uow.run((tx) => this.write(run, counts, context, tx)),
      );
      await this.measure(run, counts);
      return true;
    } catch (error) {
      if (error instanceof Cancelled) return false;
      throw error;
    }
  }

  /**
   * What the register's plans are made by: PostgreSQL itself counts within a minute or so, and until then looks many new rows up
   * as if there were none.
   */
  private async measure(run: ImportRun, { created, updated }: ImportCounts): Promise<void> {
    const { tables = [] } = this.importers.of(run.resource);
    if (tables.length > 0 && created + updated >= MANY_ROWS)
      await this.uow.reader.query(`analyze ${tables.join(', ')}`);
  }

  private async write(run: ImportRun, counts: ImportCounts, context: JobContext, tx: Tx): Promise<void> {
    const importer = this.importers.of(run.resource);
    const total = counts.created + counts.updated;
    let done = 0;
    let undone = 0;
    for await (const batch of this.batches(importer, run.id, tx)) {
      context.signal.throwIfAborted();
      const undo = await importer.apply(batch, tx);
      await this.staging.addUndo(tx.manager, run.id, undo, undone);
      await tx.deliver();
      undone += undo.length;
      done += batch.length;
      context.progress(0.5 + (0.5 * done) / total, `${done} of ${total} rows written`);
    }
    const moved = await this.store.move(tx, run.id, ['applying'], 'applied', { jobId: context.job.id });
    if (!moved) throw new Cancelled();
  }

  /** Changes by key; those of one group are never torn apart. */
  private async *batches(importer: Importer, importId: string, tx: Tx): AsyncGenerator<Change[]> {
    const groupOf = (change: Change) => importer.groupOf?.(change.key) ?? change.key;
    let held: Change[] = [];
    let after = '';
    for (;;) {
      const page = await this.staging.changesAfter(tx.manager, importId, after, BATCH);
      const last = page.at(-1);
      if (!last) break;
      after = last.key;
      const all = [...held, ...page];
      held = all.filter((change) => groupOf(change) === groupOf(last));
      const ready = all.slice(0, all.length - held.length);
      if (ready.length > 0) yield ready;
    }
    if (held.length > 0) yield held;
  }
}
