import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { type JobContext, JobRunner } from '../../common/jobs/job-runner.js';
import type { Logger } from '../../common/logging/logger.js';
import { LOGGER } from '../../common/tokens.js';
import { ApplyChanges } from './apply-changes.js';
import { FileCheck } from './check-file.js';
import type { ImportError, ImportRun } from './import.types.js';
import { ImportFiles } from './import-files.js';
import { IMPORT_JOB, ImportsStore } from './imports.store.js';
import { FileRefused } from './readers/limits.js';

/** Somebody cancelled the import, or a second job has it. */
class NotWanted extends Error {}

/** Checks an import's file and, where that was asked and nothing stands against it, applies it in one transaction. */
@Injectable()
export class ImportJob implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly jobs: JobRunner,
    private readonly store: ImportsStore,
    private readonly checking: FileCheck,
    private readonly applying: ApplyChanges,
    private readonly files: ImportFiles,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(IMPORT_JOB, (context) => this.run(context));
  }

  private async run(context: JobContext): Promise<{ importId: string; outcome: string }> {
    const { importId } = context.job.payload as { importId: string };
    const run = await this.store.get(importId);
    try {
      return { importId, outcome: await this.checkAndApply(run, context) };
    } catch (error) {
      if (error instanceof NotWanted) {
        this.logger.info({ import: importId }, 'the import is not wanted any longer');
        return { importId, outcome: 'not wanted' };
      }
      const told = tellable(error);
      if (told === undefined && (context.signal.aborted || context.job.attempts < context.job.maxAttempts))
        throw error;
      await this.move(run, context, ['queued', 'checking', 'applying'], 'failed', {
        error: told ?? INTERNAL,
      });
      if (told === undefined) throw error;
      return { importId, outcome: told.code };
    }
  }

  private async checkAndApply(run: ImportRun, context: JobContext): Promise<string> {
    await this.move(run, context, ['queued', 'checking', 'applying'], 'checking');
    const checked = await this.checking.run(run, this.files.pathOf(run.id), context.signal, (rows) =>
      context.progress(0.1, `${rows} rows checked`),
    );
    const { counts, headings, hasErrors } = checked;
    const stays = hasErrors && (run.onErrors === 'refuse' || counts.created + counts.updated === 0);
    if (run.mode === 'dry-run' || stays) {
      const end = run.mode === 'dry-run' ? 'checked' : 'refused';
      await this.move(run, context, ['checking'], end, { counts, headings });
      return end;
    }
    await this.move(run, context, ['checking'], 'applying', { counts, headings });
    const applied = await this.applying.apply(run, counts, context);
    if (!applied) throw new NotWanted();
    return 'applied';
  }

  private async move(
    run: ImportRun,
    context: JobContext,
    ...[from, to, what]: [
      Parameters<ImportsStore['move']>[2],
      Parameters<ImportsStore['move']>[3],
      Parameters<ImportsStore['move']>[4]?,
    ]
  ): Promise<void> {
    const jobId = context.job.id;
    const moved = await this.store.move({ manager: this.uow.reader }, run.id, from, to, { ...what, jobId });
    if (!moved) throw new NotWanted();
  }
}

const INTERNAL: ImportError = {
  code: 'INTERNAL',
  message: 'The import broke down each time, and nothing was written. The log has it under the job.',
  messageVi: 'Việc nhập bị lỗi ở mọi lần thử và chưa ghi gì. Chi tiết có trong nhật ký của tác vụ.',
};

/** What the person who asked can do something about. */
function tellable(error: unknown): ImportError | undefined {
  if (error instanceof FileRefused) return { code: error.code, message: error.en, messageVi: error.vi };
  if (!(error instanceof Problem)) return undefined;
  const some = error.errors?.slice(0, 5) ?? [];
  return {
    code: error.code,
    message: [error.detail.en, ...some.map(({ message }) => message)].join(' '),
    messageVi: [error.detail.vi, ...some.map(({ messageVi }) => messageVi)].join(' '),
  };
}
