import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { ImportFiles } from './import-files.js';

/** So long a file that was checked, refused, cancelled or failed can still be applied. */
export const KEPT_DAYS = 30;
/** An upload without an import is one that is still coming, or whose server died. */
const ORPHAN_AFTER_MS = 86_400_000;
const EVERY_S = 3_600;

/**
 * Removes uploaded files that cannot be run again: of applied imports at once, of others when they have been left alone for
 * `KEPT_DAYS`. Report, changes and corrections are in the database and stay.
 */
@Injectable()
export class FileRemoval implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly jobs: JobRunner,
    private readonly files: ImportFiles,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('exchange.remove-files', EVERY_S, () => this.run(new Date()));
  }

  /** Gives how many were removed. */
  async run(now: Date): Promise<number> {
    const held = await this.files.list();
    const rows = await this.uow.reader.query<{ id: string; done: boolean }[]>(
      `select id, state in ('applied', 'undone')
                or (state in ('checked', 'refused', 'cancelled', 'failed')
                    and finished_at < $2::timestamptz - make_interval(days => $3)) as done
         from imports where id = any($1::uuid[])`,
      [held.map(({ importId }) => importId), now, KEPT_DAYS],
    );
    const done = new Map(rows.map((row) => [row.id, row.done]));
    const gone = held.filter(
      ({ importId, changedAtMs }) => done.get(importId) ?? now.getTime() - changedAtMs > ORPHAN_AFTER_MS,
    );
    for (const { importId } of gone) await this.files.discard(importId);
    return gone.length;
  }
}
